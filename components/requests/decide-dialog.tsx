"use client";

import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Select } from "@/components/ui/select.tsx";
import { StateBadge, StateIcon } from "@/components/ui/state-badge.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { DecisionPart } from "@/lib/requests/types.ts";
import { counted } from "@/lib/words.ts";
import {
  type DecisionSums,
  partKey,
  partsOf,
  type ScopePart,
  suggestedDecision,
  sumDecision,
  usualGround,
} from "./decision-draft.ts";
import { NoteField, noted } from "./note-field.tsx";
import { asShown } from "./request-dialog.tsx";
import { dayWords } from "./request-words.ts";
import { ofConsole, requestInput } from "./requests-input.ts";
import { basisWords, outcomeOf } from "./scope-words.ts";
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
  const id = useId();
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
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!complete || decide.pending) return;
    if (await decide.run({ ...asShown(request), parts: decided, ...noted(note) })) onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Decide request #${number}`}
      description="What was found on the left, what you decide of it on the right. The person is told of every ground."
      size="full"
      locked={decide.pending}
      footer={
        <>
          <Button onClick={onClose} disabled={decide.pending}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" pending={decide.pending} disabled={!complete}>
            {verbOf(sums)}
          </Button>
        </>
      }
    >
      {/* Reading begins at the top, not at the note below. */}
      <form id={id} onSubmit={submit} data-begin tabIndex={-1} className="grid gap-5 outline-none">
        {stale.length > 0 && (
          <p className="flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
            <StateIcon state="warning" className="mt-px" />
            <span>
              <span className="font-medium">Not of what there is now:</span> {stale.join("; ")}. Close this
              and count again first.
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
                <li
                  key={key}
                  data-part={key}
                  className="grid overflow-hidden rounded-lg border border-hairline md:grid-cols-2"
                >
                  <Found part={part} kind={kind} />
                  <Decided
                    part={part}
                    one={one}
                    request={request}
                    law={law}
                    onChange={(to) => change(key, to)}
                  />
                </li>
              )
            );
          })}
        </ul>
        <Sums sums={sums} kind={kind} />
        <NoteField label="Why, for the record" value={note} onChange={setNote} />
        {decide.error && (
          <p role="alert" className="text-sm text-critical">
            {decide.error.message} {decide.error.hint}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function verbOf({ granted, refused }: DecisionSums): string {
  if (refused.parts === 0) return "Approve request";
  return granted.parts === 0 ? "Refuse request" : "Approve in part";
}

function Found({ part, kind }: { part: ScopePart; kind: RequestDetail["kind"] }) {
  const { policy, target, events, legalBasis, basis, floorDays } = part;
  const outcome = outcomeOf(kind, part);
  return (
    <div className="grid content-start gap-1.5 p-4">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-base font-medium">{policy}</span>
        <span className="text-sm text-muted">on {target}</span>
        <span className="ml-auto font-semibold tabular-nums">
          {formatNumber(events)} <span className="text-sm font-normal text-muted">events</span>
        </span>
      </p>
      <p className="text-sm text-muted">
        {basisWords(basis)}
        {legalBasis && `; ${legalBasis}`}
        {floorDays !== null &&
          floorDays > 0 &&
          `; floor of ${formatNumber(floorDays)} ${floorDays === 1 ? "day" : "days"}`}
      </p>
      <p>
        <StateBadge state={outcome.state}>{outcome.words}</StateBadge>
      </p>
    </div>
  );
}

interface DecidedProps {
  part: ScopePart;
  one: DecisionPart;
  request: Pick<RequestDetail, "kind" | "regime">;
  law: RequestLaw;
  onChange: (to: Partial<DecisionPart>) => void;
}

function Decided({ part, one, request, law, onChange }: DecidedProps) {
  const refused = one.decision === "refuse";
  const key = partKey(part);
  return (
    <div
      className={cn(
        "grid content-start gap-2 border-t border-hairline p-4 md:border-t-0 md:border-l",
        refused ? "bg-warning-soft/40" : "bg-inset/50",
      )}
    >
      <div className="flex">
        <Choice
          label={`Decision on ${key}`}
          value={one.decision}
          onChange={(decision) =>
            onChange({
              decision,
              ground: decision === "refuse" ? usualGround(request.kind, law, part) : null,
            })
          }
          choices={[
            ["grant", "Grant"],
            ["refuse", "Refuse"],
          ]}
        />
      </div>
      {refused ? (
        <Select
          label={`Ground on ${key}`}
          value={one.ground ?? ""}
          onChange={(ground) => onChange({ ground })}
          options={law.grounds.map((each) => [each.id, `${each.law}: ${each.title}`])}
        />
      ) : (
        <p className="text-sm text-muted">{grantedWords(request.kind, part)}</p>
      )}
    </div>
  );
}

function grantedWords(kind: RequestDetail["kind"], { outcome, until, sharedKey }: ScopePart): string {
  if (kind !== "erasure") return "It goes into the package for the person.";
  const shared = sharedKey
    ? " Some of it stands under a key that holds several policies: it is destroyed when the last of them may go."
    : "";
  if (outcome === "erasable") return `Its key is destroyed when the request is carried out.${shared}`;
  if (outcome === "floor")
    return `It stays until ${until ? dayWords(until.slice(0, 10)) : "its floor ends"}; then its key is destroyed by itself, with a supplement to the certificate.${shared}`;
  return `It stays as long as it is held; then its key is destroyed by itself, with a supplement to the certificate.${shared}`;
}

function Sums({
  sums: { granted, later, refused },
  kind,
}: {
  sums: DecisionSums;
  kind: RequestDetail["kind"];
}) {
  const erasure = kind === "erasure";
  const now = { parts: granted.parts - later.parts, events: granted.events - later.events };
  const rows: [string, { parts: number; events: number }][] = erasure
    ? [
        ["Erased at once", now],
        ["Kept for now, erased later", later],
        ["Refused", refused],
      ]
    : [
        ["Handed out", granted],
        ["Refused", refused],
      ];
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3 rounded-lg bg-inset px-4 py-3" data-sums>
      {rows.map(([name, { parts, events }]) => (
        <div key={name}>
          <dt className="text-sm text-muted">{name}</dt>
          <dd>
            <span className="text-lg font-semibold tabular-nums">{formatNumber(events)}</span>{" "}
            <span className="text-sm text-muted">events in {counted(parts, "part")}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
