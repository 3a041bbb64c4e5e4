import type { SharedContents } from "../audit-db/cache/types.ts";
import { env } from "../env.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { livingOnly } from "./living.ts";
import type { CacheContents, StatementContents } from "./query-cache-types.ts";

interface Sum extends StatementContents {
  /** Runs whose time is known, and that time: processes have run a statement more or less often. */
  timedRuns: number;
  runMs: number;
}

/**
 * What both levels hold of this target's answers, by statement: the memory of every living process added up, and the
 * second level. Rows come in no order.
 */
export async function getCacheContents(
  context: Pick<ReadContext, "audit" | "instances" | "now">,
): Promise<Observed<CacheContents>> {
  const { audit } = context;
  const configured = env().REDIS_URL !== undefined;
  const [reports, contents] = await Promise.all([
    context.instances(),
    configured ? audit.sharedContents() : undefined,
  ]);
  const living = livingOnly(reports).filter((report) => report.engines[audit.target]);
  const sums = new Map<string, Sum>();
  const of = (name: string) => {
    const sum = sums.get(name) ?? startOf(name, contents);
    sums.set(name, sum);
    return sum;
  };
  for (const { engines } of living)
    for (const { name, entries, bytes, hits, sharedHits, misses, costMs } of engines[audit.target]?.cache
      .statements ?? []) {
      const sum = of(name);
      sum.entries += entries;
      sum.bytes += bytes;
      sum.hits += hits;
      sum.sharedHits += sharedHits;
      sum.misses += misses;
      if (costMs === null) continue;
      sum.timedRuns += misses;
      sum.runMs += costMs * misses;
    }
  for (const { name, entries, bytes } of contents?.statements ?? [])
    Object.assign(of(name), { sharedEntries: entries, sharedBytes: bytes });
  const heard = living.map(({ heartbeatAt }) => heartbeatAt.getTime());
  const started = living.map(({ startedAt }) => startedAt.getTime());
  return {
    data: {
      statements: [...sums.values()].map(withSaving),
      processes: living.length,
      shared: !configured ? "not_configured" : !contents ? "away" : contents.truncated ? "part" : "counted",
    },
    observedAt: heard.length > 0 ? new Date(Math.max(...heard)) : context.now,
    source: "the console's own cache",
    countsSince: started.length > 0 ? new Date(Math.min(...started)) : null,
  };
}

function startOf(name: string, contents: SharedContents | undefined): Sum {
  const none = contents ? 0 : null;
  return {
    name,
    topic: name.split(".", 1)[0] ?? "",
    entries: 0,
    bytes: 0,
    sharedEntries: none,
    sharedBytes: none,
    hits: 0,
    sharedHits: 0,
    misses: 0,
    costMs: null,
    savedMs: null,
    timedRuns: 0,
    runMs: 0,
  };
}

function withSaving({ timedRuns, runMs, ...row }: Sum): StatementContents {
  if (timedRuns === 0) return row;
  const costMs = runMs / timedRuns;
  return { ...row, costMs, savedMs: (row.hits + row.sharedHits) * costMs };
}
