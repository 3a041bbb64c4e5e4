import { and, asc, inArray, isNotNull } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { judgeHold } from "./judge-hold.ts";
import { readPeople } from "./read-people.ts";
import type { Destruction, JudgedHold } from "./types.ts";

/** Effects of which nobody knows yet whether they happened, or will. */
export const unsettled = ["intended", "unknown"] as const;

/**
 * Ids of destructions that began outside the console before a hold and are not settled, oldest first: those that it covers,
 * and those of which only the target's rows could tell. Asked once the hold gate is closed, so that none begins meanwhile.
 */
export async function findAwaited(
  tx: Queryable,
  hold: Pick<JudgedHold, "scope" | "subject">,
): Promise<string[]> {
  const { effect } = schema;
  const rows = await tx
    .select({ id: effect.id, destroys: effect.destroys })
    .from(effect)
    .where(and(inArray(effect.state, unsettled), isNotNull(effect.destroys)))
    .orderBy(asc(effect.id));
  const begun = rows.map(({ id, destroys }) => ({ id, destroys: destroys as Destruction[] }));
  const tokens = begun.flatMap(({ destroys }) => destroys.flatMap((one) => one.tokens));
  const { tokensOf } = await readPeople(tx, { tokens, subjects: [hold.subject] });
  return begun
    .filter(({ destroys }) => destroys.some((one) => judgeHold(hold, one, tokensOf) !== "misses"))
    .map(({ id }) => id);
}
