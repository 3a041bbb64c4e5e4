import type { CapabilityCheck, CapabilityStanding } from "../capability.ts";
import type { RedisAnswer } from "../capability-facts.ts";

/** What the query cache can rest on besides this process. */
export const answersCapabilities: CapabilityCheck[] = [
  {
    id: "redis",
    area: "console",
    title: "Redis",
    purpose: "Second level of the query cache: answers that the console's processes share.",
    needs: "REDIS_URL",
    examine: ({ configured }) => examineRedis(configured.redis),
  },
];

/** The second cache level, from what the configured Redis answered; null: none is configured. */
export function examineRedis(redis: RedisAnswer | null): CapabilityStanding {
  if (redis === null)
    return {
      state: "missing",
      evidence: "Redis: not configured; each process keeps its own answers",
      enable: "REDIS_URL=redis://host:6379",
    };
  if (redis.problem !== null)
    return {
      state: "missing",
      evidence: `REDIS_URL is set, but ${redis.problem.replace(/\.$/, "")}`,
      enable: "Start the Redis server that REDIS_URL names, or let this machine through to it.",
    };
  const { version, mode, maxBytes, policy } = redis;
  return {
    state: "present",
    evidence: `Redis ${version} (${mode}) is the second level; ${limitInWords(maxBytes, policy)}`,
    enable: null,
  };
}

function limitInWords(maxBytes: number, policy: string): string {
  if (maxBytes === 0) return `without maxmemory (policy ${policy}) it grows until the machine is full`;
  const limit = `maxmemory ${Math.round(maxBytes / 1_048_576)} MB, policy ${policy}`;
  return policy === "noeviction" ? `${limit}: it refuses new answers once it is full` : limit;
}
