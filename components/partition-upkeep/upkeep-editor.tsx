"use client";

import { useMemo, useState } from "react";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Problem } from "@/components/ui/problem.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { draftOf, draftProblems, freshDraft, type RuleDraft, ruleOf } from "./rule-draft.ts";
import { RuleFields } from "./rule-fields.tsx";
import { UpkeepPreview, useUpkeepPreview } from "./upkeep-preview.tsx";
import { useSettled } from "./use-settled.ts";

interface UpkeepEditorProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  table: { schema: string; name: string };
  /** The rule that is changed; null for a new one. */
  rule: Upkeep | null;
}

/** A table's rule while it is written, with the next five runs beside it. Saved it is proposed: nothing runs yet. */
export function UpkeepEditor({ open, onOpenChange, table, rule }: UpkeepEditorProps) {
  const target = useTarget();
  const [draft, setDraft] = useState<RuleDraft>(() => (rule ? draftOf(rule) : freshDraft));
  const set = useAdminAction("setUpkeep", {
    done: `Upkeep of ${nameRelation(table)} proposed`,
    toastErrors: false,
  });
  const problems = draftProblems(draft);
  const sound = Object.keys(problems).length === 0;
  const previewed = useSettled(draft);
  const asked = useMemo(
    () => (Object.keys(draftProblems(previewed)).length === 0 ? ruleOf(previewed) : null),
    [previewed],
  );
  const preview = useUpkeepPreview(table, asked);
  async function submit() {
    if (!sound) return;
    const saved = await set.run({ target, table, ...ruleOf(draft) });
    if (saved) onOpenChange(false);
  }
  return (
    <FormDialog
      open={open}
      size="lg"
      title={`${rule ? "Change" : "Set up"} upkeep of ${nameRelation(table)}`}
      description="Partitions are made ahead by the clock. Saved, the rule is a proposal: nothing runs until it is approved."
      verb="Propose upkeep"
      pending={set.pending}
      noValidate
      wide
      onSubmit={submit}
      onClose={() => onOpenChange(false)}
    >
      <RuleFields
        draft={draft}
        problems={problems}
        learned={preview.data?.cut ?? null}
        onChange={(change) => setDraft((last) => ({ ...last, ...change }))}
      />
      <Problem>{errorWords(set.error, { fields: true })}</Problem>
      <UpkeepPreview table={table} rule={asked} />
    </FormDialog>
  );
}
