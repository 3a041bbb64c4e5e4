import type { RedisServer } from "./query-cache-types.ts";

export type RedisLimits = Pick<RedisServer, "maxBytes" | "policy">;

/** What happens to a Redis that fills up, where that is not what a cache needs. */
export function findLimitProblem({ maxBytes, policy }: RedisLimits): "no_limit" | "refuses" | null {
  if (maxBytes === 0) return "no_limit";
  // All keys have a time to live, so that the volatile policies make room as well as the others.
  return policy === "noeviction" ? "refuses" : null;
}

const words = {
  no_limit:
    "No maxmemory: Redis grows until the machine has no memory left. Set maxmemory, and maxmemory-policy allkeys-lru.",
  refuses:
    "maxmemory-policy is noeviction: once Redis is full it refuses new answers. Set maxmemory-policy allkeys-lru.",
};

/** What about Redis is not as it should be, each with what to do. */
export function warnAboutRedis(server: RedisLimits | null): string[] {
  const problem = server && findLimitProblem(server);
  return problem ? [words[problem]] : [];
}
