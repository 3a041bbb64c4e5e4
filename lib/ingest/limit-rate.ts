import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from "rate-limiter-flexible";
import type { RedisCache } from "../audit-db/cache/redis/redis-cache.ts";
import { AppError } from "../errors.ts";

const windowSeconds = 10;

export interface RateLimit {
  /**
   * Counts `events` against a token's allowance.
   * @throws AppError RATE_LIMITED with the seconds to wait
   */
  take(tokenId: string, events: number): Promise<void>;
}

/**
 * An allowance of events for each token over ten seconds; with Redis one for all processes, and while Redis is
 * away one for each.
 */
export function createRateLimit(
  eventsPerSecond: number,
  redis?: Pick<RedisCache, "client" | "attempt">,
): RateLimit {
  const allowance = { points: eventsPerSecond * windowSeconds, duration: windowSeconds };
  const ofProcess = new RateLimiterMemory(allowance);
  const ofAll =
    redis && new RateLimiterRedis({ ...allowance, storeClient: redis.client, keyPrefix: "audit-db:ingest" });
  return {
    async take(tokenId, events) {
      const points = Math.max(1, events);
      const answer =
        (ofAll && (await redis.attempt(() => consume(ofAll, tokenId, points)))) ??
        (await consume(ofProcess, tokenId, points));
      if (answer.refused) {
        throw new AppError(
          "RATE_LIMITED",
          `This token handed in more than ${eventsPerSecond} events a second.`,
          {
            retryAfterSeconds: Math.max(1, Math.ceil(answer.refused.msBeforeNext / 1_000)),
            hint: "Wait as Retry-After says, or raise INGEST_EVENTS_PER_SECOND.",
          },
        );
      }
    },
  };
}

/** The limiter says no by throwing; to whoever stands before Redis that is an answer like any other. */
async function consume(
  limiter: RateLimiterAbstract,
  tokenId: string,
  points: number,
): Promise<{ refused: RateLimiterRes | null }> {
  try {
    await limiter.consume(tokenId, points);
    return { refused: null };
  } catch (thrown) {
    // Not by class: each of Next's bundles has its own copy of the library, and the limiter is one for all.
    if (thrown instanceof Error) throw thrown;
    return { refused: thrown as RateLimiterRes };
  }
}
