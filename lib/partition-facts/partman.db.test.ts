import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createPartmanTables } from "../testing/partman.ts";
import { findPartmanTable, getPartmanTables, isManagedByPartman } from "./partman.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let sql: Sql;
  const engines: AuditDb[] = [];
  const open = (url: string) => {
    const audit = connect({ target: "t", urls: { watch: url }, logger: quiet });
    engines.push(audit);
    return audit;
  };

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
  });
  afterAll(async () => {
    await Promise.all(engines.map((audit) => audit.close()));
    await sql?.end({ timeout: 1 });
    await database?.drop();
  });

  test("a table called part_config that is none of pg_partman's is not taken for it", async () => {
    await sql`create table public.part_config (parent_table text, note text)`;
    expect((await getPartmanTables(open(database.url))).data).toEqual({ installations: [], tables: [] });
  });

  test("its tables are known by the configuration, once the watching role may read it", async () => {
    await createPartmanTables(sql, server);
    const watcher = await database.login(["pg_monitor"]);
    const before = await getPartmanTables(open(watcher));
    expect(before.data.tables).toEqual([]);
    expect(before.data.installations).toHaveLength(1);
    expect(before.unavailable).toMatchObject({ code: "no_grant" });
    await sql.unsafe(before.unavailable?.enable ?? "");

    const { data, unavailable } = await getPartmanTables(open(watcher));
    expect(unavailable).toBeUndefined();
    const table = findPartmanTable(data, { schema: "part", name: "access_log" });
    expect(table).toMatchObject({
      installation:
        server === 15
          ? { schema: "partman", version: "4.7.2", tellsLastRun: false }
          : { schema: "partman", version: null, tellsLastRun: true },
      parentTable: "part.access_log",
      control: "ts",
      type: server === 15 ? "native" : "range",
      interval: "1 day",
      premake: 5,
      automatic: "on",
      undoInProgress: false,
      lastRun: null,
    });
    expect(isManagedByPartman(data, { schema: "part", name: "access_log" })).toBe(true);
    expect(isManagedByPartman(data, { schema: "public", name: "access_log" })).toBe(false);
  });

  test("with its automatic maintenance off it is known, and managed no more", async () => {
    await sql`update partman.part_config set automatic_maintenance = 'off'`;
    const { data } = await getPartmanTables(open(database.url));
    expect(findPartmanTable(data, { schema: "part", name: "access_log" })?.automatic).toBe("off");
    expect(isManagedByPartman(data, { schema: "part", name: "access_log" })).toBe(false);
  });
});
