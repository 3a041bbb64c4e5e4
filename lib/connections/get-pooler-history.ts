import type { SeriesHistory } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { poolerNotConfigured, poolerSeries } from "./sample-pooler.ts";

/**
 * Clients and server connections of the target's PgBouncer over time, from what the collector wrote. The newest
 * figures are at most 10 s old: people who watch never ask the pooler themselves.
 */
export async function getPoolerHistory(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
  poolerUrl: string | undefined,
): Promise<Observed<SeriesHistory>> {
  const names = poolerSeries.map((series) => series.name);
  const history = await context.history.totals(context.audit.target, names, resolveRange(range, context.now));
  const unavailable = poolerUrl ? undefined : poolerNotConfigured;
  return {
    data: history,
    observedAt: history.observedAt ?? context.now,
    source: "samples of PgBouncer's SHOW POOLS",
    countsSince: history.collectingSince,
    ...(unavailable && { unavailable }),
  };
}
