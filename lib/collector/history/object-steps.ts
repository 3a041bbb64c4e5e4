import type { Sql } from "postgres";
import { slotOf } from "../slots.ts";
import type { Point, TimeRange } from "../types.ts";
import type { StoredSeries } from "./find-series.ts";
import { place } from "./object-figures.ts";

interface SlotRow {
  slot: Date;
  coveredSeconds: number | null;
  keyframe: boolean;
}

interface FigureRow {
  slot: Date;
  id: number;
  figures: (number | null)[];
}

/** One metric of one object by step. */
interface Cell {
  held: number | null;
  growth: Map<number, number>;
  seconds: Map<number, number>;
  values: Map<number, number>;
}

/** How far back a keyframe may lie: an hour in raw samples, a day in hours, and some grace. */
const keyframeReachMs = { raw: 4_500_000, hour: 93_600_000 };

/**
 * Metrics of objects on the steps of a range. Growth of a slot counts for the step it lies in; an object that a
 * slot does not mention did not change; a slot that was not sampled is a gap.
 */
export async function readObjectSteps(
  sql: Sql,
  metrics: readonly StoredSeries[],
  ids: readonly number[],
  range: TimeRange,
  step: number,
  now: number,
): Promise<{ points(id: number, metric: number): Point[] }> {
  const [first] = metrics;
  const from = slotOf(range.from.getTime(), step);
  const to = range.to.getTime();
  const starts: number[] = [];
  for (let at = from; at < to; at += step * 1_000) starts.push(at);
  if (!first || first.targetId === null || ids.length === 0)
    return { points: () => starts.map((at): Point => [at, null]) };
  const rolled = step % 3_600 === 0 ? Math.min(to, Math.max(from, first.hourUntil?.getTime() ?? from)) : from;
  const [hours, raws] = await Promise.all([
    readTier(sql, "hour", metrics, ids, from, rolled),
    readTier(sql, "raw", metrics, ids, rolled, to + first.everySeconds * 1_000),
  ]);
  // A raw sample's growth lies in the slot before its own (`placeSamples`); an hour's is rolled up so already.
  const everyMs = first.everySeconds * 1_000;
  const slots = [
    ...hours.slots.map((slot) => ({ ...slot, growsAt: slot.slot.getTime(), since: from })),
    ...raws.slots.map((slot) => ({ ...slot, growsAt: slot.slot.getTime() - everyMs, since: rolled })),
  ];
  const rowsBySlot = Map.groupBy([...hours.rows, ...raws.rows], (row) => row.slot.getTime());
  const state = new Map<string, Cell>();
  const cells = ids.flatMap((id) => metrics.map((metric, index) => ({ id, metric, index })));
  for (const { id, index } of cells)
    state.set(`${id} ${index}`, { held: null, growth: new Map(), seconds: new Map(), values: new Map() });
  for (const slot of slots) {
    // Slots before the span only tell the gauges it begins with.
    const grows = slot.growsAt >= slot.since && slot.growsAt < to;
    const at = slotOf(slot.slot.getTime(), step);
    const grownAt = slotOf(slot.growsAt, step);
    const told = new Map((rowsBySlot.get(slot.slot.getTime()) ?? []).map((row) => [row.id, row.figures]));
    for (const { id, metric, index } of cells) {
      const cell = state.get(`${id} ${index}`);
      if (!cell) continue;
      const figures = told.get(id);
      const value = figures?.[index] ?? null;
      if (metric.kind === "gauge") {
        cell.held = figures ? value : slot.keyframe ? null : cell.held;
        if (cell.held !== null) cell.values.set(at, cell.held);
      } else if (grows && slot.coveredSeconds !== null && (!figures || value !== null)) {
        cell.growth.set(grownAt, (cell.growth.get(grownAt) ?? 0) + (value ?? 0));
        cell.seconds.set(grownAt, (cell.seconds.get(grownAt) ?? 0) + slot.coveredSeconds);
      }
    }
  }
  const last = starts.at(-1);
  const told = [...state.values()].some(
    ({ growth, values }) => last !== undefined && (growth.has(last) || values.has(last)),
  );
  if (last !== undefined && last + step * 1_000 > now && !told) starts.pop();
  return {
    points(id, index) {
      const cell = state.get(`${id} ${index}`);
      if (!cell) return starts.map((at): Point => [at, null]);
      const figure = (at: number) => {
        if (metrics[index]?.kind === "gauge") return cell.values.get(at) ?? null;
        const seconds = cell.seconds.get(at) ?? 0;
        return seconds > 0 ? (cell.growth.get(at) ?? 0) / seconds : null;
      };
      return starts.map((at): Point => [at, figure(at)]);
    },
  };
}

async function readTier(
  sql: Sql,
  tier: "raw" | "hour",
  metrics: readonly StoredSeries[],
  ids: readonly number[],
  from: number,
  to: number,
): Promise<{ slots: SlotRow[]; rows: FigureRow[] }> {
  const [first] = metrics;
  if (!first || from >= to) return { slots: [], rows: [] };
  let start = from;
  if (metrics.some((metric) => metric.kind === "gauge")) {
    const [keyframe] = await sql<{ slot: Date | null }[]>`
      select max(slot) as slot from ${sql(`history.object_slot_${tier}`)}
      where target_id = ${first.targetId} and sampler_id = ${first.samplerId} and keyframe
        and slot >= ${new Date(from - keyframeReachMs[tier])} and slot <= ${new Date(from)}`;
    start = keyframe?.slot?.getTime() ?? from;
  }
  const within = () => sql`target_id = ${first.targetId} and sampler_id = ${first.samplerId}
    and slot >= ${new Date(start)} and slot < ${new Date(to)}`;
  const picked = metrics.map(
    (metric, index) => sql`${index > 0 ? sql`,` : sql``} figures[${place(sql, metric)}]`,
  );
  const [slots, rows] = await Promise.all([
    sql<SlotRow[]>`
      select slot, covered_seconds as "coveredSeconds", keyframe
      from ${sql(`history.object_slot_${tier}`)} where ${within()} order by slot`,
    sql<FigureRow[]>`
      select slot, object_id as id, json_build_array(${picked}) as figures
      from ${sql(`history.object_${tier}`)} where ${within()} and object_id = any(${[...ids]}::int[])`,
  ]);
  return { slots, rows };
}
