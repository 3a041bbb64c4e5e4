import { sql } from "drizzle-orm";
import { type HoldState, holdStates } from "../../../drizzle/console/schema/privacy.ts";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

/** How many holds there are in each state: what everybody may see of them. */
export async function countHolds(db: Queryable): Promise<Record<HoldState, number>> {
  const { legalHold } = schema;
  const rows = await db
    .select({ state: legalHold.state, holds: sql<number>`count(*)::int` })
    .from(legalHold)
    .groupBy(legalHold.state);
  const counted = new Map(rows.map(({ state, holds }) => [state, holds]));
  return Object.fromEntries(holdStates.map((state) => [state, counted.get(state) ?? 0])) as Record<
    HoldState,
    number
  >;
}
