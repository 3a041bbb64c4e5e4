import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { expectedDuties } from "../duties/expected-duties.ts";
import { type DutyState, listDuties } from "../duties/list-duties.ts";
import { env } from "../env.ts";

/** What workers do over and over, each with who leads it: of every target, or of those an actor may see. */
export async function getDuties(
  { sql }: ConsoleDb,
  { targets }: Pick<Actor, "targets">,
): Promise<DutyState[]> {
  const expected = expectedDuties(env());
  return listDuties(sql, targets ? expected.filter(({ target }) => targets.includes(target)) : expected);
}
