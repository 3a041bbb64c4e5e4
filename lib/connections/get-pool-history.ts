import type { SeriesHistory } from "../collector/types.ts";
import type { ReadContext } from "../read.ts";
import { type RangeInput, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { poolSeries } from "./sample-pools.ts";

/** The console's own pools on this target over time, added up over processes. */
export async function getPoolHistory(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<SeriesHistory>> {
  const names = poolSeries.map((series) => series.name);
  const history = await context.history.totals(context.audit.target, names, resolveRange(range, context.now));
  return {
    data: history,
    observedAt: history.observedAt ?? context.now,
    source: "samples of the console's own pools",
    countsSince: history.collectingSince,
  };
}
