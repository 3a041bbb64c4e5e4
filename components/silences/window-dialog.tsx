"use client";

import { useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { WindowLine } from "@/lib/silences/types.ts";
import { EverythingField } from "./everything-field.tsx";
import { MatcherEditor } from "./matcher-editor.tsx";
import { isWritten } from "./silence-draft.ts";
import { SilencePreview } from "./silence-preview.tsx";
import { TargetField } from "./target-field.tsx";
import { useSilencePreview } from "./use-silence-preview.ts";
import { draftOfWindow, freshWindow, type WindowDraft, windowOf } from "./window-draft.ts";
import { WindowTimesFields } from "./window-times-fields.tsx";

interface DialogProps {
  onClose: () => void;
  /** The one that is changed; null for a new one. */
  line: WindowLine | null;
}

/** A maintenance window while it is written, with its next occurrences and what it would silence now. */
export function WindowDialog({ onClose, line }: DialogProps) {
  const own = useTarget();
  const zone = useTimeZone();
  const { targets } = useConsole();
  const [draft, setDraft] = useState<WindowDraft>(() =>
    line ? draftOfWindow(line, Date.now(), zone) : freshWindow(own, Date.now(), zone),
  );
  const preview = useSilencePreview(draft);
  const set = useAdminAction("setMaintenanceWindow", {
    toastErrors: false,
    done: "Maintenance window saved",
  });
  const written = isWritten(draft.matchers);
  const input = windowOf(draft, line?.revision ?? 0, zone);
  const ready = input !== null && preview.confirmed;
  const change = (to: Partial<WindowDraft>) => {
    set.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  async function submit() {
    if (!input) return;
    const enabled = line?.enabled ?? true;
    if (await set.run({ ...input, enabled }, preview.phrase)) onClose();
  }
  return (
    <FormDialog
      title={line ? `Change ${line.name}` : "New maintenance window"}
      description="Work is expected in it: nobody is told of what it means. What watches integrity, guards and grants is told all the same."
      size="lg"
      verb="Save window"
      complete={ready}
      pending={set.pending}
      problem={errorWords(set.error, { fields: true })}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Name"
          value={draft.name}
          disabled={line !== null}
          maxLength={100}
          onChange={(name) => change({ name })}
        />
        {targets.length > 1 && line === null && (
          <TargetField own={own} value={draft.target} onChange={(target) => change({ target })} />
        )}
      </div>
      <WindowTimesFields draft={draft} onChange={change} />
      <MatcherEditor
        target={draft.target}
        rows={draft.matchers}
        onChange={(matchers) => change({ matchers })}
      />
      <SilencePreview read={preview.read} written={written} guarded={false} />
      {preview.everything && (
        <EverythingField when="within it" typed={preview.typed} onChange={preview.setTyped} />
      )}
    </FormDialog>
  );
}
