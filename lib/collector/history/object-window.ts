import type { Sql } from "postgres";
import type { SampledWindow, TimeRange } from "../types.ts";
import type { StoredSeries } from "./find-series.ts";
import { type Spans, spansOf } from "./object-spans.ts";

export interface ObjectSlots {
  /** Slots whose growth counts for the window: of hours, and of raw samples. */
  spans: Spans;
  sampled: SampledWindow | null;
}

interface SlotRow {
  slot: Date;
  at: Date;
  coveredSeconds: number | null;
  lostShare: number | null;
}

/** A part of a window: where its growth begins and ends, and how many seconds of growth are known. */
interface Part {
  slots: [number, number];
  from: number | null;
  to: number | null;
  knownSeconds: number;
}

/** A sample bridges so many slots that were missed. */
const bridgedSlots = 5;
/** Less than this is the inaccuracy of clocks and of stored moments. */
const leastShare = 0.001;

/**
 * The slots whose growth counts for a window. A slot's growth lies between the sample before and its own; it is in
 * the window when the middle of that time is, so both ends are the samples nearest to them: a window on whole minutes
 * holds what happened in it, and not what happened a minute before.
 */
export async function findWindow(
  sql: Sql,
  of: StoredSeries,
  range: TimeRange,
  now: number,
): Promise<ObjectSlots> {
  const asked = spansOf(range, of.hourUntil, now);
  const [hour, ...raw] = await Promise.all([
    readHours(sql, of, asked.hour),
    ...asked.raw.map((edge) => readEdge(sql, of, range, edge)),
  ]);
  const known = [hour, ...raw].filter(({ from }) => from !== null);
  const from = Math.min(...known.map((part) => part.from ?? 0));
  const to = Math.max(...known.map((part) => part.to ?? 0));
  const seconds = known.reduce((sum, part) => sum + part.knownSeconds, 0);
  const missing = 1 - seconds / Math.max(0.001, (to - from) / 1_000);
  return {
    spans: { hour: asked.hour, raw: raw.map(({ slots }) => slots) },
    sampled:
      known.length === 0
        ? null
        : {
            from: new Date(from),
            to: new Date(to),
            missingShare: missing < leastShare ? 0 : Math.min(1, missing),
          },
  };
}

/** Raw samples at an end of the window; where it meets rolled-up hours, these hold the growth up to the sample on the hour. */
async function readEdge(sql: Sql, of: StoredSeries, range: TimeRange, edge: [number, number]): Promise<Part> {
  const everyMs = of.everySeconds * 1_000;
  const [from, to] = edge;
  const rows = await sql<SlotRow[]>`
    select slot, at, covered_seconds as "coveredSeconds", lost_share as "lostShare"
    from history.object_slot_raw
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
      and slot >= ${new Date(from - bridgedSlots * everyMs)} and slot < ${new Date(to + bridgedSlots * everyMs)}
    order by slot`;
  const intervals = rows.map((row, index) => {
    const at = row.at.getTime();
    const before = rows[index - 1]?.at.getTime() ?? at - (row.coveredSeconds ?? 0) * 1_000;
    return { ...row, at, before: row.coveredSeconds === null ? at : before };
  });
  const [asksFrom, asksTo] = [range.from.getTime() === from, range.to.getTime() === to];
  const chosen = intervals.filter(({ slot, at, before }) => {
    const middle = (at + before) / 2;
    return (
      (asksFrom ? middle >= from : slot.getTime() > from) && (asksTo ? middle < to : slot.getTime() <= to)
    );
  });
  const covered = chosen.filter(({ coveredSeconds }) => coveredSeconds !== null);
  const [first, last] = [chosen[0]?.slot.getTime(), chosen.at(-1)?.slot.getTime()];
  return {
    slots: first === undefined || last === undefined ? [from, from] : [first, last + 1],
    from: covered[0]?.before ?? null,
    to: covered.at(-1)?.at ?? null,
    knownSeconds: knownSeconds(covered),
  };
}

async function readHours(sql: Sql, of: StoredSeries, [from, to]: [number, number]): Promise<Part> {
  const none = { slots: [from, to] as [number, number], from: null, to: null, knownSeconds: 0 };
  if (from >= to) return none;
  const rows = await sql<SlotRow[]>`
    select slot, at, covered_seconds as "coveredSeconds", lost_share as "lostShare"
    from history.object_slot_hour
    where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
      and slot >= ${new Date(from)} and slot < ${new Date(to)} and covered_seconds is not null
    order by slot`;
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return none;
  const begin = first.slot.getTime();
  // An hour's growth begins as long after the hour as its last sample was taken after the next.
  const lateMs = Math.max(0, first.at.getTime() - begin - 3_600_000);
  return {
    ...none,
    from: Math.max(begin + lateMs, of.since?.getTime() ?? begin),
    to: last.at.getTime(),
    knownSeconds: knownSeconds(rows),
  };
}

function knownSeconds(rows: readonly Pick<SlotRow, "coveredSeconds" | "lostShare">[]): number {
  return rows.reduce((sum, row) => sum + (row.coveredSeconds ?? 0) * (1 - (row.lostShare ?? 0)), 0);
}
