import type { Limits } from "@/lib/check.ts";

/** What the collector keeps that moves with a check's figure. */
export interface CheckSeries {
  name: string;
  label: string;
  /** What one of the check's unit is in the series' own, so that limits can be drawn; null: they compare something else. */
  perUnit: number | null;
  /** Limits are shares of this series. */
  of?: string;
}

const longestTransaction = {
  name: "connections.longestTransactionSeconds",
  label: "longest open transaction",
  perUnit: 1,
};
const blocked = { name: "connections.blocked", label: "sessions that wait for a lock", perUnit: null };

/** By the check's id. The others' figures are of single objects, of which no history is kept: their spans alone are drawn. */
export const checkSeries: Readonly<Record<string, CheckSeries>> = {
  "connections.idle_in_transaction": longestTransaction,
  "connections.long_query": longestTransaction,
  "connections.used": { name: "connections.total", label: "connections", perUnit: 1, of: "connections.max" },
  "connections.blockers": blocked,
  "connections.blocked_sessions": blocked,
  "connections.pooler_pool": { name: "pooler.maxWaitSeconds", label: "longest wait in a pool", perUnit: 1 },
  "partitions.runway": { name: "partitions.runwaySeconds", label: "shortest runway", perUnit: 86_400 },
  "workload.rollbacks": { name: "database.rollbacks", label: "rollbacks per second", perUnit: null },
  "workload.temp_files": { name: "database.tempFiles", label: "temporary files per second", perUnit: null },
  "workload.deadlocks": { name: "database.deadlocks", label: "deadlocks per second", perUnit: null },
};

/**
 * Where the limits lie in the series' unit.
 * @param whole what limits that are shares are shares of; null where it is not known
 */
export function limitLines(
  series: CheckSeries,
  limits: Limits | null,
  whole: number | null,
): { label: string; value: number }[] {
  if (series.perUnit === null || limits === null || (series.of && whole === null)) return [];
  const scale = series.perUnit * (series.of ? (whole ?? 1) : 1);
  return (["warning", "critical"] as const).flatMap((label) => {
    const limit = limits[label];
    return limit === null ? [] : [{ label, value: limit * scale }];
  });
}
