import type { Capability, RedisAnswer } from "./types.ts";

/** The second cache level, from what the configured Redis answered; null: none is configured. */
export function describeRedis(redis: RedisAnswer | null): Capability {
  const known = {
    id: "redis",
    area: "console",
    title: "Redis",
    purpose: "Second level of the query cache: answers that the console's processes share.",
    needs: "REDIS_URL",
    required: false,
  } as const;
  if (redis === null)
    return {
      ...known,
      state: "missing",
      evidence: "Redis: not configured; each process keeps its own answers",
      enable: "REDIS_URL=redis://host:6379",
    };
  if (redis.problem !== null)
    return {
      ...known,
      state: "missing",
      evidence: `REDIS_URL is set, but ${redis.problem.replace(/\.$/, "")}`,
      enable: "Start the Redis server that REDIS_URL names, or let this machine through to it.",
    };
  const { version, mode, maxBytes, policy } = redis;
  return {
    ...known,
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
