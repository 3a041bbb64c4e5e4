import type { Queryable } from "../../db/console-db.ts";
import { sqlOf } from "../../db/sql-of.ts";
import { type HoldQuestion, judgeHold } from "../../holds/judge-hold.ts";
import { readStanding } from "../../holds/read-standing.ts";
import type { StandingHold } from "../../holds/types.ts";

/** A hold that may cover records of a person on a target. */
export interface HoldOnPerson extends StandingHold {
  /** Null: whatever records there are. */
  question: HoldQuestion | null;
}

/**
 * Holds that stand and cover records of these tokens on a target, or do if the records say so. Holds cover records, not
 * accounts: which ones, the target's rows are asked.
 */
export async function readHoldsOnPerson(
  db: Queryable,
  target: string,
  tokens: readonly string[],
): Promise<HoldOnPerson[]> {
  if (tokens.length === 0) return [];
  const { holds, people } = await readStanding(sqlOf(db), tokens);
  return holds.flatMap(({ scope, subject, ...hold }) => {
    const judged = judgeHold({ scope, subject }, { target, policy: "?", tokens }, people.tokensOf);
    if (judged === "misses") return [];
    return [{ ...hold, question: judged === "covers" ? null : judged }];
  });
}
