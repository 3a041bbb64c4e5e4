import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerRead } from "../api/answer-read.ts";
import { endpoints } from "../api/endpoints.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import type { RelationCacheList } from "../buffers/types.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import type { ServerConnections } from "../connections/types.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import type { DatabaseAge } from "../maintenance/get-database-ages.ts";
import type { IndexFaults } from "../maintenance/get-index-faults.ts";
import type { Sequences } from "../maintenance/get-sequences.ts";
import type { WatchedSettings } from "../maintenance/read-settings.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { reads } from "../reads.ts";
import { runRead } from "../run-read.ts";
import type { DatabaseGrowth } from "../storage/get-database-growth.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { type Stranger, startStranger } from "../testing/stranger.ts";

const viewer: Actor = { ...systemActor("test"), kind: "token", role: "viewer" };
const main = path.resolve(import.meta.dirname, "main.ts");

/** Beside the partitions, which have a file of their own: what the other lists say of it, and what psql says. */
describe.each([15, 18] as const)("what is told of the stranger's database on PostgreSQL %i", (server) => {
  let stranger: Stranger;
  let console: TestDatabase;

  beforeAll(async () => {
    [stranger, console] = await Promise.all([startStranger(server), createDatabase({ template: "console" })]);
    await stranger.sql.unsafe(
      `grant select on all sequences in schema "Weird Schema.ü" to ${quoteIdentifier(stranger.watchRole)}`,
    );
    replaceEnv({
      AUDIT_DATABASE_URL: stranger.watchUrl,
      CONSOLE_DATABASE_URL: console.url,
      LOG_LEVEL: "silent",
    });
    await createPartitions(console.sql, new Date());
  }, 120_000);
  afterAll(async () => {
    await Promise.all([closeTargets(), closeConsoleDb()]);
    await Promise.all([stranger?.close(), console?.drop()]);
  });

  async function read<T>(name: keyof typeof reads, input: unknown = {}): Promise<T> {
    const answer = await runRead(viewer, { name, target: "audit", input });
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
    return answer.data as T;
  }

  async function ask<T>(name: "databaseAges" | "sequences" | "indexFaults" | "watchedSettings"): Promise<T> {
    const parameters = { target: "audit" };
    const answer = await answerRead(endpoints[name], {
      actor: viewer,
      url: "http://console/api",
      parameters,
    });
    const { data, detail } = await answer.json();
    expect([answer.status, detail]).toEqual([200, undefined]);
    return data;
  }

  /** The real program. */
  async function run(...args: string[]): Promise<string> {
    const env: NodeJS.ProcessEnv = {
      NODE_ENV: "test",
      ...compileCache,
      PATH: process.env.PATH,
      AUDIT_DATABASE_URL: stranger.watchUrl,
    };
    return (await promisify(execFile)(process.execPath, [main, ...args], { env, timeout: 50_000 })).stdout;
  }

  test("its faulty indexes are the catalogue's, by API and command line", async () => {
    const expected = await stranger.sql<{ fault: string; schema: string; name: string; table: string }[]>`
      with index as (
        select x.*, n.nspname, c.relname, t.relname as "table",
               replace(pg_get_indexdef(x.indexrelid), quote_ident(c.relname), '') as definition
        from pg_index x join pg_class c on c.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
        join pg_namespace n on n.oid = c.relnamespace
        where not c.relispartition and n.nspname !~ '^pg_'
      )
      select case when indisvalid then 'duplicate' else 'invalid' end as fault, nspname as schema, relname as name, "table"
      from index i
      where not indisvalid or exists (
        select from index k where k.indrelid = i.indrelid and k.indexrelid < i.indexrelid and k.definition = i.definition)`;
    expect(new Set(expected.map(({ fault }) => fault))).toEqual(new Set(["duplicate", "invalid"]));
    const told = ({ faults }: IndexFaults) =>
      faults.map(({ fault, schema, name, table }) => ({ fault, schema, name, table }));
    const same = expect.arrayContaining([...expected]);
    const byApi = told(await ask("indexFaults"));
    expect([byApi.length, byApi]).toEqual([expected.length, same]);
    const byProgram = told(JSON.parse(await run("maintenance", "--json")).indexes.data);
    expect([byProgram.length, byProgram]).toEqual([expected.length, same]);
    const text = await run("maintenance");
    for (const { schema, name } of expected) {
      const shown = schema === "public" ? quoteIdentifier(name) : quoteQualified(schema, name);
      expect(text.split("\n").map((line) => line.trim().split(/ {2,}/)[0])).toContain(shown);
    }
  });

  test("its sequences stand where pg_sequences says; those that may not be read are counted", async () => {
    const all = await stranger.sql<{ schema: string; name: string; last: string | null }[]>`
      select schemaname as schema, sequencename as name, last_value::text as last
      from pg_sequences where not cycle order by 1, 2`;
    const readable = all.filter(({ schema }) => schema === "Weird Schema.ü");
    const { readable: told, refused } = await ask<Sequences>("sequences");
    expect(told.map(({ schema, name, last }) => ({ schema, name, last }))).toEqual(
      expect.arrayContaining(readable),
    );
    expect([told.length, refused]).toEqual([readable.length, all.length - readable.length]);
    expect(told[0]).toMatchObject({ last: "2147483000", end: "2147483647" });
  });

  test("ages, settings and sizes lie between the server's just before and just after", async () => {
    const look = () => stranger.sql<{ name: string; age: number; bytes: number }[]>`
      select datname as name, age(datfrozenxid)::float8 as age,
             case when datname = current_database() then pg_database_size(oid) end::float8 as bytes
      from pg_database order by datname`;
    const before = await look();
    const ages = await ask<DatabaseAge[]>("databaseAges");
    const range = { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() };
    const { databaseBytes } = await read<DatabaseGrowth>("databaseGrowth", { range });
    const after = await look();
    // Other tests make and drop databases meanwhile.
    const lasting = before.filter(({ name }) => after.some((one) => one.name === name));
    for (const { name, age, bytes } of lasting) {
      const later = after.find((one) => one.name === name);
      const told = ages.find((one) => one.name === name)?.transactions;
      expect([name, told]).toEqual([name, expect.toSatisfy((x) => x >= age && x <= (later?.age ?? 0))]);
      if (bytes !== null)
        expect([bytes, later?.bytes].toSorted((a = 0, b = 0) => a - b)).toEqual([
          expect.toSatisfy((x) => x <= databaseBytes),
          expect.toSatisfy((x) => x >= databaseBytes),
        ]);
    }
    const { settings } = await ask<WatchedSettings>("watchedSettings");
    const values = await stranger.sql<{ name: string; setting: string; source: string }[]>`
      select name, setting, source from pg_settings where name = any(${settings.map(({ name }) => name)}) order by name`;
    expect(settings.length).toBeGreaterThan(4);
    // Our sessions pin some for themselves, as `source` says.
    expect(settings.map(({ name, setting }) => [name, setting])).toEqual(
      values.map(({ name, setting }) => [name, setting]),
    );
  });

  test.each(["table", "index"] as const)(
    "the blocks of every %s are there, under its own name",
    async (kind) => {
      const view = kind === "table" ? "pg_statio_user_tables" : "pg_statio_user_indexes";
      const relation = kind === "table" ? "relid" : "indexrelid";
      const expected = await stranger.sql.unsafe(
        `select n.nspname as schema, c.relname as name, c.relpages * 8192::float8 as bytes
       from ${view} s join pg_class c on c.oid = s.${relation} join pg_namespace n on n.oid = c.relnamespace`,
      );
      const { rows, total } = await read<RelationCacheList>("relationCacheHits", {
        ...{ kind, orderBy: "name", limit: 500, groupPartitions: false },
      });
      expect([total, rows.length]).toEqual([expected.length, expected.length]);
      const named = (list: readonly { schema: string; name: string }[]) =>
        list.map(({ schema, name }) => quoteQualified(schema, name)).toSorted();
      expect(named(rows)).toEqual(named(expected as unknown as { schema: string; name: string }[]));
      expect(new Set(named(rows)).size).toBe(rows.length);
    },
  );

  test("who is connected is counted under the name it gives itself", async () => {
    const open = () =>
      postgres(stranger.database.url, { max: 1, connection: { application_name: `a.b "c"; ü ${server}` } });
    const first = open();
    const clients = [first, open(), open()];
    try {
      await Promise.all(clients.map((client) => client`select 1`));
      // The server replaces what is not ASCII.
      const [own] = await first`select current_setting('application_name') as name`;
      const [direct] = await stranger.sql<{ name: string; count: number }[]>`
        select application_name as name, count(*)::int as count
        from pg_stat_activity where application_name = ${own?.name} group by 1`;
      expect(direct?.count).toBe(3);
      const { byApplication } = await read<ServerConnections>("serverConnections", { hideOwn: true });
      expect(byApplication).toContainEqual(
        expect.objectContaining({ name: direct?.name, count: 3, idle: 3 }),
      );
    } finally {
      await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
    }
  });
});
