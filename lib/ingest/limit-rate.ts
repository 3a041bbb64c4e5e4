import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
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
export function createRateLimit(eventsPerSecond: number, redis?: unknown): RateLimit {
  const points = eventsPerSecond * windowSeconds;
  const memory = new RateLimiterMemory({ points, duration: windowSeconds });
  const limiter: RateLimiterAbstract = redis
    ? new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: "audit-db:ingest",
        points,
        duration: windowSeconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: memory,
      })
    : memory;
  return {
    async take(tokenId, events) {
      try {
        await limiter.consume(tokenId, Math.max(1, events));
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        throw new AppError(
          "RATE_LIMITED",
          `This token handed in more than ${eventsPerSecond} events a second.`,
          {
            retryAfterSeconds: Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000)),
            hint: "Wait as Retry-After says, or raise INGEST_EVENTS_PER_SECOND.",
          },
        );
      }
    },
  };
}
