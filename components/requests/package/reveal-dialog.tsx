"use client";

import { useState } from "react";
import { NoteField } from "@/components/requests/note-field.tsx";
import type { VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { SelectField, TextAreaField } from "@/components/ui/fields.tsx";

interface RevealDialogProps extends VerbDialogProps {
  request: VerbDialogProps["request"] & { targets: string[] };
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const mostEvents = 100;

/** Shows other people unmasked in named events of a package, for a reason on record. */
export function RevealDialog({ request: { number, targets }, onClose }: RevealDialogProps) {
  const all = useConsole().targets.map(({ name }) => name);
  const names = targets.length > 0 ? targets : all;
  const [target, setTarget] = useState(names[0] ?? "");
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const events = [...new Set(typed.split(/[\s,]+/).filter(Boolean))];
  return (
    <ActionDialog
      verb="revealOthers"
      title={`Show others in events of request #${number}`}
      button="Show others"
      done="Others are shown in these events of the next package"
      complete={target !== "" && events.length > 0 && reason.trim() !== ""}
      fields={["events", "reason"]}
      check={() => checkEvents(events)}
      input={() => ({ request: number, target, events, reason: reason.trim() })}
      onClose={onClose}
    >
      {(problemAt) => (
        <>
          <p>
            Other people are masked in the package. In these events they are not: weigh the person's interest
            against theirs first (Art. 15(4)). A package that is already made stays as it is; make it again
            afterwards.
          </p>
          <SelectField
            label="Target"
            value={target}
            onChange={setTarget}
            options={names.map((name) => [name, name])}
          />
          <TextAreaField
            label="Ids of the events"
            hint="One a line, 100 at most; “What there is” lists some at each policy."
            {...problemAt("events")}
            rows={3}
            className="font-mono"
            value={typed}
            onChange={setTyped}
          />
          <NoteField label="Why" value={reason} onChange={setReason} {...problemAt("reason")} />
        </>
      )}
    </ActionDialog>
  );
}

function checkEvents(events: readonly string[]): { events: string } | null {
  const wrong = events.find((id) => !uuid.test(id));
  if (wrong !== undefined) return { events: `No id of an event: ${wrong}` };
  if (events.length <= mostEvents) return null;
  return { events: `${events.length} events; ${mostEvents} at most at a time.` };
}
