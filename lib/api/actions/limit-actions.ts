import type { Actor } from "../../auth/actor.ts";
import type { Queryable } from "../../db/console-db.ts";
import { countWithinMinute } from "../count-within-minute.ts";

/**
 * Counts one action of a person or token, before anything of it is read.
 * @throws AppError RATE_LIMITED with the time until the minute is over
 */
export async function countAction(
  db: Queryable,
  { kind, id }: Pick<Actor, "kind" | "id">,
  perMinute: number,
): Promise<void> {
  await countWithinMinute(db, { prefix: "action", key: `${kind}:${id}`, perMinute }, () => ({
    message: `More than ${perMinute} actions within a minute.`,
    hint: "Wait until the minute is over. An administrator of the console can set API_ACTIONS_PER_MINUTE.",
  }));
}
