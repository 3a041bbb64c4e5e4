"use client";

import { dayWords } from "@/components/requests/request-words.ts";
import { basisWords, outcomeOf } from "@/components/requests/scope/scope-words.ts";
import { Choice } from "@/components/ui/choice.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Select } from "@/components/ui/select.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { RequestDetail } from "@/lib/requests/get-request.ts";
import type { DecisionPart } from "@/lib/requests/types.ts";
import { partKey, type ScopePart, usualGround } from "./decision-draft.ts";
import type { RequestLaw } from "./use-grounds.ts";

interface DecisionPartProps {
  part: ScopePart;
  one: DecisionPart;
  request: Pick<RequestDetail, "kind" | "regime">;
  law: RequestLaw;
  onChange: (to: Partial<DecisionPart>) => void;
}

/** One policy of one target: what was found of it, and what is decided. */
export function DecisionPartLine(props: DecisionPartProps) {
  const { part, request } = props;
  return (
    <li
      data-part={partKey(part)}
      className="grid overflow-hidden rounded-lg border border-hairline md:grid-cols-2"
    >
      <Found part={part} kind={request.kind} />
      <Decided {...props} />
    </li>
  );
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
          {formatNumber(events)}{" "}
          <span className="text-sm font-normal text-muted">{events === 1 ? "event" : "events"}</span>
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

function Decided({ part, one, request, law, onChange }: DecisionPartProps) {
  const refused = one.decision === "refuse";
  const key = partKey(part);
  const words = law.grounds.find(({ id }) => id === one.ground)?.words.en;
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
        <>
          <Select
            label={`Ground on ${key}`}
            value={one.ground ?? ""}
            onChange={(ground) => onChange({ ground })}
            options={law.grounds.map((each) => [each.id, `${each.law}: ${each.title}`])}
          />
          {words && <p className="text-sm text-muted">“{words}”</p>}
        </>
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
