"use client";

import { useState } from "react";
import { NoteField, noted } from "@/components/requests/note-field.tsx";
import { ofConsole, requestInput } from "@/components/requests/requests-input.ts";
import { asShown } from "@/components/requests/verb-dialog-props.ts";
import { FormDialog } from "@/components/ui/form-dialog.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import { errorWords } from "@/lib/client/error-words.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { DecisionPart } from "@/lib/requests/types.ts";
import { type DecisionSums, partKey, partsOf, suggestedDecision, sumDecision } from "./decision-draft.ts";
import { DecisionPartLine } from "./decision-part.tsx";
import { DecisionTotals } from "./decision-totals.tsx";
import { type RequestLaw, useGrounds } from "./use-grounds.ts";

interface DecideDialogProps {
  request: RequestDetail;
  onClose: () => void;
}

/** The decision beside what it decides on: each part of the scope granted, or refused with its ground. */
export function DecideDialog({ request, onClose }: DecideDialogProps) {
  const { law } = useGrounds(request);
  return law ? <Decide request={request} law={law} onClose={onClose} /> : null;
}

function Decide({ request, law, onClose }: DecideDialogProps & { law: RequestLaw }) {
  const { number, kind, scope } = request;
  const parts = partsOf(scope?.targets ?? []);
  const [decided, setDecided] = useState(() => suggestedDecision(kind, law, parts));
  const [note, setNote] = useState("");
  const { data: now } = useRead("requestScope", requestInput(number), ofConsole);
  const stale = now?.fresh === false ? now.stale : [];
  const decide = useAdminAction("decideRequest", {
    toastErrors: false,
    done: ({ state }) =>
      state === "refused" ? `Request #${number} is refused` : `Request #${number} is decided`,
  });
  const change = (key: string, to: Partial<DecisionPart>) => {
    decide.clearError();
    setDecided((last) => last.map((one) => (partKey(one) === key ? { ...one, ...to } : one)));
  };
  const sums = sumDecision(parts, decided);
  const complete =
    stale.length === 0 && decided.every(({ decision, ground }) => decision === "grant" || ground !== null);
  async function submit() {
    if (await decide.run({ ...asShown(request), parts: decided, ...noted(note) })) onClose();
  }
  return (
    <FormDialog
      title={`Decide request #${number}`}
      description="What was found of each policy, and what you decide of it. The person is told of every ground."
      size="full"
      verb={verbOf(sums)}
      complete={complete}
      pending={decide.pending}
      problem={errorWords(decide.error)}
      wide
      beginAtTop
      onSubmit={submit}
      onClose={onClose}
    >
      {stale.length > 0 && (
        <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          <StateIcon state="warning" className="mt-px" />
          <span>
            <span className="font-medium">Not of what there is now:</span> {stale.join("; ")}. Close this and
            count again first.
          </span>
        </p>
      )}
      {parts.length === 0 && (
        <p className="text-base">
          Nothing of this person was found. Granting it closes the way: there is nothing to{" "}
          {kind === "erasure" ? "erase" : "hand out"}, and the answer says so.
        </p>
      )}
      <ul className="grid gap-3">
        {parts.map((part) => {
          const key = partKey(part);
          const one = decided.find((each) => partKey(each) === key);
          return (
            one && (
              <DecisionPartLine
                key={key}
                part={part}
                one={one}
                request={request}
                law={law}
                onChange={(to) => change(key, to)}
              />
            )
          );
        })}
      </ul>
      <DecisionTotals sums={sums} kind={kind} />
      <NoteField label="Why, for the record" value={note} onChange={setNote} />
    </FormDialog>
  );
}

function verbOf({ granted, refused }: DecisionSums): string {
  if (refused.parts === 0) return "Approve request";
  return granted.parts === 0 ? "Refuse request" : "Approve in part";
}
