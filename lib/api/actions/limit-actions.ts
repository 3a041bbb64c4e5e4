import { RateLimiterDrizzle, type RateLimiterRes } from "rate-limiter-flexible";
import type { Actor } from "../../auth/actor.ts";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";

const windowSeconds = 60;

/**
 * Counts one action of a person or token, in the console database for all processes at once, before anything of it is
 * read. The counts stand beside the guesses at passwords and are pruned with them.
 * @throws AppError RATE_LIMITED with the time until the minute is over
 */
export async function countAction(
  db: Queryable,
  actor: Pick<Actor, "kind" | "id">,
  perMinute: number,
): Promise<void> {
  const limiter = new RateLimiterDrizzle({
    storeClient: db,
    schema: schema.signInGuesses,
    keyPrefix: "action",
    points: perMinute,
    duration: windowSeconds,
    clearExpiredByTimeout: false,
  });
  try {
    await limiter.consume(`${actor.kind}:${actor.id}`);
  } catch (thrown) {
    // The limiter says no by throwing its answer, which is no Error.
    if (thrown instanceof Error) throw thrown;
    const { msBeforeNext } = thrown as RateLimiterRes;
    throw new AppError("RATE_LIMITED", `More than ${perMinute} actions within a minute.`, {
      retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
      hint: "Wait until the minute is over. An administrator of the console can set API_ACTIONS_PER_MINUTE.",
    });
  }
}
