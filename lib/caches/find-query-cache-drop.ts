import type { History, TimeRange } from "../collector/types.ts";
import type { Finding } from "../finding.ts";
import type { ReadContext } from "../read.ts";
import { type AnsweredReads, judgeQueryCache } from "./judge-query-cache.ts";
import { coveredSeconds, growth } from "./ratio.ts";
import { cacheThresholds } from "./thresholds.ts";

const memory = ["queryCache.hits", "queryCache.joined", "queryCache.revalidated"];
const redis = "queryCache.sharedHits";
const runs = "queryCache.misses";

/** A week changes little in this time. */
const baselineKeptMs = 10 * 60_000;
const baselines = new Map<string, { until: number; reads: Promise<AnsweredReads> }>();

/** What the query cache answers now against what it answered over the week before. */
export async function findQueryCacheDrop(
  { audit, history, now }: Pick<ReadContext, "audit" | "history" | "now">,
  limits = cacheThresholds.queryCacheDrop,
): Promise<Finding[]> {
  const { target } = audit;
  const from = new Date(now.getTime() - limits.windowSeconds * 1_000);
  const week = { from: new Date(from.getTime() - limits.baselineSeconds * 1_000), to: from };
  const [present, before] = await Promise.all([
    countReads(history, target, { from, to: now }),
    baselineOf(target, now, () => countReads(history, target, week)),
  ]);
  return judgeQueryCache(present, before, limits);
}

function baselineOf(target: string, now: Date, count: () => Promise<AnsweredReads>): Promise<AnsweredReads> {
  const kept = baselines.get(target);
  if (kept && kept.until > now.getTime()) return kept.reads;
  const reads = count();
  baselines.set(target, { until: now.getTime() + baselineKeptMs, reads });
  reads.catch(() => baselines.delete(target));
  return reads;
}

async function countReads(history: History, target: string, range: TimeRange): Promise<AnsweredReads> {
  const { series, stepSeconds } = await history.totals(target, [...memory, redis, runs], range);
  const grown = (name: string) => growth(series[name], stepSeconds);
  return {
    memory: memory.reduce((sum, name) => sum + grown(name), 0),
    redis: grown(redis),
    runs: grown(runs),
    coveredSeconds: coveredSeconds(series[runs], stepSeconds),
  };
}
