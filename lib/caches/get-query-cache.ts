import type { CacheStats } from "../audit-db/cache/types.ts";
import { env } from "../env.ts";
import type { ReadContext } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { share } from "./ratio.ts";
import type { MemoryCache, QueryCache } from "./types.ts";

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

/** The engine's own cache of answers on this target, of every process since it started. */
export async function getQueryCache(
  context: Pick<ReadContext, "audit" | "instances" | "now">,
): Promise<Observed<QueryCache>> {
  const reports = await context.instances();
  const living = reports.flatMap((report) => {
    const engine = report.engines[context.audit.target];
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
        cache,
      })),
      redis: describeRedis(),
    },
    observedAt: heard.length > 0 ? new Date(Math.max(...heard)) : context.now,
    source: "the console's own cache",
    countsSince: started.length > 0 ? new Date(Math.min(...started)) : null,
  };
}

/** Reads that needed no run of their own on the server, whichever level answered. */
function answered(cache: Pick<CacheStats, "hits" | "joined" | "sharedHits" | "revalidated">): number {
  return cache.hits + cache.joined + cache.sharedHits + cache.revalidated;
}

function describeRedis(): Unavailable {
  if (!env().REDIS_URL) {
    return {
      code: "not_configured",
      reason: "Redis: not configured. Each process keeps its own answers only.",
      enable: "REDIS_URL=redis://…",
    };
  }
  return {
    code: "unsupported",
    reason: "REDIS_URL is set, but this version does not use Redis as a second level yet.",
  };
}
