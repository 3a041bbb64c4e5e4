"use client";

import { useId, useState } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { TextField } from "@/components/ui/fields.tsx";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { Field, Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { Matcher } from "@/lib/alerting/matcher.ts";
import { errorWords } from "@/lib/client/error-words.ts";
import { toInputValue } from "@/lib/client/input-time.ts";
import { roleReaches } from "@/lib/client/roles.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useTargetOrNull } from "@/lib/client/use-target.ts";
import { counted } from "@/lib/words.ts";
import { EverythingField } from "./everything-field.tsx";
import { MatcherEditor } from "./matcher-editor.tsx";
import {
  endOptions,
  guardedEnds,
  guardedSilenceOf,
  isWritten,
  type SilenceDraft,
  silenceOf,
} from "./silence-draft.ts";
import { SilencePreview } from "./silence-preview.tsx";
import { TargetField } from "./target-field.tsx";
import { useSilencePreview } from "./use-silence-preview.ts";

interface DialogProps {
  onClose: () => void;
  /** What it begins with, e.g. those of an incident. */
  matchers?: readonly Matcher[];
  /** The incident it is made for: it can last until that resolves. */
  incident?: { id: string; number: number };
  /** Where it is set at first; the page's target unless given. */
  target?: string;
  title?: string;
  /** Begins as one that a second administrator agrees on, where whoever writes it is one. */
  guarded?: boolean;
}

/** A silence while it is written, with what it would silence now beside it. */
export function SilenceDialog({ onClose, matchers = [], incident, ...begins }: DialogProps) {
  const id = useId();
  const { targets, person } = useConsole();
  const here = useTargetOrNull();
  const own = begins.target ?? here ?? "*";
  const zone = useTimeZone();
  const [draft, setDraft] = useState<SilenceDraft>(() => ({
    target: own,
    matchers: (matchers.length > 0 ? matchers : [{ label: "check", is: "=", value: "" } as const]).map(
      (matcher, key) => ({ ...matcher, key }),
    ),
    reason: "",
    end: incident ? "resolved" : "60",
    at: toInputValue(Date.now() + 8 * 3_600_000, zone),
    guarded: begins.guarded === true && roleReaches(person.role, "admin"),
  }));
  const preview = useSilencePreview(draft);
  const change = (to: Partial<SilenceDraft>) => {
    create.clearError();
    guard.clearError();
    setDraft((last) => ({ ...last, ...to }));
  };
  const written = isWritten(draft.matchers);
  const create = useAdminAction("createSilence", {
    toastErrors: false,
    done: ({ alerts }) => (alerts > 0 ? `Silenced ${counted(alerts, "alert")}` : "Silence set"),
  });
  const guard = useAdminAction("createGuardedSilence", { toastErrors: false });
  const pending = create.pending || guard.pending;
  const error = create.error ?? guard.error;
  const input = silenceOf(draft, incident ?? null, zone);
  const guardedInput = guardedSilenceOf(draft, incident ?? null, zone);
  const ready = (draft.guarded ? guardedInput : input) !== null && preview.confirmed;
  async function submit() {
    const { phrase } = preview;
    const made =
      draft.guarded && guardedInput
        ? await guard.run(guardedInput, phrase)
        : input && (await create.run(input, phrase));
    if (made) onClose();
  }
  const ends = [
    ...(incident ? [["resolved", `when #${incident.number} resolves`] as const] : []),
    ...endOptions,
  ].filter(([end]) => !draft.guarded || guardedEnds.includes(end));
  const problem = (field: string) => {
    const found = error?.fields?.[field];
    return found ? { problem: found } : {};
  };
  return (
    <FormDialog
      title={begins.title ?? (incident ? `Silence #${incident.number}` : "New silence")}
      description="Nobody is told of what it means while it lasts. Alerts stay in the inbox, marked as silenced."
      size="lg"
      verb={draft.guarded ? "Ask a second administrator" : "Silence"}
      complete={ready}
      pending={pending}
      problem={Object.keys(error?.fields ?? {}).length === 0 && errorWords(error)}
      noValidate
      onSubmit={submit}
      onClose={onClose}
    >
      {targets.length > 1 && (
        <TargetField own={own} value={draft.target} onChange={(target) => change({ target })} />
      )}
      <MatcherEditor
        target={draft.target}
        rows={draft.matchers}
        onChange={(rows) => change({ matchers: rows })}
      />
      <SilencePreview read={preview.read} written={written} guarded={draft.guarded} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Ends" htmlFor={`${id}-end`} {...problem("endsAt")}>
          <span className="flex flex-wrap gap-2">
            <Select
              id={`${id}-end`}
              label="Ends"
              value={draft.end}
              onChange={(end) => change({ end })}
              options={ends}
            />
            {draft.end === "at" && (
              <Input
                type="datetime-local"
                aria-label={`Ends at, ${zone === "utc" ? "UTC" : "local time"}`}
                value={draft.at}
                onChange={(event) => change({ at: event.target.value })}
                className="w-52"
              />
            )}
          </span>
        </Field>
        <TextField
          label="Reason"
          hint="Who looks at it later reads this: name the ticket."
          {...problem("reason")}
          value={draft.reason}
          maxLength={500}
          required
          onChange={(reason) => change({ reason })}
        />
      </div>
      {(preview.read.data?.guardedChecks.length ?? 0) > 0 && roleReaches(person.role, "admin") && (
        <Checkbox
          label="Silence these guarded checks as well: a second administrator approves it, for a day at most"
          checked={draft.guarded}
          onChange={(guarded) =>
            change({ guarded, ...(guarded && !guardedEnds.includes(draft.end) && { end: "240" as const }) })
          }
        />
      )}
      {preview.everything && (
        <EverythingField
          when="while it lasts"
          typed={preview.typed}
          onChange={preview.setTyped}
          {...problem("confirmation")}
        />
      )}
    </FormDialog>
  );
}
