"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import { SelectField } from "@/components/ui/fields.tsx";
import type { AdminInput } from "@/lib/admin.ts";

type Channel = AdminInput<"recordResponse">["channel"];

const channels: [Channel, string][] = [
  ["email", "By e-mail"],
  ["post", "By post"],
  ["account", "In their account"],
  ["in_person", "In person"],
  ["phone", "By phone"],
  ["other", "Another way"],
];

/** The person was answered; the first answer counts for the month. */
export function ResponseDialog({ request, onClose }: VerbDialogProps) {
  const [channel, setChannel] = useState<Channel>("email");
  const [note, setNote] = useState("");
  return (
    <ActionDialog
      verb="recordResponse"
      title={`Record the answer to request #${request.number}`}
      button="Record the answer"
      done="The answer is on record"
      input={() => ({ ...asShown(request), channel, ...noted(note) })}
      onClose={onClose}
    >
      <p>
        Send the answer first. It says what was done, and of what was refused the ground, where they may
        complain and that a court may be asked. The page has it as a letter, for access and portability in the
        package.
      </p>
      <SelectField label="How it was sent" value={channel} onChange={setChannel} options={channels} />
      <NoteField label="Note" value={note} onChange={setNote} />
    </ActionDialog>
  );
}
