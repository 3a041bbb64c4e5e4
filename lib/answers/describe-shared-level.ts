import type { SharedCacheStats } from "../audit-db/cache/types.ts";
import { share } from "../collector/history/ratio.ts";
import type { InstanceReport } from "../collector/types.ts";
import type { RedisServer, SharedCounts, SharedLevel } from "./query-cache-types.ts";
import { warnAboutRedis } from "./warn-about-redis.ts";

const nothing: SharedCounts = {
  hits: 0,
  misses: 0,
  skipped: 0,
  timeouts: 0,
  errors: 0,
  writes: 0,
  refused: 0,
  plainBytes: 0,
  storedBytes: 0,
  waited: 0,
};
const figures = Object.keys(nothing) as (keyof SharedCounts)[];

/** Adds up what living processes tell of the second level. */
export function describeSharedLevel(
  living: readonly InstanceReport[],
  server: RedisServer | null,
): SharedLevel {
  const told = living.flatMap((report) => sharedStatsOf(report) ?? []);
  const sum = { ...nothing };
  for (const stats of told) for (const figure of figures) sum[figure] += stats[figure];
  const answered = living
    .flatMap(({ engines }) => Object.values(engines))
    .reduce((all, { cache }) => all + cache.sharedHits, 0);
  const asked = sum.hits + sum.misses;
  const up = told.filter(({ state }) => state === "up");
  const down = told.filter(({ state }) => state === "down");
  const [since, reason] = down.length > 0 ? longestAway(down) : [latest(up), null];
  return {
    ...sum,
    state: down.length > 0 ? (up.length > 0 ? "partly" : "down") : up.length > 0 ? "up" : "connecting",
    since,
    reason,
    processes: told.length,
    reaching: up.length,
    answered,
    share: share(answered, asked - answered),
    server,
    warnings: warnAboutRedis(server),
  };
}

/** A process has one second level for all its targets, so any of its engines tells of it. */
function sharedStatsOf(report: InstanceReport): SharedCacheStats | null {
  for (const { cache } of Object.values(report.engines)) if (cache.shared) return cache.shared;
  return null;
}

/** Reports are kept as JSON, which has no dates. */
const time = (at: Date | string) => new Date(at).getTime();

function longestAway(down: readonly SharedCacheStats[]): [Date, string | null] {
  const first = down.reduce((a, b) => (time(b.since) < time(a.since) ? b : a));
  return [new Date(first.since), first.reason];
}

/** All of them reach it since the last one did. */
function latest(up: readonly SharedCacheStats[]): Date | null {
  return up.length > 0 ? new Date(Math.max(...up.map(({ since }) => time(since)))) : null;
}
