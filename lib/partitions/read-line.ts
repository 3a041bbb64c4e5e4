import { isTemporal } from "../partition-facts/bound-values.ts";
import type { Branch } from "../partition-facts/branches.ts";
import { hasClock, inferAxis, toIso, toMicros } from "../partition-facts/lane-axis.ts";
import { measureReach, type Range, type Reach } from "../partition-facts/measure-reach.ts";
import type { Forest } from "../partition-facts/read-forest.ts";
import type { LaneAxis } from "../partition-facts/types.ts";

/** How a lane's partitions lie along its key, before anything is judged. */
export interface Line {
  axis: LaneAxis;
  /** Null for lists and hashes, whose partitions lie along nothing. */
  reach: Reach | null;
  /** Why its runway cannot be judged, as the end of a sentence; null when it can. */
  runwayUnjudged: string | null;
  /** Why gaps cannot be told either. */
  gapsUnjudged: string | null;
}

export function readLine(forest: Pick<Forest, "children">, { branch, above }: Branch): Line {
  if (branch.strategy !== "range") {
    const reason = `it is partitioned by ${branch.strategy}, which has no end to run into`;
    return { axis: "values", reach: null, runwayUnjudged: reason, gapsUnjudged: null };
  }
  const reach = measureReach(forest, branch);
  const [first] = branch.key ?? [];
  const type = first?.type ?? "unknown";
  if (reach.incomparable) {
    const reason = `the order of its key, of type ${reach.incomparable.type}, is not known to the console`;
    return { axis: "values", reach, runwayUnjudged: reason, gapsUnjudged: reason };
  }
  const axis = inferAxis(type, [...reach.ranges.values()].flatMap(firstColumn));
  return { axis, reach, runwayUnjudged: whyNoRunway(axis, type, above), gapsUnjudged: null };
}

function whyNoRunway(axis: LaneAxis, type: string, above: Branch["above"]): string | null {
  if (axis === "integer") return `its key is a number (${type}) that does not read as a time`;
  if (axis === "values") return `its key is of type ${type}, which is not a time`;
  // 2025's partitions by another reading of the same time end with 2025, which is nobody's alarm.
  if (above.some(({ key }) => isTemporal(key?.[0]?.type ?? "")))
    return "a level above it is partitioned by time in another way";
  return null;
}

function firstColumn({ from: [from], to: [to] }: Range) {
  return from && to ? [{ from, to }] : [];
}

/** UTC ISO of both ends; null where it has none, or the axis no clock. */
export function isoRange(
  range: Range | undefined,
  axis: LaneAxis,
): { from: string | null; to: string | null } {
  const iso = (end: Range["from"] | undefined) =>
    end?.[0] && hasClock(axis) ? toIso(toMicros(end[0], axis)) : null;
  return { from: iso(range?.from), to: iso(range?.to) };
}
