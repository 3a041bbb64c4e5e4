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

/** Columns of `part_config` as releases of pg_partman 5 have them, with their defaults (sql/tables of each). */
const always = `parent_table text primary key, control text not null, partition_interval text not null,
  partition_type text not null, premake int not null default 4, automatic_maintenance text not null default 'on',
  template_table text, retention text, retention_schema text, retention_keep_index boolean not null default true,
  retention_keep_table boolean not null default true, epoch text not null default 'none', constraint_cols text[],
  optimize_constraint int not null default 30, infinite_time_partitions boolean not null default false,
  datetime_string text, jobmon boolean not null default true, sub_partition_set_full boolean not null default false,
  undo_in_progress boolean not null default false, inherit_privileges boolean default false,
  constraint_valid boolean not null default true, ignore_default_data boolean not null default true,
  date_trunc_interval text`;
const since51 = `maintenance_order int, retention_keep_publication boolean not null default false, maintenance_last_run timestamptz`;
const newest = `time_encoder text, time_decoder text, detach_before_drop boolean default false,
  maintenance_role text default current_user, async_partitioning_in_progress text,
  child_table_prefix text not null default '_p' check (child_table_prefix <> '')`;

test("the columns that each release of 5 has are read, and no other is needed", async () => {
  const database = await createDatabase({ server: 18, template: "empty" });
  const audit = connect({ target: "t", urls: { watch: database.url }, logger: quiet });
  try {
    for (const [schema, columns] of [
      ["five_0", [always]],
      ["five_1", [always, since51]],
      ["five_later", [always, since51, newest]],
    ] as const) {
      await database.sql.unsafe(`
        create schema ${schema}; create table ${schema}.part_config (${columns.join(", ")});
        insert into ${schema}.part_config (parent_table, control, partition_interval, partition_type, epoch, retention)
        values ('${schema}.visits', 'at', '1 week', 'range', 'microseconds', '1 year')`);
      if (columns.length > 1)
        await database.sql.unsafe(
          `update ${schema}.part_config set maintenance_last_run = '2026-02-03T04:05:06Z'`,
        );
    }
    const { data } = await getPartmanTables(audit);
    const read = (schema: string, lastRun: Date | null) => ({
      installation: { schema, version: null, tellsLastRun: lastRun !== null },
      ...{
        schema,
        name: "visits",
        parentTable: `${schema}.visits`,
        control: "at",
        type: "range",
        interval: "1 week",
      },
      ...{
        premake: 4,
        automatic: "on",
        epoch: "microseconds",
        retention: "1 year",
        retentionKeepTable: true,
      },
      ...{ infinite: false, template: null, undoInProgress: false, ignoreDefaultData: true, lastRun },
    });
    const ran = new Date("2026-02-03T04:05:06Z");
    expect(data.tables).toEqual([read("five_0", null), read("five_1", ran), read("five_later", ran)]);
  } finally {
    await audit.close();
    await database.drop();
  }
});
