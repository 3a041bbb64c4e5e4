import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import { consoleLocks } from "../db/locks.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { VerbContext } from "../verbs/admin-action.ts";

export type UserRow = typeof schema.users.$inferSelect;

/**
 * The user, locked for change. Verbs on accounts take turns (one advisory lock), so that two administrators
 * cannot demote each other at the same moment.
 * @throws AppError NOT_FOUND
 */
export async function lockUser({ tx }: VerbContext, id: string): Promise<UserRow> {
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.accounts})`);
  const [user] = await tx.select().from(schema.users).where(eq(schema.users.id, id)).for("update");
  if (!user) throw new AppError("NOT_FOUND", "There is no such user.");
  return user;
}

/** @throws AppError FORBIDDEN when the actor is that user. */
export function refuseSelf({ actor }: VerbContext, userId: string, message: string): void {
  if (actor.kind === "user" && actor.id === userId) throw new AppError("FORBIDDEN", message);
}

/** @throws AppError CONFLICT when nobody else could administer afterwards. */
export async function keepOneAdmin({ tx }: VerbContext, user: UserRow): Promise<void> {
  if (user.role !== "admin" || user.disabledAt) return;
  const { users } = schema;
  const [others] = await tx
    .select({ count: count() })
    .from(users)
    .where(and(eq(users.role, "admin"), isNull(users.disabledAt), ne(users.id, user.id)));
  if ((others?.count ?? 0) === 0) {
    throw new AppError("CONFLICT", "This is the last administrator. Make another one first.");
  }
}

/** How a user stands in the activity log. */
export function userObject(user: { id: string; email: string }) {
  return { type: "user", id: user.id, name: user.email };
}
