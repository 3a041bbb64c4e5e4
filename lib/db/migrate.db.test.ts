import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { migrateConsole } from "./migrate.ts";

let empty: TestDatabase;
beforeAll(async () => {
  empty = await createDatabase({ server: 15, template: "empty" });
});
afterAll(() => empty.drop());

test("three processes at once migrate an empty database once", async () => {
  await Promise.all([migrateConsole(empty.url), migrateConsole(empty.url), migrateConsole(empty.url)]);
  await migrateConsole(empty.url);
  const applied = await empty.sql`select hash from drizzle.__drizzle_migrations`;
  expect(new Set(applied.map((row) => row.hash)).size).toBe(applied.length);
  const [tables] = await empty.sql<{ count: number }[]>`
    select count(*)::int as count from information_schema.tables
    where table_schema = 'public' and table_name in ('users', 'sessions', 'api_tokens', 'activity', 'outbox')`;
  expect(tables?.count).toBe(5);
});

test("the activity log refuses UPDATE, DELETE and TRUNCATE, even from its owner", async () => {
  const insert = () => empty.sql`
    insert into activity (id, actor_kind, actor_name, action, outcome)
    values (gen_random_uuid(), 'system', 'test', 'test', 'success')`;
  await insert();
  await expect(empty.sql`update activity set action = 'other'`).rejects.toThrow(/append-only: UPDATE/);
  await expect(empty.sql`delete from activity`).rejects.toThrow(/append-only: DELETE/);
  await expect(empty.sql`truncate activity`).rejects.toThrow(/append-only: TRUNCATE/);
  const replica = postgres(empty.url, { max: 1, connection: { session_replication_role: "replica" } });
  await expect(replica`delete from activity`).rejects.toThrow(/append-only: DELETE/);
  await replica.end();
});

test("an unreachable server, an unknown database and a refused role are told apart, without the URL", async () => {
  const unreachable = new URL(empty.url);
  unreachable.port = "1";
  await expect(migrateConsole(unreachable.href)).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining("cannot be reached"),
  });
  const unknown = new URL(empty.url);
  unknown.pathname = "/no_such_database";
  const failed = await migrateConsole(unknown.href).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("does not exist") });
  expect(String(failed)).not.toContain("no_such_database");

  const other = await createDatabase({ server: 15, template: "empty" });
  const login = await other.login();
  await other.sql`revoke create on schema public from public`;
  await expect(migrateConsole(login)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await other.drop();
});
