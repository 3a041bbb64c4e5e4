import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { growth } from "../collector/history/ratio.ts";
import { readRedis } from "./read-redis.ts";
import { redisObject } from "./redis-object.ts";
import { answerThresholds } from "./thresholds.ts";

const { windowSeconds, ...limits } = answerThresholds.redisRejects;
const minutes = windowSeconds / 60;
const connections = "redis.rejectedConnections";
const commands = "sharedCache.errors";

export interface Refusals {
  /** Connections that Redis refused for want of places, over the window. */
  connections: number;
  /** Commands that it refused or that failed. */
  commands: number;
}

/** Connections and commands that Redis turned away. */
export const redisRejects = defineCheck({
  id: "answers.redis_rejects",
  source: "Redis INFO stats, errorstats, over 5 min",
  why: "A refusal now and then is a reconnect; five a minute are a limit that is reached.",
  for: 60,
  keepFiringFor: 300,
  title: "Redis refusals",
  unit: "perMinute",
  path: "caches",
  runbook:
    "Connections are refused beyond maxclients: see who else connects (CLIENT LIST). Commands are refused when Redis is full and may not evict, or when its ACL forbids them to the console's user.",
  needs: "REDIS_URL, and five minutes of samples.",
  thresholds: { ...limits, direction: "rising" },
  optional: true,
  async evaluate(context, limitsFor) {
    const level = await readRedis(context);
    if ("code" in level) return cannotJudge("There is no Redis to judge.", level);
    const { audit, history, now } = context;
    const range = { from: new Date(now.getTime() - windowSeconds * 1_000), to: now };
    const { series, stepSeconds } = await history.totals(audit.target, [connections, commands], range);
    const refused = (name: string) => growth(series[name], stepSeconds);
    const refusals = { connections: refused(connections), commands: refused(commands) };
    return { objects: [judgeRejects(refusals, limitsFor(redisObject))], complete: true };
  },
});

export function judgeRejects(refusals: Refusals, threshold: Limits): ObjectState {
  const perMinute = (refusals.connections + refusals.commands) / minutes;
  return {
    object: redisObject,
    state: stateAt(perMinute, threshold),
    value: perMinute,
    threshold,
    since: null,
    words: {
      title: `Redis turned away ${Math.round(perMinute)} requests a minute.`,
      detail: `${Math.round(refusals.connections)} connections and ${Math.round(refusals.commands)} commands in ${minutes} min. Connections are refused beyond maxclients; commands when Redis is full and may not evict, or when its ACL forbids them to this user.`,
    },
  };
}
