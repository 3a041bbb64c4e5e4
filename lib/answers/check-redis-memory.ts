import {
  type Check,
  type CheckAnswer,
  type CheckContext,
  cannotJudge,
  defineCheck,
  type Limits,
  type ObjectState,
  stateAt,
} from "../check.ts";
import type { RedisServer } from "./query-cache-types.ts";
import { readRedis } from "./read-redis.ts";
import { redisObject } from "./redis-object.ts";
import { answerThresholds } from "./thresholds.ts";
import { findLimitProblem, warnAboutRedis } from "./warn-about-redis.ts";

const common = {
  path: "caches",
  needs: "REDIS_URL, and a Redis that answers INFO.",
  whileDown: true,
  optional: true,
} as const satisfies Partial<Check>;

/** Memory used of what Redis may use. */
export const redisMemory = defineCheck({
  ...common,
  id: "answers.redis_memory",
  source: "Redis INFO memory",
  why: "At 90 % of maxmemory Redis begins to make room; it is a warning at most, because making room is what a cache does. It must hold for five minutes.",
  for: 300,
  keepFiringFor: 300,
  title: "Redis memory",
  unit: "ratio",
  runbook:
    "A cache that makes room by itself is full in the ordinary course of things: raise maxmemory only if answers are rarely found there. With maxmemory-policy noeviction new answers are refused once it is full: set allkeys-lru.",
  thresholds: { ...answerThresholds.redisMemory, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgeServer(context, (server) =>
      server.maxBytes === 0 ? [] : [judgeMemory(server, limitsFor(redisObject))],
    ),
});

/** Nothing keeps Redis from taking all of its machine's memory. */
export const redisUnlimited = defineCheck({
  ...common,
  id: "answers.redis_unlimited",
  source: "Redis INFO memory",
  why: "A setting, not a figure: it is so or not.",
  title: "Redis without a memory limit",
  unit: null,
  runbook:
    "Without maxmemory Redis grows until its machine has no memory left, and the kernel ends it or a neighbour. Set maxmemory, and maxmemory-policy allkeys-lru.",
  thresholds: null,
  evaluate: (context) => judgeServer(context, (server) => [judgeProblem(server, "no_limit")]),
});

/** Full, it refuses new answers where a cache should drop old ones. */
export const redisNoeviction = defineCheck({
  ...common,
  id: "answers.redis_noeviction",
  source: "Redis INFO memory",
  why: "A setting, not a figure: it is so or not.",
  title: "Redis refuses when full",
  unit: null,
  runbook:
    "maxmemory-policy is noeviction: once Redis is full, no new answer is kept. Every key of the console has a time to live; allkeys-lru or a volatile policy makes room by itself.",
  thresholds: null,
  evaluate: (context) => judgeServer(context, (server) => [judgeProblem(server, "refuses")]),
});

/** Last known figures are none: while Redis is away its last states stay. */
async function judgeServer(
  context: CheckContext,
  judge: (server: RedisServer) => ObjectState[],
): Promise<CheckAnswer> {
  const level = await readRedis(context);
  if ("code" in level) return cannotJudge("There is no Redis to judge.", level);
  if (!level.server?.current) return { objects: [], complete: false };
  return { objects: judge(level.server), complete: true };
}

export function judgeMemory(server: RedisServer, threshold: Limits): ObjectState {
  const used = server.usedBytes / server.maxBytes;
  // A cache that makes room by itself is full in the ordinary course of things.
  const refuses = findLimitProblem(server) === "refuses";
  const beyond = stateAt(used, threshold);
  const room = beyond === "ok" || refuses ? "" : ` and makes room by ${server.policy}`;
  return {
    object: redisObject,
    state: beyond === "warning" && !refuses ? "notice" : beyond,
    value: used,
    threshold,
    since: null,
    words: {
      title: `Redis has used ${Math.floor(used * 100)} % of its maxmemory${room}.`,
      detail: refuses
        ? "Its policy is noeviction: once it is full, new answers are refused. Set maxmemory-policy allkeys-lru, or raise maxmemory."
        : "Old answers give way to new ones. If answers are rarely found there, raise maxmemory.",
    },
  };
}

const problems = {
  no_limit: { bad: "Redis has no memory limit.", good: "Redis has a memory limit." },
  refuses: {
    bad: "Redis refuses new answers once it is full.",
    good: "Redis makes room by itself once it is full.",
  },
};

export function judgeProblem(server: RedisServer, problem: keyof typeof problems): ObjectState {
  const bad = findLimitProblem(server) === problem;
  return {
    object: redisObject,
    state: bad ? "notice" : "ok",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: problems[problem][bad ? "bad" : "good"],
      detail: bad ? (warnAboutRedis(server)[0] ?? "") : `maxmemory-policy is ${server.policy}.`,
    },
  };
}
