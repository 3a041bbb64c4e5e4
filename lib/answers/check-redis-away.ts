import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import type { SharedLevel } from "./query-cache-types.ts";
import { readRedis } from "./read-redis.ts";
import { redisObject } from "./redis-object.ts";
import { answerThresholds } from "./thresholds.ts";

/** A second level that is configured and that processes do not reach. */
export const redisAway = defineCheck({
  id: "answers.redis_away",
  source: "the engine's own connection to Redis",
  why: "Redis restarts within seconds; reads go on without it, so it warns at most and after 30 s.",
  keepFiringFor: 60,
  title: "Redis away",
  unit: "seconds",
  path: "caches",
  runbook:
    "Reads work without Redis, but answers are not shared between processes, so the audit database is asked more often. Start the Redis server that REDIS_URL names, or let this machine through to it; the console finds it again by itself.",
  needs: "REDIS_URL.",
  thresholds: { ...answerThresholds.redisAway, direction: "rising" },
  whileDown: true,
  optional: true,
  async evaluate(context, limitsFor) {
    const level = await readRedis(context);
    if ("code" in level) return cannotJudge("There is no Redis to judge.", level);
    // None of the processes has asked it yet.
    if (level.state === "connecting") return { objects: [], complete: false };
    return { objects: [judgeAway(level, context.now, limitsFor(redisObject))], complete: true };
  },
});

export function judgeAway(level: SharedLevel, now: Date, threshold: Limits): ObjectState {
  const { state, since, reason, processes, reaching } = level;
  const away = state === "down" || state === "partly";
  const seconds = away ? (since ? (now.getTime() - since.getTime()) / 1_000 : null) : 0;
  const who =
    state === "down"
      ? "no process reaches it"
      : `${processes - reaching} of ${processes} processes do not reach it`;
  return {
    object: redisObject,
    state: !away ? "ok" : seconds === null ? "warning" : stateAt(seconds, threshold),
    value: seconds,
    threshold,
    since: away ? since : null,
    words: {
      title: away
        ? `Redis is away: ${who} (${reason ?? "it does not answer"}).`
        : "Every process reaches Redis.",
      detail:
        "Reads work without it, but answers are not shared between processes, so the audit database is asked more often. Start the Redis server that REDIS_URL names, or let this machine through to it; the console finds it again by itself.",
    },
  };
}
