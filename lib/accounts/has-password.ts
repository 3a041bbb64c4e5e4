import { and, eq, isNotNull } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

/** Whether a user has a password here, or comes through single sign-on only. */
export async function hasPassword({ db }: ConsoleDb, userId: string): Promise<boolean> {
  const { users } = schema;
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), isNotNull(users.passwordHash)));
  return found.length > 0;
}
