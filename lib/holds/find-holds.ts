import type { Queryable } from "../db/console-db.ts";
import { sqlOf } from "../db/sql-of.ts";
import { AppError, toAppError } from "../errors.ts";
import { anyRowMeets } from "./ask-target.ts";
import { type HoldQuestion, judgeHold } from "./judge-hold.ts";
import { readStanding, type Standing } from "./read-standing.ts";
import type { Destruction, GateContext, HeldBy, StandingHold } from "./types.ts";

/**
 * What keeps destructions back now: holds that stand and cover any of them, and restrictions of the people they concern.
 * An answer for people to see; whoever destroys passes the gate, which asks the same under its lock.
 * @throws AppError UNAVAILABLE when a target that must be asked cannot be: nothing may be destroyed then
 */
export async function findHolds(
  context: Pick<GateContext, "openTarget">,
  db: Queryable,
  destructions: readonly Destruction[],
): Promise<HeldBy> {
  return judgeStanding(context, await readStanding(sqlOf(db), tokensOf(destructions)), destructions);
}

export function tokensOf(destructions: readonly Destruction[]): string[] {
  return destructions.flatMap(({ tokens }) => tokens);
}

/** Which of what stands covers any of them. @param standing read with their tokens. @throws as `findHolds` */
export async function judgeStanding(
  { openTarget }: Pick<GateContext, "openTarget">,
  { holds, people }: Standing,
  destructions: readonly Destruction[],
): Promise<HeldBy> {
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
    restricted: tokensOf(destructions).some(people.isRestricted),
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
