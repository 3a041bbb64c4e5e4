"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { asShown, type VerbDialogProps } from "@/components/requests/verb-dialog-props.ts";
import { ActionDialog } from "@/components/ui/action-dialog.tsx";
import type { Regime } from "@/lib/request-law/regimes.ts";
import { byRegime } from "./ask-words.ts";

interface Ask {
  title: string;
  button: string;
  done: string;
  lead: string;
  /** Of the note; null: there is none. */
  label: string | null;
}

type Asks = Record<keyof typeof titles, Ask>;
const titles = {
  askIdentity: "Ask for proof of identity",
  askClarification: "Ask what they mean",
  recordClarification: "Record what they clarified",
  askFee: "Ask for a fee",
  recordFee: "Record that the fee was paid",
  acknowledgeRequest: "Record that receipt was acknowledged",
  recordWithdrawal: "Record a withdrawal",
} as const;

/** What is asked of the person, as the law that applies to the request says; only for some of it the clock stands. */
function asksOf(regime: Regime): Asks {
  const words = byRegime[regime];
  return {
    askIdentity: {
      title: titles.askIdentity,
      button: "Record that it was asked for",
      done: words.identity.done,
      lead: `Only where you have reasonable doubts about who asks${words.identity.law}, and for no more than settles them. Write to the person first; then record it here. ${words.identity.clock}`,
      label: "What was asked for",
    },
    askClarification: {
      title: titles.askClarification,
      button: "Record that it was asked",
      done: words.clarification.done,
      lead: `Only where you process a large quantity of data about them and the request does not say what it is about${words.clarification.law}. ${words.clarification.clock}`,
      label: "What was asked",
    },
    recordClarification: {
      title: titles.recordClarification,
      button: "Record it",
      done: words.clarification.given,
      lead: words.clarification.goesOn,
      label: "What they said",
    },
    askFee: {
      title: titles.askFee,
      button: "Record that it was asked for",
      done: "Recorded",
      lead: `Only where the request is manifestly unfounded or excessive${words.fee.law}. Show on what that rests. ${words.fee.clock}`,
      label: "What was asked for, and why",
    },
    recordFee: {
      title: titles.recordFee,
      button: "Record it",
      done: "Recorded",
      lead: words.fee.paid,
      label: "Note",
    },
    acknowledgeRequest: {
      title: titles.acknowledgeRequest,
      button: "Record it",
      done: "Recorded",
      lead: "The person was told that their request has arrived and how it goes on. California wants that within 10 business days.",
      label: null,
    },
    recordWithdrawal: {
      title: titles.recordWithdrawal,
      button: "Record the withdrawal",
      done: "The request is withdrawn",
      lead: "The person does not want it any more. It ends here; nothing is carried out.",
      label: "How they said so",
    },
  };
}

export type AskVerb = keyof typeof titles;

interface AskDialogProps extends VerbDialogProps {
  verb: AskVerb;
  request: VerbDialogProps["request"] & { regime: Regime };
}

/** A verb that says what happened outside and may carry a note. */
export function AskDialog({ verb, request, onClose }: AskDialogProps) {
  const [note, setNote] = useState("");
  const { title, button, done, lead, label } = asksOf(request.regime)[verb];
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
