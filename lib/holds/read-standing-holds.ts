import { asc, ne } from "drizzle-orm";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { holdScope } from "./hold-scope.ts";
import type { JudgedHold } from "./types.ts";

/** Holds that keep something back, also those that wait to be in force, in order of their numbers. */
export async function readStandingHolds(db: Queryable): Promise<JudgedHold[]> {
  const { legalHold } = schema;
  const rows = await db
    .select({
      id: legalHold.id,
      number: legalHold.number,
      name: legalHold.name,
      scope: legalHold.scope,
      subject: legalHold.subject,
    })
    .from(legalHold)
    .where(ne(legalHold.state, "released"))
    .orderBy(asc(legalHold.number));
  // What was kept is what was placed: one that this version cannot read holds nothing open, so it must fail.
  return rows.map(({ scope, ...row }) => ({ ...row, scope: holdScope.parse(scope) }));
}
