import { eq } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";

export type HoldRow = typeof schema.legalHold.$inferSelect;

/** A hold by its number or id. @throws AppError NOT_FOUND */
export async function requireHold(db: Queryable, hold: number | string): Promise<HoldRow> {
  const { legalHold } = schema;
  const [found] = await db
    .select()
    .from(legalHold)
    .where(typeof hold === "number" ? eq(legalHold.number, hold) : eq(legalHold.id, hold));
  if (found) return found;
  throw new AppError("NOT_FOUND", "There is no such hold.");
}
