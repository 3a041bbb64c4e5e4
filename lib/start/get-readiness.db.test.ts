import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../testing/database.ts";
import { getReadiness } from "./get-readiness.ts";

describe("readiness", () => {
  let migrated: Awaited<ReturnType<typeof createDatabase>>;
  let empty: Awaited<ReturnType<typeof createDatabase>>;
  beforeAll(async () => {
    migrated = await createDatabase({ server: 18, template: "console" });
    empty = await createDatabase({ server: 18, template: "empty" });
  });
  afterAll(async () => {
    await migrated.drop();
    await empty.drop();
  });

  test("a migrated database is ready", async () => {
    expect(await getReadiness(migrated)).toEqual({
      ready: true,
      parts: { consoleDatabase: "ok", migrations: "applied" },
    });
  });

  test("a database that lacks the newest migration is not", async () => {
    await migrated.sql`
      delete from drizzle.__drizzle_migrations
       where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
    expect((await getReadiness(migrated)).parts.migrations).toBe("pending");
  });

  test("an empty database is reachable but not migrated", async () => {
    expect(await getReadiness(empty)).toEqual({
      ready: false,
      parts: { consoleDatabase: "ok", migrations: "pending" },
      reason: expect.stringContaining("npm start"),
    });
  });

  test("a port where nothing listens is unreachable", async () => {
    const nowhere = postgres("postgres://a:b@127.0.0.1:1/c", { connect_timeout: 2, max: 1 });
    expect(await getReadiness({ sql: nowhere })).toEqual({
      ready: false,
      parts: { consoleDatabase: "unreachable", migrations: "unknown" },
      reason: "The console database cannot be reached (ECONNREFUSED).",
    });
    await nowhere.end({ timeout: 1 });
  });
});
