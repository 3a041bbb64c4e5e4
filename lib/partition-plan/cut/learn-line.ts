import type { Sql } from "postgres";
import { type Cut, calendarCut, dayMicros } from "../../audit-db/schema/calendar-cut.ts";
import { isEndless, minValue } from "../../partition-facts/bound-values.ts";
import type { PlanRequest } from "../request.ts";
import { codecOf, type KeyCodec, keySpecsOf } from "./key-codec.ts";
import { learnCut, liesOnClock, type Stretch } from "./learn-cut.ts";
import { learnZone } from "./learn-zone.ts";
import type { PartitionRange } from "./uncovered.ts";
import { isTimeZone, toWalls } from "./zone-clock.ts";

export type AskedCut = NonNullable<Extract<PlanRequest, { verb: "create" }>["cut"]>;

/** How the key of a table is cut. */
export interface Line {
  codec: KeyCodec;
  cut: Cut;
  /** Whose midnights they are; of clocks without a zone, whose present is now. */
  timeZone: string;
}

/** Ranges with two ends, on the line. */
export function finiteStretches(ranges: readonly PartitionRange[]): Stretch[] {
  return ranges.flatMap(({ from: [from, ...rest], to: [to, ...more] }) => {
    const whole = [...rest, ...more].every(({ order }) => order === minValue.order);
    return from && to && whole && !isEndless(from) && !isEndless(to)
      ? [{ from: from.order, to: to.order }]
      : [];
  });
}

/**
 * What of the cut a request leaves open is learned from the partitions that are there: unit, count, zone and anchor.
 * @param stretches of its partitions, or of tables beside it that are cut alike
 * @returns a problem in words, with what to say in the request, where they do not tell
 */
export async function learnLine(
  sql: Sql,
  codec: KeyCodec,
  stretches: readonly Stretch[],
  asked: AskedCut | undefined,
): Promise<Line | { problem: string }> {
  if (asked?.timeZone !== undefined && !(await isTimeZone(sql, asked.timeZone)))
    return {
      problem: `The server knows no time zone ${asked.timeZone}. Give an IANA name, e.g. Europe/Berlin.`,
    };
  if (codec.line === "number") {
    if (asked?.unit && asked.unit !== "number")
      return {
        problem: `The key is plain numbers, which no clock runs along. Say what they mean (key: ${keySpecsOf("bigint")}), or how many a partition takes (unit number).`,
      };
    return settle(codec, "UTC", stretches, asked, learnCut(stretches, true));
  }
  if (asked?.unit === "number")
    return { problem: `The key is ${codec.spec}, which is cut by a calendar: give a unit of time.` };
  if (codec.line === "wall")
    return settle(codec, asked?.timeZone ?? "UTC", stretches, asked, learnCut(stretches));
  if (asked?.timeZone !== undefined) {
    const walls = await wallsOf(sql, asked.timeZone, stretches);
    return settle(codec, asked.timeZone, walls, asked, learnCut(walls));
  }
  const inUtc = learnCut(stretches);
  const atMidnight = stretches.every(({ from, to }) => from % dayMicros === 0n && to % dayMicros === 0n);
  if (atMidnight || (inUtc && isPlainHours(inUtc, stretches)))
    return settle(codec, "UTC", stretches, asked, inUtc);
  const zone = await learnZone(sql, stretches);
  if (zone && "timeZone" in zone) {
    const walls = await wallsOf(sql, zone.timeZone, stretches);
    const cut = learnCut(walls);
    if (cut) return settle(codec, zone.timeZone, walls, asked, cut);
  }
  if (zone && "problem" in zone) return zone;
  return settle(codec, "UTC", stretches, asked, inUtc);
}

/** A day or a month of a zone is so many hours of UTC as well, which nobody means. */
function isPlainHours(cut: Cut, stretches: readonly Stretch[]): boolean {
  return cut.unit === "hour" && cut.count <= 12n && liesOnClock(cut, stretches);
}

export async function wallsOf(sql: Sql, timeZone: string, stretches: readonly Stretch[]): Promise<Stretch[]> {
  const points = await toWalls(
    sql,
    timeZone,
    stretches.flatMap(({ from, to }) => [from, to]),
  );
  return stretches.map((_, i) => ({ from: points[2 * i] ?? 0n, to: points[2 * i + 1] ?? 0n }));
}

function settle(
  codec: KeyCodec,
  timeZone: string,
  walls: readonly Stretch[],
  asked: AskedCut | undefined,
  learned: Cut | null,
): Line | { problem: string } {
  if (!asked?.unit) {
    if (learned) return { codec, cut: learned, timeZone };
    const why =
      walls.length === 0
        ? "It has no partition that begins and ends with a value of its first column alone"
        : "Its partitions follow no one interval";
    return { problem: `${why}: say how it is cut (unit and count).` };
  }
  const count = BigInt(asked.count);
  if (count < 1n) return { problem: "The count must be at least 1." };
  const same = learned?.unit === asked.unit && learned.count === count;
  if (same && learned) return { codec, cut: learned, timeZone };
  const cut = calendarCut(asked.unit, count);
  const newest = walls.at(-1);
  // Several at a time go on from where the last one ends, so that no short one stands between.
  const onward = newest && { ...cut, anchor: newest.to };
  const goesOn = onward && (count > 1n || asked.unit === "number") && liesOnClock(cut, walls.slice(-1));
  return { codec, cut: goesOn ? onward : cut, timeZone };
}

/** @returns a problem in words where the spec means nothing for the type, or nothing tells */
export function settleKey(
  spec: string | undefined,
  type: string,
  learned: KeyCodec | null,
): KeyCodec | { problem: string } {
  if (spec === undefined)
    return (
      learned ?? {
        problem: `Nothing tells what a key of type ${type} means. Say it (key): ${keySpecsOf(type)}.`,
      }
    );
  return (
    codecOf(spec, type) ?? {
      problem: `A key of type ${type} cannot be ${spec}. It may be: ${keySpecsOf(type)}.`,
    }
  );
}
