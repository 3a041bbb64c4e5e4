import type { Finding } from "../finding.ts";
import type { SharedLevel } from "./query-cache-types.ts";
import { answerThresholds } from "./thresholds.ts";
import { findLimitProblem, warnAboutRedis } from "./warn-about-redis.ts";

const path = "caches";

export interface Refusals {
  /** Connections that Redis refused for want of places, over the window. */
  connections: number;
  /** Commands that it refused or that failed. */
  commands: number;
}

type Thresholds = Pick<typeof answerThresholds, "redisAway" | "redisMemory" | "redisRejects">;

/** What is wrong with a second level that is configured; none while no process has asked it yet. */
export function judgeRedis(
  level: SharedLevel,
  refusals: Refusals,
  now: Date,
  thresholds: Thresholds = answerThresholds,
): Finding[] {
  return [
    ...judgeAway(level, now, thresholds.redisAway),
    ...judgeMemory(level, thresholds.redisMemory),
    ...judgeLimits(level),
    ...judgeRejects(refusals, thresholds.redisRejects),
  ];
}

function judgeAway(
  { state, since, reason, processes, reaching }: SharedLevel,
  now: Date,
  { seconds }: Thresholds["redisAway"],
): Finding[] {
  if (state !== "down" && state !== "partly") return [];
  if (since && now.getTime() - since.getTime() < seconds * 1_000) return [];
  const who =
    state === "down"
      ? "no process reaches it"
      : `${processes - reaching} of ${processes} processes do not reach it`;
  return [
    {
      check: "caches.redisAway",
      severity: "warning",
      title: `Redis is away: ${who} (${reason ?? "it does not answer"}).`,
      detail:
        "Reads work without it, but answers are not shared between processes, so the audit database is asked more often. Start the Redis server that REDIS_URL names, or let this machine through to it; the console finds it again by itself.",
      ...(since && { since }),
      path,
    },
  ];
}

function judgeMemory({ server }: SharedLevel, limits: Thresholds["redisMemory"]): Finding[] {
  if (!server?.current || server.maxBytes === 0) return [];
  const used = server.usedBytes / server.maxBytes;
  if (used < limits.full) return [];
  // A cache that makes room by itself is full in the ordinary course of things.
  const refuses = findLimitProblem(server) === "refuses";
  return [
    {
      check: "caches.redisMemory",
      severity: refuses ? "warning" : "notice",
      title: `Redis has used ${Math.floor(used * 100)} % of its maxmemory${refuses ? "" : ` and makes room by ${server.policy}`}.`,
      detail: refuses
        ? "Its policy is noeviction: once it is full, new answers are refused. Set maxmemory-policy allkeys-lru, or raise maxmemory."
        : "Old answers give way to new ones. If answers are rarely found there, raise maxmemory.",
      path,
    },
  ];
}

function judgeLimits({ server }: SharedLevel): Finding[] {
  const [warning] = server?.current ? warnAboutRedis(server) : [];
  if (!server || !warning) return [];
  return [
    {
      check: "caches.redisLimits",
      severity: "notice",
      title:
        server.maxBytes === 0 ? "Redis has no memory limit." : "Redis refuses new answers once it is full.",
      detail: warning,
      path,
    },
  ];
}

function judgeRejects({ connections, commands }: Refusals, limits: Thresholds["redisRejects"]): Finding[] {
  const minutes = limits.windowSeconds / 60;
  const perMinute = (connections + commands) / minutes;
  if (perMinute <= limits.perMinuteAbove) return [];
  return [
    {
      check: "caches.redisRejects",
      severity: "warning",
      title: `Redis turned away ${Math.round(perMinute)} requests a minute.`,
      detail: `${Math.round(connections)} connections and ${Math.round(commands)} commands in ${minutes} min. Connections are refused beyond maxclients; commands when Redis is full and may not evict, or when its ACL forbids them to this user.`,
      path,
    },
  ];
}
