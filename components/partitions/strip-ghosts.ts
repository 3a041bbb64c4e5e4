import type { StepState } from "@/components/partition-plan/step-states.ts";
import type { LaneAxis } from "@/lib/partition-facts/types.ts";
import type { PartitionCell } from "@/lib/partitions/types.ts";

/** A partition that is not there yet. */
export interface StripGhost {
  key: string;
  /** What it is to be called, as `qualify` writes it. */
  name: string;
  /** The branch it is to come into, as `qualify` writes it. */
  lane: string;
  ends: Ends;
  state: StepState;
}

/** The two ends of a range, each with the values of its columns, without their quotes. */
export interface Ends {
  from: readonly string[];
  to: readonly string[];
}

const value = String.raw`'(?:[^']|'')*'|[^'(),\s]+`;
const end = String.raw`\(((?:${value})(?:, (?:${value}))*)\)`;
const range = new RegExp(`^FROM ${end} TO ${end}$`);

/** Both ends of `FROM (…) TO (…)`; null for other bounds. */
export function endsOf(bounds: string): Ends | null {
  const [, from, to] = range.exec(bounds) ?? [];
  if (from === undefined || to === undefined) return null;
  return { from: valuesOf(from), to: valuesOf(to) };
}

/** The server quotes some numbers and not others: `100` and `'100'` are one value. */
function valuesOf(text: string): string[] {
  return [...text.matchAll(new RegExp(value, "g"))].map(([each]) =>
    each.startsWith("'") ? each.slice(1, -1).replaceAll("''", "'") : each,
  );
}

const time = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d(?::?\d\d)?)?)?$/;
const day = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?$/;
const perMs: Partial<Record<LaneAxis, number>> = {
  epochSeconds: 0.001,
  epochMilliseconds: 1,
  epochMicroseconds: 1_000,
};

/** Where it lies on an axis of time; null where its lane has another. */
export function momentsOf({ from, to }: Ends, axis: LaneAxis): { fromMs: number; toMs: number } | null {
  const moments = { fromMs: momentOf(from[0] ?? "", axis), toMs: momentOf(to[0] ?? "", axis) };
  return Number.isNaN(moments.fromMs) || Number.isNaN(moments.toMs) ? null : moments;
}

function momentOf(text: string, axis: LaneAxis): number {
  const unit = perMs[axis];
  if (unit !== undefined) return /^\d+$/.test(text) ? Number(text) / unit : Number.NaN;
  if (axis === "calendarInteger") {
    const [, year, month, date = "01"] = day.exec(text) ?? [];
    return Date.parse(`${year}-${month}-${date}`);
  }
  if (axis !== "time") return Number.NaN;
  const [, date, clock = "00:00:00", zone = "+00"] = time.exec(text) ?? [];
  return Date.parse(
    `${date}T${clock}${/:/.test(zone) ? zone : `${zone.slice(0, 3)}:${zone.slice(3) || "00"}`}`,
  );
}

/**
 * Partitions and those to come in the order of their ranges, where no clock tells it: each comes behind the one that
 * ends where it begins, or before the one that begins where it ends; else last. How values compare only the server knows.
 */
export function orderAlong(
  cells: readonly PartitionCell[],
  ghosts: readonly StripGhost[],
): (PartitionCell | StripGhost)[] {
  const placed = (each: PartitionCell | StripGhost, ends: Ends | null) => ({
    each,
    from: ends?.from.join("\n"),
    to: ends?.to.join("\n"),
  });
  const order = cells.map((cell) => placed(cell, endsOf(cell.bounds ?? "")));
  for (const ghost of ghosts) {
    const coming = placed(ghost, ghost.ends);
    const before = order.findIndex(({ to }) => to === coming.from);
    const behind = order.findIndex(({ from }) => from === coming.to);
    const at = before >= 0 ? before + 1 : behind >= 0 ? behind : order.length;
    order.splice(at, 0, coming);
  }
  return order.map(({ each }) => each);
}
