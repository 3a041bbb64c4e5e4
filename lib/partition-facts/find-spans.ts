import { compareOrdinals, isInfinite, type Ordinal, toIso, toMicros } from "./bound-values.ts";
import type { LaneAxis, LaneSpan } from "./types.ts";

/** A partition's range by value, one ordinal a key column. */
export interface Range {
  name: string;
  from: Ordinal[];
  to: Ordinal[];
}

/** Gaps and overlaps between ranges, compared by value. Ranges may come in any order; open ends are not gaps. */
export function findSpans(
  ranges: readonly Range[],
  axis: LaneAxis,
): { gaps: LaneSpan[]; overlaps: LaneSpan[] } {
  const gaps: LaneSpan[] = [];
  const overlaps: LaneSpan[] = [];
  const sorted = ranges.toSorted((a, b) => compareOrdinals(a.from, b.from) || compareOrdinals(a.to, b.to));
  let reach = sorted[0];
  for (const next of sorted.slice(1)) {
    if (!reach) break;
    const order = compareOrdinals(reach.to, next.from);
    if (order < 0) gaps.push(span(reach.to, next.from, axis, reach.name, next.name));
    if (order > 0) {
      const end = compareOrdinals(reach.to, next.to) < 0 ? reach.to : next.to;
      overlaps.push(span(next.from, end, axis, reach.name, next.name));
    }
    if (compareOrdinals(next.to, reach.to) > 0) reach = next;
  }
  return { gaps, overlaps };
}

function span(from: Ordinal[], to: Ordinal[], axis: LaneAxis, before: string, after: string): LaneSpan {
  return { from: print(from, axis), to: print(to, axis), between: [before, after] };
}

function print(bound: Ordinal[], axis: LaneAxis): string {
  const first = bound[0] ?? "";
  const iso = toIso(toMicros(first, axis));
  if (iso && bound.length === 1) return iso;
  const column = (value: Ordinal) => {
    if (typeof value === "string") return value;
    if (isInfinite(value)) return value < 0n ? "MINVALUE" : "MAXVALUE";
    return value.toString();
  };
  return [iso ?? column(first), ...bound.slice(1).map(column)].join(", ");
}
