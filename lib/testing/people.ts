import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { Actor } from "../auth/actor.ts";
import { hashPassword } from "../auth/passwords.ts";
import { createSession, sessionActor } from "../auth/sessions.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

export const password = "three quiet lamps";

/** A console database of one test file, with its pools. */
export async function createConsole(): Promise<{
  test: TestDatabase;
  console: ConsoleDb;
  drop(): Promise<void>;
}> {
  const test = await createDatabase({ template: "console" });
  const console = openConsoleDb(test.url, { max: 4 });
  return {
    test,
    console,
    async drop() {
      await console.close();
      await test.drop();
    },
  };
}

/** A user with `password`, unless given otherwise. */
export async function addUser(
  { db }: ConsoleDb,
  role: Role,
  given: Partial<typeof schema.users.$inferInsert> = {},
): Promise<{ id: string; email: string }> {
  const id = uuidV7();
  const email = given.email ?? `${role}-${id.slice(-6)}@example.test`;
  await db
    .insert(schema.users)
    .values({ id, email, name: role, role, passwordHash: await hashPassword(password), ...given });
  return { id, email };
}

/** A user with an open session, as the console sees them. */
export async function addActor(console: ConsoleDb, role: Role): Promise<Actor> {
  const user = await addUser(console, role);
  const now = new Date();
  const sessionId = await console.db.transaction((tx) =>
    createSession(
      tx,
      { userId: user.id, method: "password", ip: null, userAgent: "test", reauthenticatedAt: now },
      now,
    ),
  );
  const actor = await sessionActor(console.db, sessionId, "192.0.2.1", now);
  if (!actor) throw new Error("a session that was just opened is not valid");
  return actor;
}
