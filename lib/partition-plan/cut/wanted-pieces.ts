import type { Sql } from "postgres";
import { cutAt, cutIndex, cutStretch } from "../../audit-db/schema/calendar-cut.ts";
import { type Bound, type BoundValue, isEndless, parseInstant } from "../../partition-facts/bound-values.ts";
import type { KeyCodec } from "./key-codec.ts";
import type { Line } from "./learn-line.ts";
import { intersect, type KeyRange, uncoveredOf } from "./uncovered.ts";
import { toInstants, toWalls } from "./zone-clock.ts";

const mostPieces = 2_000;
const milli = 1_000n;

/** An end as a bound of the key's first column. */
export function boundAt(codec: KeyCodec, point: bigint): BoundValue | null {
  const text = codec.encode(point);
  return text === null ? null : { order: point, text };
}

/**
 * The pieces from the one that holds a moment (or number) to the one so many after it, each cut down to what is not
 * covered yet.
 * @returns a problem in words where the key holds no such value
 */
export async function piecesAhead(
  sql: Sql,
  line: Line,
  ranges: readonly KeyRange[],
  { now, ahead }: { now: bigint; ahead: number },
): Promise<KeyRange[] | { problem: string }> {
  const [present = now] = line.codec.line === "instant" ? await toWalls(sql, line.timeZone, [now]) : [now];
  const first = cutIndex(line.cut, present);
  const walls = Array.from({ length: ahead + 2 }, (_, i) => cutAt(line.cut, first + BigInt(i)));
  const bounds = await toBounds(sql, line, walls);
  if ("problem" in bounds) return bounds;
  return bounds.slice(1).flatMap((to, i) => {
    const from = bounds[i] as Bound;
    // A change of clocks may leave nothing of an hour.
    return (from[0]?.order ?? 0n) < (to[0]?.order ?? 0n) ? uncoveredOf(ranges, { from, to }) : [];
  });
}

/** What is not covered between two ends, cut where the calendar cuts it; what is left at its ends as one piece each. */
export async function piecesBetween(
  sql: Sql,
  line: Line,
  ranges: readonly KeyRange[],
  between: { from: string; to: string },
): Promise<KeyRange[] | { problem: string }> {
  const [from, to] = [readEnd(line.codec, between.from), readEnd(line.codec, between.to)];
  if (from === null || to === null)
    return {
      problem: `${from === null ? between.from : between.to} is no value of the key (${line.codec.spec}), and no ISO 8601 time.`,
    };
  if (from >= to) return { problem: `${between.from} does not lie before ${between.to}.` };
  const whole = { from: [{ order: from, text: "" }], to: [{ order: to, text: "" }] };
  const pieces: KeyRange[] = [];
  for (const gap of gapsWithin(ranges, whole, line.codec.line === "number" ? 1n : milli)) {
    const cut = await cutGap(sql, line, gap);
    if ("problem" in cut) return cut;
    pieces.push(...cut);
    if (pieces.length > mostPieces)
      return {
        problem: `That is more than ${mostPieces} partitions: ask for a part of it, or for a larger interval.`,
      };
  }
  return pieces;
}

/** The gaps that the stretch names, to their own ends where the stretch says them to the millisecond, or without their further columns. */
function gapsWithin(ranges: readonly KeyRange[], wanted: KeyRange, tolerance: bigint): KeyRange[] {
  const all = uncoveredOf(ranges, {
    from: [{ order: -(2n ** 100n), text: "" }],
    to: [{ order: 2n ** 100n, text: "" }],
  });
  const near = (a: Bound, b: Bound) => {
    const difference = (a[0]?.order ?? 0n) - (b[0]?.order ?? 0n);
    return difference >= 0n && difference < tolerance;
  };
  return all.flatMap((gap) => {
    const found = intersect(gap, wanted);
    if (!found) return [];
    return [
      {
        from: near(gap.from, wanted.from) ? gap.from : found.from,
        to: near(gap.to, wanted.to) ? gap.to : found.to,
      },
    ];
  });
}

/** A gap cut where the calendar cuts it; ends that came as bare points are named by their values. */
export async function cutGap(sql: Sql, line: Line, gap: KeyRange): Promise<KeyRange[] | { problem: string }> {
  const ends = [gap.from[0]?.order ?? 0n, gap.to[0]?.order ?? 0n];
  const [from = 0n, to = 0n] = line.codec.line === "instant" ? await toWalls(sql, line.timeZone, ends) : ends;
  if (cutIndex(line.cut, to) - cutIndex(line.cut, from) > BigInt(mostPieces))
    return {
      problem: `That is more than ${mostPieces} partitions: ask for a part of it, or for a larger interval.`,
    };
  const points = cutStretch(line.cut, from, to)
    .slice(1)
    .map((piece) => piece.from);
  const inner = await toBounds(sql, line, points);
  if ("problem" in inner) return inner;
  const named = (bound: Bound) => {
    const [first, ...rest] = bound;
    if (first?.text !== "" || isEndless(first)) return bound;
    const value = boundAt(line.codec, first.order);
    return value && [value, ...rest];
  };
  const [begin, end] = [named(gap.from), named(gap.to)];
  if (!begin || !end) return { problem: `The key (${line.codec.spec}) has no value at an end of the gap.` };
  const bounds = [begin, ...inner.filter(([point]) => isInside(point, ends)), end];
  return bounds.slice(1).map((next, i) => ({ from: bounds[i] as Bound, to: next }));
}

function isInside(point: BoundValue | undefined, [from = 0n, to = 0n]: bigint[]): boolean {
  return point !== undefined && point.order > from && point.order < to;
}

async function toBounds(
  sql: Sql,
  line: Line,
  walls: readonly bigint[],
): Promise<Bound[] | { problem: string }> {
  const points = line.codec.line === "instant" ? await toInstants(sql, line.timeZone, walls) : walls;
  const bounds: Bound[] = [];
  for (const point of points) {
    const value = boundAt(line.codec, point);
    if (!value)
      return {
        problem: `The key (${line.codec.spec}) holds no value for a bound that this interval needs: choose a larger one, or a wider type.`,
      };
    bounds.push([value]);
  }
  return bounds;
}

/** The key's own text, or an ISO time. */
function readEnd({ decode, line }: KeyCodec, text: string): bigint | null {
  return decode(text.trim()) ?? (line === "number" ? null : parseInstant(text.trim()));
}
