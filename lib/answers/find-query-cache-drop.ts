import { coveredSeconds, growth } from "../collector/history/ratio.ts";
import type { History, TimeRange } from "../collector/types.ts";
import type { Finding } from "../finding.ts";
import type { ReadContext } from "../read.ts";
import { type AnsweredReads, judgeQueryCache } from "./judge-query-cache.ts";
import { answerThresholds } from "./thresholds.ts";

const memory = ["queryCache.hits", "queryCache.joined", "queryCache.revalidated"];
const redis = "queryCache.sharedHits";
const runs = "queryCache.misses";

/** A week changes little in this time. */
const baselineKeptMs = 10 * 60_000;
const baselines = new Map<string, { until: number; reads: Promise<AnsweredReads> }>();

/** What the query cache answers now against what it answered over the week before. */
export async function findQueryCacheDrop(
  { audit, history, now }: Pick<ReadContext, "audit" | "history" | "now">,
  limits = answerThresholds.queryCacheDrop,
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
  const found = await history.totals(target, [...memory, redis, runs], range);
  const { series, stepSeconds, collectingSince } = found;
  const grown = (name: string) => growth(series[name], stepSeconds);
  const reads = {
    memory: memory.reduce((sum, name) => sum + grown(name), 0),
    redis: grown(redis),
    runs: grown(runs),
  };
  const stepsSeconds = coveredSeconds(series[runs], stepSeconds);
  return {
    ...reads,
    perSecond: stepsSeconds > 0 ? (reads.memory + reads.redis + reads.runs) / stepsSeconds : 0,
    // A week's steps are half an hour long: one that was sampled in its last minute counts as a whole.
    coveredSeconds: Math.min(stepsSeconds, secondsSince(collectingSince, range)),
  };
}

function secondsSince(collectingSince: Date | null, { from, to }: TimeRange): number {
  const began = Math.max(from.getTime(), collectingSince?.getTime() ?? to.getTime());
  return Math.max(0, (to.getTime() - began) / 1_000);
}
