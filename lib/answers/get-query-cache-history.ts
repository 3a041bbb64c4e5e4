import { addPoints, combinePoints, share } from "../collector/history/ratio.ts";
import type { SeriesHistory } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { queryCacheSeries } from "./sample-query-cache.ts";

/**
 * The engine's cache of answers over time, of all processes together; `queryCache.hitRatio` (0–1) is the share
 * answered without a query of its own, from memory or by the second level, a gap where nobody asked.
 */
export async function getQueryCacheHistory(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<SeriesHistory>> {
  const names = queryCacheSeries.map((series) => series.name);
  const history = await context.history.totals(context.audit.target, names, resolveRange(range, context.now));
  const of = (name: string) => history.series[`queryCache.${name}`] ?? [];
  const answered = addPoints(of("hits"), of("joined"), of("sharedHits"), of("revalidated"));
  return {
    data: {
      ...history,
      series: {
        "queryCache.hitRatio": combinePoints(answered, of("misses"), (a, missed) => share(a, missed, 0)),
        ...history.series,
      },
      units: { ...history.units, "queryCache.hitRatio": "ratio" },
    },
    observedAt: history.observedAt ?? context.now,
    source: "samples of the console's own cache",
    countsSince: history.collectingSince,
  };
}
