import { momentInWords } from "../words.ts";
import { type Bound, type BoundValue, compareBounds } from "./bound-values.ts";
import { hasClock, toIso, toMicros } from "./lane-axis.ts";
import type { Range, Reach } from "./measure-reach.ts";
import type { LaneAxis, LaneSpan } from "./types.ts";

/** Stretches between a lane's partitions that none of them covers. What lies before the first and behind the last is no gap. */
export function findGaps({ covered, missing }: Reach, axis: LaneAxis): LaneSpan[] {
  const first = extreme(covered, (a, b) => compareBounds(a.from, b.from) < 0)?.from;
  const last = extreme(covered, (a, b) => compareBounds(a.to, b.to) > 0)?.to;
  if (!first || !last) return [];
  return missing
    .filter(({ from, to }) => compareBounds(first, from) < 0 && compareBounds(to, last) < 0)
    .map(({ from, to, caughtBy, path }) => {
      const before = extreme(
        covered.filter((range) => compareBounds(range.to, from) <= 0),
        (a, b) => compareBounds(a.to, b.to) > 0,
      );
      const after = extreme(
        covered.filter((range) => compareBounds(range.from, to) >= 0),
        (a, b) => compareBounds(a.from, b.from) < 0,
      );
      return toSpan(from, to, axis, [before?.name ?? "", after?.name ?? ""], { caughtBy, path });
    });
}

/** Stretches that two partitions claim: the server forbids it, so only a catalogue that was altered by hand has one. */
export function findOverlaps({ overlaps }: Reach, axis: LaneAxis): LaneSpan[] {
  return overlaps.map(({ from, to, between }) => toSpan(from, to, axis, between));
}

function extreme(ranges: readonly Range[], isBetter: (a: Range, b: Range) => boolean): Range | undefined {
  return ranges.reduce<Range | undefined>(
    (best, range) => (!best || isBetter(range, best) ? range : best),
    undefined,
  );
}

function toSpan(
  from: Bound,
  to: Bound,
  axis: LaneAxis,
  between: [string, string],
  { caughtBy = null, path = [] }: { caughtBy?: string | null; path?: string[] } = {},
): LaneSpan {
  const iso = (bound: Bound) => (bound[0] ? toIso(toMicros(bound[0], axis)) : null);
  const zone = hasClock(axis) ? " UTC" : "";
  return {
    from: iso(from),
    to: iso(to),
    id: [identify(from, axis), ...path].join(" "),
    words: `${boundInWords(from, axis)} to ${boundInWords(to, axis)}${zone}`,
    ...endsOf(from, to),
    between,
    caughtBy,
    path: path.join(" / "),
  };
}

function endsOf([from, ...below]: Bound, [to, ...beyond]: Bound): Pick<LaneSpan, "ends"> {
  if (!from || !to || below.length > 0 || beyond.length > 0) return {};
  return { ends: { from: from.text, to: to.text } };
}

function identify(bound: Bound, axis: LaneAxis): string {
  const first = bound[0] && toIso(toMicros(bound[0], axis));
  return bound.map(({ text }, i) => (i === 0 && first ? first : text)).join(", ");
}

/** An end in the key's own units: a moment in UTC, an id as an id; the columns of several in brackets. */
export function boundInWords(bound: Bound, axis: LaneAxis): string {
  const words = bound.map((value, i) => (i === 0 ? valueInWords(value, axis) : value.text));
  return words.length === 1 ? (words[0] ?? "") : `(${words.join(", ")})`;
}

/** Years that take more than four digits stand as the server prints them. */
function valueInWords(value: BoundValue, axis: LaneAxis): string {
  const iso = toIso(toMicros(value, axis));
  return iso && /^\d/.test(iso) ? momentInWords(iso) : value.text;
}
