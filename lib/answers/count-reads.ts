import type { CheckContext } from "../check.ts";
import type { TimeRange } from "../collector/types.ts";
import { answerThresholds } from "./thresholds.ts";

const memory = ["queryCache.hits", "queryCache.joined", "queryCache.revalidated"];
const redis = "queryCache.sharedHits";
const runs = "queryCache.misses";

/** A week changes little in this time. */
const baselineKeptMs = 10 * 60_000;

/** Reads of a stretch of time by who answered them. */
export interface AnsweredReads {
  memory: number;
  redis: number;
  /** Runs on the server. */
  runs: number;
  /** Of all of them, while it was sampled. */
  perSecond: number;
  coveredSeconds: number;
}

/** Who answered the reads of the last minutes, and of the week before them. */
export async function countReads(
  context: CheckContext,
): Promise<{ present: AnsweredReads; before: AnsweredReads }> {
  const { windowSeconds, baselineSeconds } = answerThresholds.drop;
  const from = new Date(context.now.getTime() - windowSeconds * 1_000);
  const week = { from: new Date(from.getTime() - baselineSeconds * 1_000), to: from };
  const [present, before] = await Promise.all([
    countIn(context, { from, to: context.now }),
    context.once("answers.baseline", () => countIn(context, week), baselineKeptMs),
  ]);
  return { present, before };
}

async function countIn({ audit, history }: CheckContext, range: TimeRange): Promise<AnsweredReads> {
  const { series, stepSeconds, collectingSince } = await history.totals(
    audit.target,
    [...memory, redis, runs],
    range,
  );
  // A week's steps are long: one that has just begun at the range's end counts for as long as it lies in it.
  const secondsWithin = (at: number) =>
    (Math.min(at + stepSeconds * 1_000, range.to.getTime()) - Math.max(at, range.from.getTime())) / 1_000;
  const grown = (name: string) =>
    (series[name] ?? []).reduce((sum, [at, rate]) => sum + (rate ?? 0) * secondsWithin(at), 0);
  const reads = {
    memory: memory.reduce((sum, name) => sum + grown(name), 0),
    redis: grown(redis),
    runs: grown(runs),
  };
  const sampled = (series[runs] ?? []).filter(([, rate]) => rate !== null);
  const stepsSeconds = sampled.reduce((sum, [at]) => sum + secondsWithin(at), 0);
  return {
    ...reads,
    perSecond: stepsSeconds > 0 ? (reads.memory + reads.redis + reads.runs) / stepsSeconds : 0,
    // One that was sampled in its last minute counts as a whole.
    coveredSeconds: Math.min(stepsSeconds, secondsSince(collectingSince, range)),
  };
}

function secondsSince(collectingSince: Date | null, { from, to }: TimeRange): number {
  const began = Math.max(from.getTime(), collectingSince?.getTime() ?? to.getTime());
  return Math.max(0, (to.getTime() - began) / 1_000);
}
