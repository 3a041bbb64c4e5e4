import { type CheckAnswer, cannotJudge, defineCheck, type Limits, stateAt } from "../check.ts";
import { durationInWords } from "../words.ts";
import { type AnsweredReads, countReads } from "./count-reads.ts";
import { readRedis } from "./read-redis.ts";
import { answerThresholds } from "./thresholds.ts";

const { windowSeconds, minBaselineSeconds, minReads, leastTraffic, warning, critical } =
  answerThresholds.drop;
const needs = `An hour of samples, ${minReads} reads in a quarter of an hour, and at least half as many reads as usual.`;
const thresholds = { warning, critical, direction: "rising" } as const;

/** Whether the query cache answers less than it used to, both levels together. */
export const queryCacheDrop = defineCheck({
  id: "answers.query_cache_drop",
  source: "the engine's own counters",
  why: "Measured against the target's own last hours: 15 points less doubles what the audit database is asked at a usual 85 %, 30 points triple it. It must hold for five minutes, because a restart empties the cache.",
  for: 300,
  keepFiringFor: 300,
  title: "Query cache drop",
  unit: "ratio",
  path: "caches",
  runbook:
    "The audit database is asked more often than usual for the same reads. “What the query cache holds” on Caches shows which statements miss. After a restart or a drop of answers it passes by itself; full memory, refused answers or Redis being away do not.",
  needs,
  thresholds,
  async evaluate(context, limitsFor) {
    const { present, before } = await countReads(context);
    const limits = limitsFor({ kind: "cache", name: "query cache" });
    return judgeDrop("query cache", { present, before, now: context.now }, limits);
  },
});

/** The same of the second level, by the reads that reached it. */
export const redisDrop = defineCheck({
  id: "answers.redis_drop",
  source: "the engine's own counters",
  why: "The same limits as for both levels together, measured against its own last hours; it must hold for five minutes, because a restart of Redis empties it.",
  for: 300,
  keepFiringFor: 300,
  title: "Redis answers drop",
  unit: "ratio",
  path: "caches",
  runbook:
    "Processes find fewer answers of each other in Redis. See on Caches whether it evicts (memory full), refuses writes, or times out. After a restart of Redis it passes by itself.",
  needs: `REDIS_URL. ${needs}`,
  thresholds,
  optional: true,
  async evaluate(context, limitsFor) {
    const redis = await readRedis(context);
    if ("code" in redis) return cannotJudge("There is no Redis to judge.", redis);
    const { present, before } = await countReads(context);
    const limits = limitsFor({ kind: "cache", name: "Redis" });
    return judgeDrop("Redis", { present, before, now: context.now }, limits);
  },
});

const total = ({ memory, redis, runs }: AnsweredReads) => memory + redis + runs;
const share = (part: number, rest: number) => (part + rest > 0 ? part / (part + rest) : 0);
const percent = (value: number) => `${Math.round(value * 100)} %`;

/** What of a stretch of reads concerns a level: all of them, or those that memory did not answer. */
const levels = {
  "query cache": {
    asked: total,
    answered: ({ memory, redis, runs }: AnsweredReads) => share(memory + redis, runs),
    subject: "The query cache answered",
    ofWhat: "of reads",
  },
  Redis: {
    asked: ({ redis, runs }: AnsweredReads) => redis + runs,
    answered: ({ redis, runs }: AnsweredReads) => share(redis, runs),
    subject: "Redis answered",
    ofWhat: "of the reads that reached it",
  },
};

/**
 * Judged only while at least half as many reads come in as usual: with fewer viewers there is less to share, and nothing
 * is wrong.
 */
export function judgeDrop(
  name: keyof typeof levels,
  { present, before, now }: { present: AnsweredReads; before: AnsweredReads; now: Date },
  threshold: Limits,
): CheckAnswer {
  const { asked, answered, subject, ofWhat } = levels[name];
  const busy = total(present) >= minReads && asked(present) >= minReads;
  if (busy && (before.coveredSeconds < minBaselineSeconds || total(before) < minReads))
    return noBaseline(name, before.coveredSeconds, now);
  const usual = before.perSecond * leastTraffic <= present.perSecond && asked(before) >= minReads;
  const judged = busy && usual;
  const lost = answered(before) - answered(present);
  const within = `in the last ${durationInWords(windowSeconds)}`;
  return {
    objects: [
      {
        object: { kind: "cache", name },
        state: judged ? stateAt(lost, threshold) : "ok",
        value: judged ? lost : null,
        threshold,
        since: null,
        words: {
          title: judged
            ? `${subject} ${percent(answered(present))} ${ofWhat} ${within}; over the past week it was ${percent(answered(before))}.`
            : `Too few reads ${within} to judge what ${name === "Redis" ? "Redis" : "the query cache"} answers.`,
          detail:
            "The audit database is asked more often than usual. “What the query cache holds” shows which statements miss. After a restart or a drop that passes by itself; full memory, refused answers or Redis being away do not.",
        },
      },
    ],
    complete: true,
  };
}

function noBaseline(name: keyof typeof levels, coveredSeconds: number, now: Date): CheckAnswer {
  const known = coveredSeconds < 1 ? "none yet" : `${durationInWords(coveredSeconds)} so far`;
  const reason = `Needs ${durationInWords(minBaselineSeconds)} of history; ${known}.`;
  const which = name === "Redis" ? "Redis" : "the query cache";
  return cannotJudge(`What ${which} usually answers is not known yet.`, {
    code: "insufficient_data",
    reason,
    until: new Date(now.getTime() + Math.max(0, minBaselineSeconds - coveredSeconds) * 1_000),
  });
}
