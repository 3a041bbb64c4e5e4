import { combinePoints, growth, share } from "../collector/history/ratio.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import type { BufferCacheHits } from "./types.ts";

const [hit, read] = ["database.blksHit", "database.blksRead"] as const;

/** The collector itself asks for some blocks of the catalogue each step; fewer than this are no traffic. */
const minBlocksPerStep = 100;

/**
 * Share of blocks found in shared_buffers over time in the connected database, from samples of
 * pg_stat_database; series `database.hitRatio` (0–1) and the two rates it is made of. A block not found there
 * may still come from the system's cache: this is no disk figure. The one hit ratio of the product: pages, API and tile
 * have it from here.
 */
export async function getBufferCacheHits(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<BufferCacheHits>> {
  const window = resolveRange(range, context.now);
  const history = await context.history.totals(context.audit.target, [hit, read], window);
  const hits = history.series[hit] ?? [];
  const reads = history.series[read] ?? [];
  const leastRate = minBlocksPerStep / history.stepSeconds;
  return {
    data: {
      ...history,
      series: {
        "database.hitRatio": combinePoints(hits, reads, (h, r) => share(h, r, leastRate)),
        [hit]: hits,
        [read]: reads,
      },
      units: { ...history.units, "database.hitRatio": "ratio" },
      share: share(growth(hits, history.stepSeconds), growth(reads, history.stepSeconds), minBlocksPerStep),
      minBlocksPerStep,
    },
    observedAt: history.observedAt ?? context.now,
    source: "samples of pg_stat_database",
    countsSince: history.collectingSince,
  };
}
