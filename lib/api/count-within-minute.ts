import { RateLimiterDrizzle, type RateLimiterRes } from "rate-limiter-flexible";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

const windowSeconds = 60;

/** What is counted: `prefix:key`. */
export interface Counted {
  prefix: string;
  key: string;
  perMinute: number;
}

/**
 * Counts one of something within a minute, in the console database for all processes at once. The counts stand beside the
 * guesses at passwords and are pruned with them.
 * @throws AppError RATE_LIMITED with the time until the minute is over
 */
export async function countWithinMinute(
  db: Queryable,
  { prefix, key, perMinute }: Counted,
  tell: () => { message: string; hint: string },
): Promise<void> {
  const limiter = new RateLimiterDrizzle({
    storeClient: db,
    schema: schema.signInGuesses,
    keyPrefix: prefix,
    points: perMinute,
    duration: windowSeconds,
    clearExpiredByTimeout: false,
  });
  try {
    await limiter.consume(key);
  } catch (thrown) {
    // The limiter says no by throwing its answer, which is no Error.
    if (thrown instanceof Error) throw thrown;
    const { msBeforeNext } = thrown as RateLimiterRes;
    const { message, hint } = tell();
    const retryAfterSeconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    throw new AppError("RATE_LIMITED", message, { retryAfterSeconds, hint });
  }
}
