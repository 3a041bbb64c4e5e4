import type { AuditDb } from "../audit-db/types.ts";
import type { History, SeriesHistory, TimeRange } from "../collector/types.ts";
import type { Observed } from "../result.ts";

/** Collected series of a target on common steps, at most `points` of them; counters are rates per second. */
export async function getSeriesHistory(
  audit: AuditDb,
  history: History,
  series: readonly string[],
  range: TimeRange,
  points: number,
  now: Date,
): Promise<Observed<SeriesHistory>> {
  const data = await history.totals(audit.target, series, range, points);
  return {
    data,
    observedAt: data.observedAt ?? now,
    source: "samples of the collector",
    countsSince: data.collectingSince,
  };
}
