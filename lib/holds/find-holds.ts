import type { Queryable } from "../db/console-db.ts";
import { AppError, toAppError } from "../errors.ts";
import { anyRowMeets } from "./ask-target.ts";
import { type HoldQuestion, judgeHold } from "./judge-hold.ts";
import { readPeople } from "./read-people.ts";
import { readStandingHolds } from "./read-standing-holds.ts";
import type { Destruction, GateContext, HeldBy, StandingHold } from "./types.ts";

/**
 * What keeps destructions back now: holds that stand and cover any of them, and restrictions of the people they concern.
 * An answer for people to see; whoever destroys passes the gate, which asks the same under its lock.
 * @throws AppError UNAVAILABLE when a target that must be asked cannot be: nothing may be destroyed then
 */
export async function findHolds(
  { openTarget }: Pick<GateContext, "openTarget">,
  db: Queryable,
  destructions: readonly Destruction[],
): Promise<HeldBy> {
  const holds = await readStandingHolds(db);
  const tokens = destructions.flatMap((destruction) => destruction.tokens);
  const people = await readPeople(db, { tokens, subjects: holds.map(({ subject }) => subject) });
  const covering = new Map<string, StandingHold>();
  const open: { hold: StandingHold; target: string; question: HoldQuestion }[] = [];
  for (const { scope, subject, ...hold } of holds)
    for (const destruction of destructions) {
      const judged = judgeHold({ scope, subject }, destruction, people.tokensOf);
      if (judged === "covers") covering.set(hold.id, hold);
      else if (judged !== "misses") open.push({ hold, target: destruction.target, question: judged });
    }
  for (const { hold, target, question } of open)
    if (!covering.has(hold.id) && (await ask(openTarget, target, hold, question)))
      covering.set(hold.id, hold);
  return {
    holds: [...covering.values()].toSorted((a, b) => a.number - b.number),
    restricted: tokens.some(people.isRestricted),
  };
}

async function ask(
  openTarget: GateContext["openTarget"],
  target: string,
  hold: StandingHold,
  question: HoldQuestion,
): Promise<boolean> {
  try {
    const audit = openTarget(target);
    if (!audit) throw new AppError("NOT_FOUND", `There is no target named "${target}".`);
    return await audit.use("read", "holds.ask", (sql) => anyRowMeets(sql, question));
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    throw new AppError(
      "UNAVAILABLE",
      `Nothing is destroyed: whether hold #${hold.number} covers it could not be asked of ${target}. ${message}`,
      { cause: thrown, untouched: true, ...(hint !== undefined && { hint }) },
    );
  }
}
