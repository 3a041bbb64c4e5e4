"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";

/** What is asked of the person; for some of it the clock stands. */
const asks = {
  askIdentity: {
    title: "Ask for proof of identity",
    button: "Record that it was asked for",
    done: "The clock is paused until identity is confirmed",
    lead: "Only where you have reasonable doubts about who asks (Art. 12(6)), and for no more than settles them. Write to the person first; then record it here. The clock is paused until you record what you saw.",
    label: "What was asked for",
  },
  askClarification: {
    title: "Ask what they mean",
    button: "Record that it was asked",
    done: "Recorded: the clock is paused while they clarify",
    lead: "Only where you process a large quantity of data about them and the request does not say what it is about (Recital 63). The clock is paused until they answer, or until you go on without.",
    label: "What was asked",
  },
  recordClarification: {
    title: "Record what they clarified",
    button: "Record it",
    done: "Recorded: the clock runs on",
    lead: "The clock runs on from now; the due day moves by the days that it was paused.",
    label: "What they said",
  },
  askFee: {
    title: "Ask for a fee",
    button: "Record that it was asked for",
    done: "Recorded",
    lead: "Only where the request is manifestly unfounded or excessive (Art. 12(5)(a)). Show on what that rests.",
    label: "What was asked for, and why",
  },
  recordFee: {
    title: "Record that the fee was paid",
    button: "Record it",
    done: "Recorded",
    lead: "Under the UK GDPR the month begins with it.",
    label: "Note",
  },
  acknowledgeRequest: {
    title: "Record that receipt was acknowledged",
    button: "Record it",
    done: "Recorded",
    lead: "The person was told that their request has arrived and how it goes on. California wants that within 10 business days.",
    label: null,
  },
  recordWithdrawal: {
    title: "Record a withdrawal",
    button: "Record the withdrawal",
    done: "The request is withdrawn",
    lead: "The person does not want it any more. It ends here; nothing is carried out.",
    label: "How they said so",
  },
} as const;

export type AskVerb = keyof typeof asks;

/** A verb that says what happened outside and may carry a note. */
export function AskDialog({ verb, request, onClose }: VerbDialogProps & { verb: AskVerb }) {
  const [note, setNote] = useState("");
  const { title, button, done, lead, label } = asks[verb];
  return (
    <ActionDialog
      verb={verb}
      title={`${title}: request #${request.number}`}
      button={button}
      done={done}
      dangerous={verb === "recordWithdrawal"}
      input={() => ({ ...asShown(request), ...(label !== null && noted(note)) })}
      onClose={onClose}
    >
      <p>{lead}</p>
      {label !== null && <NoteField label={label} value={note} onChange={setNote} />}
    </ActionDialog>
  );
}
