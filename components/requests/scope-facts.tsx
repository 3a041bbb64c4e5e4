import type { ReactNode } from "react";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import { counted } from "@/lib/words.ts";
import type { ScopePart } from "./decision-draft.ts";
import { dayWords } from "./request-words.ts";
import { basisWords, outcomeOf } from "./scope-words.ts";

/** What keeps one policy of one target, by which law, and what would become of it. */
export function ScopeFacts({ part, kind }: { part: ScopePart; kind: RequestKind }) {
  const outcome = outcomeOf(kind, part);
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2 [&_dt]:text-faint">
      <Row name="If granted">
        <StateBadge state={outcome.state}>{outcome.words}</StateBadge>
      </Row>
      <Row name="From, to">
        <Time at={part.oldest} show="moment" /> to <Time at={part.newest} show="moment" />
      </Row>
      <Row name="Basis">{basisWords(part.basis)}</Row>
      <Row name="Law">{part.legalBasis ?? "none said"}</Row>
      <Row name="Floor">
        {part.floorDays ? counted(part.floorDays, "day") : "none"}
        {part.until && `, the last ends ${dayWords(part.until.slice(0, 10))}`}
      </Row>
      {kind === "erasure" && (
        <Row name="Records">
          {formatNumber(part.free)} free, {formatNumber(part.floored)} under a floor,{" "}
          {formatNumber(part.held)} held
        </Row>
      )}
      {part.holds.map(({ number, name, events }) => (
        <Row key={number} name={`Hold #${number}`}>
          {name}: {counted(events, "event")}
        </Row>
      ))}
      {part.restricted && <Row name="Restriction">the person’s data are restricted (Art. 18)</Row>}
      {part.quarantined > 0 && <Row name="Quarantine">{counted(part.quarantined, "event")} wait there</Row>}
      {part.sharedKey && (
        <Row name="Key">
          some stand under a key that holds several policies: it goes with the last of them
        </Row>
      )}
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
