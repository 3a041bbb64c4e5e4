import type { ScopePart } from "@/components/requests/decision/decision-draft.ts";
import { dayWords } from "@/components/requests/request-words.ts";
import { Fact } from "@/components/ui/fact.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import { counted } from "@/lib/words.ts";
import { basisWords, outcomeOf } from "./scope-words.ts";

/** What keeps one policy of one target, by which law, and what would become of it. */
export function ScopeFacts({ part, kind }: { part: ScopePart; kind: RequestKind }) {
  const outcome = outcomeOf(kind, part);
  return (
    <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 gap-y-2 [&_dt]:text-faint">
      <Fact name="If granted">
        <StateBadge state={outcome.state}>{outcome.words}</StateBadge>
      </Fact>
      <Fact name="From, to">
        <Time at={part.oldest} show="moment" /> to <Time at={part.newest} show="moment" />
      </Fact>
      <Fact name="Basis">{basisWords(part.basis)}</Fact>
      <Fact name="Law">{part.legalBasis ?? "none said"}</Fact>
      <Fact name="Floor">
        {part.floorDays ? `${formatNumber(part.floorDays)} ${part.floorDays === 1 ? "day" : "days"}` : "none"}
        {part.until && `, the last ends ${dayWords(part.until.slice(0, 10))}`}
      </Fact>
      {kind === "erasure" && (
        <Fact name="Records">
          {formatNumber(part.free)} free, {formatNumber(part.floored)} under a floor,{" "}
          {formatNumber(part.held)} held
        </Fact>
      )}
      {part.holds.map(({ number, name, events }) => (
        <Fact key={number} name={`Hold #${number}`}>
          {name}: {counted(events, "event")}
        </Fact>
      ))}
      {part.restricted && <Fact name="Restriction">the person's data are restricted (Art. 18)</Fact>}
      {part.quarantined > 0 && <Fact name="Quarantine">{counted(part.quarantined, "event")} wait there</Fact>}
      {part.sharedKey && (
        <Fact name="Key">
          some stand under a key that holds several policies: it goes with the last of them
        </Fact>
      )}
    </dl>
  );
}
