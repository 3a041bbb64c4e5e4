import type { Queryable } from "../../db/console-db.ts";
import { countWithinMinute } from "../count-within-minute.ts";

/** Messages within a minute: of whoever calls, before anything of them is read, and of a source that has signed. */
export const intakeLimits = { "intake-address": 300, "intake-source": 120 } as const;

/** Counts a message, for all processes at once. @throws AppError RATE_LIMITED with the time until the minute is over */
export async function countIntake(
  db: Queryable,
  what: keyof typeof intakeLimits,
  whose: string,
): Promise<void> {
  const perMinute = intakeLimits[what];
  await countWithinMinute(db, { prefix: what, key: whose, perMinute }, () => ({
    message: `More than ${perMinute} messages within a minute.`,
    hint: "Wait until the minute is over.",
  }));
}
