"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import type { AdminInput } from "@/lib/admin.ts";

type Method = AdminInput<"recordIdentity">["method"];
type Result = AdminInput<"recordIdentity">["result"];

const methods: [Method, string][] = [
  ["signed_in", "They asked from their signed-in account"],
  ["known_contact", "They answered from the contact that we know"],
  ["document_seen", "A document was looked at and given back"],
  ["questions_answered", "They answered questions that only they can"],
  ["representative", "A representative showed their authority"],
  ["other", "Another way"],
];

/** What was seen of who asks, by whom, and with which result; never the document. */
export function IdentityDialog({ request, onClose }: VerbDialogProps) {
  const [method, setMethod] = useState<Method>("signed_in");
  const [result, setResult] = useState<Result>("confirmed");
  const [note, setNote] = useState("");
  return (
    <ActionDialog
      verb="recordIdentity"
      title={`Record the identity check: request #${request.number}`}
      button="Record the check"
      done={result === "confirmed" ? "Identity is confirmed" : "Recorded: identity is not confirmed"}
      input={() => ({ ...asShown(request), method, result, ...noted(note) })}
      onClose={onClose}
    >
      <p>Record what you looked at and what came of it. Never keep the document, a copy or its number.</p>
      <SelectField label="How it was checked" value={method} onChange={setMethod} options={methods} />
      <div className="grid gap-1">
        <p className="text-sm font-medium text-ink">Result</p>
        <div className="flex">
          <Choice
            label="Result"
            value={result}
            onChange={setResult}
            choices={[
              ["confirmed", "Confirmed"],
              ["not_confirmed", "Not confirmed"],
            ]}
          />
        </div>
      </div>
      <NoteField label="Note" value={note} onChange={setNote} />
    </ActionDialog>
  );
}
