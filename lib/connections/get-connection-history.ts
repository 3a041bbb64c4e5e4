import type { SeriesHistory } from "../collector/types.ts";
import type { ReadContext } from "../read.ts";
import { type RangeInput, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { connectionSeries } from "./sample-connections.ts";

/** Client connections by state, their total and max_connections over time, from what the collector wrote. */
export async function getConnectionHistory(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<SeriesHistory>> {
  const names = connectionSeries.map((series) => series.name);
  const history = await context.history.totals(context.audit.target, names, resolveRange(range, context.now));
  return {
    data: history,
    observedAt: history.observedAt ?? context.now,
    source: "samples of pg_stat_activity",
    countsSince: history.collectingSince,
  };
}
