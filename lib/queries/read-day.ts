import type { CheckContext } from "../check.ts";
import type { SampledWindow } from "../collector/types.ts";
import type { Unavailable } from "../result.ts";
import { durationInWords } from "../words.ts";
import { getTopQueries } from "./get-top-queries.ts";
import { isLeftOut } from "./left-out.ts";
import { queryThresholds } from "./thresholds.ts";
import type { TopQuery } from "./top-query.ts";

/** What applications' statements took over the last day. */
export interface StatementDay {
  /** Costliest first, without the console's own, maintenance and sleeping. */
  statements: TopQuery[];
  /** Time of all of them, those too small to be listed included; what ran inside of others counts once. */
  totalMs: number;
  /** Time of the console's own, by the watching role and our tag. */
  ownMs: number;
  /** What of the day was sampled. */
  sampled: SampledWindow | null;
}

const dayMs = 86_400_000;
/** What a day of samples says changes once a minute, however many people look. */
const keptMs = 30_000;

/** Between two samples of statements. */
const sampleMs = 60_000;

/** Why what was sampled does not suffice yet, and until when. @param day null before there are two samples */
export function learning(now: Date, day: StatementDay | null): Unavailable {
  const code = "insufficient_data";
  if (!day?.sampled)
    return {
      code,
      reason: "Figures over 24 h need two samples of pg_stat_statements, a minute apart.",
      until: new Date(now.getTime() + sampleMs),
    };
  const least = queryThresholds.leastSampledSeconds;
  return {
    code,
    reason: `Shares of all statement time need ${durationInWords(least)} of samples; there are ${durationInWords(sampledSeconds(day))}.`,
    until: new Date(day.sampled.from.getTime() + least * 1_000 + sampleMs),
  };
}

/** Whether enough was sampled for few calls to count. */
export function isLongEnough(day: StatementDay): boolean {
  return sampledSeconds(day) >= queryThresholds.leastSampledSeconds;
}

/** The last day's statements; null without a window: then there are only totals since some reset. */
export function readDay(context: CheckContext): Promise<StatementDay | null> {
  const range = { from: new Date(context.now.getTime() - dayMs), to: context.now };
  const ask = async () => {
    const { data } = await getTopQueries(context, {
      ...{ range, orderBy: "totalTime", order: "desc", limit: 500 },
      ...{ hideOwn: false, group: "statement", sparks: false },
    });
    if (data.basis !== "window") return null;
    const isWork = ({ own, text }: TopQuery) => !own && !isLeftOut(text);
    const timeOf = (queries: readonly TopQuery[]) =>
      queries.reduce((sum, { values }) => sum + (values.totalExecMs ?? 0), 0);
    // With pg_stat_statements.track = all a function's time holds that of the statements inside it.
    const outside = data.queries.filter((query) => !isWork(query) || query.key.endsWith("/0"));
    return {
      statements: data.queries.filter(isWork),
      totalMs: (data.totals.totalExecMs ?? 0) - timeOf(outside),
      ownMs: timeOf(data.queries.filter((query) => query.own && !query.key.endsWith("/0"))),
      sampled: data.sampled,
    };
  };
  return context.once("queries.day", ask, keptMs);
}

/** Seconds of the day that were sampled. */
export function sampledSeconds({ sampled }: StatementDay): number {
  return sampled ? (sampled.to.getTime() - sampled.from.getTime()) / 1_000 : 0;
}

/** Part of one session's time that a statement took, 0–1 and above: what ran always in two sessions is 2. */
export function shareOfClock(query: TopQuery, day: StatementDay): number {
  const seconds = sampledSeconds(day);
  return seconds > 0 ? (query.values.totalExecMs ?? 0) / 1_000 / seconds : 0;
}

export function shareOfTime(query: TopQuery, day: StatementDay): number {
  return day.totalMs > 0 ? Math.min(1, (query.values.totalExecMs ?? 0) / day.totalMs) : 0;
}
