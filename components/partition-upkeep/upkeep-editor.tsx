"use client";

import { type FormEvent, useId, useMemo, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
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
  const id = useId();
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
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!sound || set.pending) return;
    const saved = await set.run({ target, table, ...ruleOf(draft) });
    if (saved) onOpenChange(false);
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      locked={set.pending}
      size="lg"
      title={`${rule ? "Change" : "Set up"} upkeep of ${nameRelation(table)}`}
      description="Partitions are made ahead by the clock. Saved, the rule is a proposal: nothing runs until it is approved."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)} disabled={set.pending}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" pending={set.pending}>
            Propose upkeep
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="grid gap-5">
        <RuleFields
          draft={draft}
          problems={problems}
          learned={preview.data?.cut ?? null}
          onChange={(change) => setDraft((last) => ({ ...last, ...change }))}
        />
        {set.error && (
          <p role="alert" className="text-sm text-critical">
            {set.error.message} {Object.values(set.error.fields ?? {}).join(" ")} {set.error.hint}
          </p>
        )}
        <UpkeepPreview table={table} rule={asked} />
      </form>
    </Dialog>
  );
}
