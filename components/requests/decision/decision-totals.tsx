import { formatNumber } from "@/lib/client/format.ts";
import type { RequestKind } from "@/lib/request-law/kinds.ts";
import { counted } from "@/lib/words.ts";
import type { DecisionSums } from "./decision-draft.ts";

interface DecisionTotalsProps {
  sums: DecisionSums;
  kind: RequestKind;
}

/** What a decision comes to, in parts and events. */
export function DecisionTotals({ sums: { granted, later, refused }, kind }: DecisionTotalsProps) {
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
            <span className="text-sm text-muted">
              {events === 1 ? "event" : "events"} in {counted(parts, "part")}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
