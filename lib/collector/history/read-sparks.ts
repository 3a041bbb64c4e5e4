import type { Sql } from "postgres";
import type { Point, TimeRange } from "../types.ts";
import type { StoredSeries } from "./find-series.ts";
import { readObjectSteps } from "./object-steps.ts";
import { stepSeconds } from "./steps.ts";

const sparkPoints = 31;

/** About thirty points of one metric for each of several objects, by object id. */
export async function readSparks(
  sql: Sql,
  metric: StoredSeries,
  ids: readonly number[],
  range: TimeRange,
  now: number,
): Promise<Map<number, Point[]>> {
  const step = stepSeconds(range, sparkPoints, metric.everySeconds, now, "objects");
  const steps = await readObjectSteps(sql, [metric], ids, range, step, now);
  return new Map(ids.map((id) => [id, steps.points(id, 0)]));
}
