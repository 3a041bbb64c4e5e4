import { sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { type ConsoleDb, consoleDb } from "../db/console-db.ts";
import { recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { systemActor } from "./actor.ts";
import { assertPassword, hashPassword, oneTimePassword } from "./passwords.ts";

/**
 * Makes the first administrator when there is no user at all; several processes at once make one.
 * @returns `oneTimePassword` only when this call made the account and no password was given: show it once.
 * @throws AppError BAD_INPUT when the given password is too weak.
 */
export async function ensureFirstAdmin(
  given: { email: string; password?: string },
  console: ConsoleDb = consoleDb(),
): Promise<{ created: boolean; email: string; oneTimePassword?: string }> {
  const email = given.email.trim().toLowerCase();
  const someone = await console.db.select({ id: schema.users.id }).from(schema.users).limit(1);
  if (someone.length > 0) return { created: false, email };
  if (given.password) await assertPassword(given.password, email, "ADMIN_PASSWORD");
  const password = given.password ?? oneTimePassword();
  const passwordHash = await hashPassword(password);
  return console.db.transaction(async (tx) => {
    await tx.execute(sql`lock table users in share row exclusive mode`);
    const taken = await tx.select({ id: schema.users.id }).from(schema.users).limit(1);
    if (taken.length > 0) return { created: false, email };
    const id = uuidV7();
    await tx.insert(schema.users).values({
      id,
      email,
      name: "Administrator",
      role: "admin",
      passwordHash,
      mustChangePassword: !given.password,
    });
    const actor = systemActor("first start");
    await recordActivity(
      tx,
      {
        actor,
        action: "user.create",
        outcome: "success",
        object: { type: "user", id, name: email },
        facts: { role: "admin" },
      },
      [],
    );
    return { created: true, email, ...(!given.password && { oneTimePassword: password }) };
  });
}
