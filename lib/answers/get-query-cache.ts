import type { CacheStats } from "../audit-db/cache/types.ts";
import { share } from "../collector/history/ratio.ts";
import type { InstanceReport } from "../collector/types.ts";
import { env } from "../env.ts";
import type { ReadContext } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { describeSharedLevel } from "./describe-shared-level.ts";
import { livingOnly } from "./living.ts";
import type { MemoryCache, QueryCache, SharedLevel } from "./query-cache-types.ts";
import { readRedisServer } from "./read-redis-server.ts";

const nothing: MemoryCache = {
  hits: 0,
  misses: 0,
  joined: 0,
  sharedHits: 0,
  revalidated: 0,
  staleServed: 0,
  evictions: 0,
  refused: 0,
  entries: 0,
  bytes: 0,
  maxBytes: 0,
};
const figures = Object.keys(nothing) as (keyof MemoryCache)[];

/** The engine's own cache of answers on this target, of every living process since it started, and the level behind. */
export async function getQueryCache(
  context: Pick<ReadContext, "audit" | "instances" | "now">,
): Promise<Observed<QueryCache>> {
  const { target } = context.audit;
  const reports = livingOnly(await context.instances());
  const living = reports.flatMap((report) => {
    const engine = report.engines[target];
    return engine ? [{ ...report, cache: engine.cache }] : [];
  });
  const sum = { ...nothing };
  for (const { cache } of living) for (const figure of figures) sum[figure] += cache[figure];
  const started = living.map((instance) => instance.startedAt.getTime());
  const heard = living.map((instance) => instance.heartbeatAt.getTime());
  return {
    data: {
      memory: { ...sum, instances: living.length, share: share(answered(sum), sum.misses) },
      perInstance: living.map(({ instanceId, kind, host, pid, cache }) => ({
        instanceId,
        kind,
        host,
        pid,
        cache: memoryOf(cache),
      })),
      redis: await describeRedis(reports),
    },
    observedAt: heard.length > 0 ? new Date(Math.max(...heard)) : context.now,
    source: "the console's own cache",
    countsSince: started.length > 0 ? new Date(Math.min(...started)) : null,
  };
}

function memoryOf(cache: CacheStats): MemoryCache {
  return Object.fromEntries(figures.map((figure) => [figure, cache[figure]])) as unknown as MemoryCache;
}

/** Reads that needed no run of their own on the server, whichever level answered. */
function answered(cache: Pick<CacheStats, "hits" | "joined" | "sharedHits" | "revalidated">): number {
  return cache.hits + cache.joined + cache.sharedHits + cache.revalidated;
}

/** The second level over all living processes; where none is configured, what would add it. */
export async function describeRedis(living: readonly InstanceReport[]): Promise<SharedLevel | Unavailable> {
  if (env().REDIS_URL) return describeSharedLevel(living, await readRedisServer());
  return {
    code: "not_configured",
    reason: "Redis: not configured. Each process keeps its own answers only.",
    enable: "REDIS_URL=redis://…",
  };
}
