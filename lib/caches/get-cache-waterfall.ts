import { describeRedis } from "../answers/get-query-cache.ts";
import { livingOnly } from "../answers/living.ts";
import type { SharedLevel } from "../answers/query-cache-types.ts";
import { explainNoIoTiming } from "../buffers/io-columns.ts";
import { coveredSeconds, growth } from "../collector/history/ratio.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import type { CacheStep, CacheWaterfall, RedisStep } from "./types.ts";

const names = {
  hits: "queryCache.hits",
  joined: "queryCache.joined",
  revalidated: "queryCache.revalidated",
  sharedHits: "queryCache.sharedHits",
  misses: "queryCache.misses",
  found: "database.blksHit",
  read: "database.blksRead",
  readTimeMs: "database.blkReadTimeMs",
};

/**
 * What each cache answered over the range and what it let through: the console's own cache of answers (reads), in
 * memory and in Redis, then shared_buffers of the whole database (blocks), then whatever the system and the disk had
 * to give. Growth of counters in samples only; a step that was not sampled is null, and `coveredSeconds` says how much
 * was. What is fetched anew behind an old answer is let through as well.
 */
export async function getCacheWaterfall(
  context: Pick<ReadContext, "audit" | "history" | "instances" | "now">,
  range: RangeInput,
): Promise<Observed<CacheWaterfall>> {
  const window = resolveRange(range, context.now);
  const [history, grown, redis, facts] = await Promise.all([
    context.history.totals(context.audit.target, Object.values(names), window),
    context.history.growth(context.audit.target, Object.values(names), window),
    context.instances().then((reports) => describeRedis(livingOnly(reports))),
    context.audit.read({
      name: "caches.waterfall-facts",
      ttlMs: 60_000,
      source: "pg_settings",
      run: async (sql) => {
        const [row] = await sql<{ timed: boolean; blockSizeBytes: number; sharedBuffersBytes: number }[]>`
          select current_setting('track_io_timing')::bool as timed,
                 current_setting('block_size')::int as "blockSizeBytes",
                 pg_size_bytes(current_setting('shared_buffers'))::float8 as "sharedBuffersBytes"`;
        if (!row) throw new Error("pg_settings answered no row");
        return row;
      },
    }),
  ]);
  const { stepSeconds } = history;
  const points = (name: keyof typeof names) => history.series[names[name]] ?? [];
  const sum = (name: keyof typeof names) => Math.round(grown[names[name]] ?? 0);
  const covered = (name: keyof typeof names) => coveredSeconds(points(name), stepSeconds);
  const { timed, blockSizeBytes, sharedBuffersBytes } = facts.data;
  const answers = covered("misses");
  const blocks = covered("read");
  // Times are only counted while track_io_timing is on: a mean needs the blocks of the same steps.
  const timedSteps = new Set(points("readTimeMs").flatMap(([at, ms]) => (ms === null ? [] : [at])));
  const timedBlocks = growth(
    points("read").filter(([at]) => timedSteps.has(at)),
    stepSeconds,
  );
  const readTimeMs = growth(points("readTimeMs"), stepSeconds);
  const first = {
    answered: sum("hits") + sum("joined") + sum("revalidated"),
    passed: sum("sharedHits") + sum("misses"),
    coveredSeconds: answers,
  };
  const second = { answered: sum("sharedHits"), passed: sum("misses"), coveredSeconds: answers };
  return {
    data: {
      windowSeconds: (window.to.getTime() - window.from.getTime()) / 1_000,
      queryCache: answers > 0 ? first : null,
      redis: "code" in redis ? redis : stepOf(redis, answers > 0 ? second : null),
      sharedBuffers:
        blocks === 0 ? null : { answered: sum("found"), passed: sum("read"), coveredSeconds: blocks },
      sharedBuffersBytes,
      blockSizeBytes,
      disk: {
        meanMs: timed && timedBlocks > 0 ? readTimeMs / timedBlocks : null,
        totalMs: timed && timedSteps.size > 0 ? readTimeMs : null,
        timing: timed ? null : explainNoIoTiming(),
      },
    },
    observedAt: history.observedAt ?? context.now,
    source: "samples of the console's own cache and of pg_stat_database",
    countsSince: history.collectingSince,
  };
}

function stepOf({ state, since, reason }: SharedLevel, step: CacheStep | null): RedisStep {
  return { state, since, reason, step };
}
