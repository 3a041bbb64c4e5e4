import { durationInWords, type Finding } from "../finding.ts";
import { answerThresholds } from "./thresholds.ts";

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

type Limits = typeof answerThresholds.queryCacheDrop;

/**
 * Whether the query cache answers less than it used to, as a whole and in its second level. Judged only while at least
 * half as many reads come in as usual: with fewer viewers there is less to share, and nothing is wrong.
 */
export function judgeQueryCache(
  now: AnsweredReads,
  before: AnsweredReads,
  limits: Limits = answerThresholds.queryCacheDrop,
): Finding[] {
  const asked = total(now);
  if (asked < limits.minReads) return [];
  if (before.coveredSeconds < limits.minBaselineSeconds || total(before) < limits.minReads)
    return [noBaseline(before.coveredSeconds, limits)];
  if (now.perSecond < before.perSecond * limits.leastTraffic) return [];
  const whole = judgeDrop(limits, {
    check: "caches.queryCacheDrop",
    subject: "The query cache answered",
    ofWhat: "of reads",
    now: share(now.memory + now.redis, now.runs),
    usual: share(before.memory + before.redis, before.runs),
  });
  if (now.redis + now.runs < limits.minReads || before.redis + before.runs < limits.minReads) return whole;
  const second = judgeDrop(limits, {
    check: "caches.redisDrop",
    subject: "Redis answered",
    ofWhat: "of the reads that reached it",
    now: share(now.redis, now.runs),
    usual: share(before.redis, before.runs),
  });
  return [...whole, ...second];
}

interface Shares {
  check: string;
  subject: string;
  ofWhat: string;
  now: number;
  usual: number;
}

function judgeDrop(
  { windowSeconds, warning, critical }: Limits,
  { check, subject, ofWhat, now, usual }: Shares,
): Finding[] {
  const lost = usual - now;
  if (lost < warning) return [];
  return [
    {
      check,
      severity: lost >= critical ? "critical" : "warning",
      title: `${subject} ${percent(now)} ${ofWhat} in the last ${durationInWords(windowSeconds)}; over the past week it was ${percent(usual)}.`,
      detail:
        "The audit database is asked more often than usual. “What the query cache holds” shows which statements miss. After a restart or a drop that passes by itself; full memory, refused answers or Redis being away do not.",
      path: "caches",
    },
  ];
}

function noBaseline(coveredSeconds: number, { minBaselineSeconds }: Limits): Finding {
  const reason = `A fall of its hits is seen against ${durationInWords(minBaselineSeconds)} of samples at least; there are ${durationInWords(coveredSeconds)} of them.`;
  return {
    check: "caches.queryCacheDrop",
    severity: "notice",
    title: "What the query cache usually answers is not known yet.",
    detail: reason,
    path: "caches",
    unavailable: { code: "insufficient_data", reason },
  };
}

const total = ({ memory, redis, runs }: AnsweredReads) => memory + redis + runs;
const share = (part: number, rest: number) => (part + rest > 0 ? part / (part + rest) : 0);
const percent = (value: number) => `${Math.round(value * 100)} %`;
