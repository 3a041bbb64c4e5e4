import type { Sql } from "postgres";
import type { Stretch } from "./learn-cut.ts";
import { type Line, wallsOf } from "./learn-line.ts";
import type { NamedStretch } from "./learn-name.ts";
import type { KeyRange, PartitionRange } from "./uncovered.ts";

/** The end of what the server's calendar knows: open ends have no wall clock, and no name tells them. */
const limit = 200_000_000_000_000_000n;

/** What the wall clock shows at both ends of ranges, in order. */
export async function wallsOfRanges(sql: Sql, line: Line, ranges: readonly KeyRange[]): Promise<Stretch[]> {
  const stretches = ranges.map(({ from, to }) => ({ from: from[0]?.order ?? 0n, to: to[0]?.order ?? 0n }));
  if (line.codec.line !== "instant") return stretches;
  const clamp = (point: bigint) => (point > limit ? limit : point < -limit ? -limit : point);
  return wallsOf(
    sql,
    line.timeZone,
    stretches.map(({ from, to }) => ({ from: clamp(from), to: clamp(to) })),
  );
}

/** Partitions by their names and ends on the wall clock; without those that are open. */
export function named(ranges: readonly PartitionRange[], walls: readonly Stretch[]): NamedStretch[] {
  return ranges.flatMap(({ node }, i) => {
    const wall = walls[i];
    return wall && wall.from > -limit && wall.to < limit ? [{ name: node.name, ...wall }] : [];
  });
}
