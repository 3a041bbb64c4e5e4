"use client";

import { useDeferredValue, useId, useMemo, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { WindowLine } from "@/lib/silences/types.ts";
import { MatcherEditor } from "./matcher-editor.tsx";
import { isWritten, matchersOf } from "./silence-draft.ts";
import { SilencePreview } from "./silence-preview.tsx";
import { draftOfWindow, freshWindow, type WindowDraft, windowOf } from "./window-draft.ts";
import { WindowTimesFields } from "./window-times-fields.tsx";

const everythingPhrase = "silence everything";

interface DialogProps {
  onClose: () => void;
  /** The one that is changed; null for a new one. */
  line: WindowLine | null;
}

/** A maintenance window while it is written, with its next occurrences and what it would silence now. */
export function WindowDialog({ onClose, line }: DialogProps) {
  const id = useId();
  const own = useTarget();
  const zone = useTimeZone();
  const { targets } = useConsole();
  const [draft, setDraft] = useState<WindowDraft>(() =>
    line ? draftOfWindow(line, Date.now(), zone) : freshWindow(own, Date.now(), zone),
  );
  const [typed, setTyped] = useState("");
  const set = useAdminAction("setMaintenanceWindow", {
    toastErrors: false,
    done: "Maintenance window saved",
  });
  const asked = useDeferredValue(draft);
  const scope = useMemo(
    () => ({ target: asked.target, matchers: matchersOf(asked.matchers) }),
    [asked.target, asked.matchers],
  );
  const written = isWritten(draft.matchers);
  const preview = useRead("silencePreview", scope, { polled: false, enabled: isWritten(asked.matchers) });
  const everything = preview.data?.everything ?? false;
  const input = windowOf(draft, line?.revision ?? 0, zone);
  const ready = input !== null && (!everything || typed === everythingPhrase);
  const change = (to: Partial<WindowDraft>) => {
    set.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  async function submit() {
    if (!input) return;
    const enabled = line?.enabled ?? true;
    if (await set.run({ ...input, enabled }, everything ? typed : undefined)) onClose();
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
        <Field label="Name" htmlFor={`${id}-name`}>
          <Input
            id={`${id}-name`}
            value={draft.name}
            disabled={line !== null}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        {targets.length > 1 && line === null && (
          <Field label="On" htmlFor={`${id}-target`}>
            <Select
              id={`${id}-target`}
              label="On"
              value={draft.target}
              onChange={(target) => change({ target })}
              options={[
                [own, own],
                ["*", "every target"],
              ]}
            />
          </Field>
        )}
      </div>
      <WindowTimesFields draft={draft} onChange={change} />
      <MatcherEditor
        target={draft.target}
        rows={draft.matchers}
        onChange={(matchers) => change({ matchers })}
      />
      <SilencePreview read={preview} written={written} guarded={false} />
      {everything && (
        <Field
          label={`Type “${everythingPhrase}” to confirm: nothing at all is told within it`}
          htmlFor={`${id}-typed`}
        >
          <Input
            id={`${id}-typed`}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}
