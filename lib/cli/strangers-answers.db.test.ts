import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import type { RelationCacheList } from "../buffers/types.ts";
import type { ServerConnections } from "../connections/types.ts";
import type { EventPage } from "../events/types.ts";
import type { DatabaseAge } from "../maintenance/get-database-ages.ts";
import type { IndexFaults } from "../maintenance/get-index-faults.ts";
import type { Sequences } from "../maintenance/get-sequences.ts";
import type { WatchedSettings } from "../maintenance/read-settings.ts";
import type { TopQueries } from "../queries/get-top-queries.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Archiver } from "../replication/get-archiver.ts";
import type { Slot } from "../replication/get-slots.ts";
import type { ReplicationServer } from "../replication/types.ts";
import type { DatabaseGrowth } from "../storage/get-database-growth.ts";
import type { Stranger } from "../testing/stranger.ts";
import { openStrangersDoors, type StrangersDoors } from "../testing/strangers-doors.ts";
import { silent } from "./silent.ts";

/** Beside the partitions, which have a file of their own: what the other lists say of it, and what psql says. */
describe.each([15, 18] as const)("what is told of the stranger's database on PostgreSQL %i", (server) => {
  let doors: StrangersDoors;
  let stranger: Stranger;

  beforeAll(async () => {
    doors = await openStrangersDoors(server);
    stranger = doors.stranger;
    await stranger.sql.unsafe(
      `grant select on all sequences in schema "Weird Schema.ü" to ${quoteIdentifier(stranger.watchRole)};
       create extension if not exists pg_stat_statements`,
    );
  });
  afterAll(() => doors?.close());

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
    const byApi = told(await doors.ask("indexFaults"));
    expect([byApi.length, byApi]).toEqual([expected.length, same]);
    const byProgram = told(JSON.parse(await doors.run("maintenance", "--json")).indexes.data);
    expect([byProgram.length, byProgram]).toEqual([expected.length, same]);
    const text = await doors.run("maintenance");
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
    const { readable: told, refused } = await doors.ask<Sequences>("sequences");
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
    const ages = await doors.ask<DatabaseAge[]>("databaseAges");
    const range = { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() };
    const { databaseBytes } = await doors.read<DatabaseGrowth>("databaseGrowth", { range });
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
    const { settings } = await doors.ask<WatchedSettings>("watchedSettings");
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
      const { rows, total } = await doors.read<RelationCacheList>("relationCacheHits", {
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
      const { byApplication } = await doors.read<ServerConnections>("serverConnections", { hideOwn: true });
      expect(byApplication).toContainEqual(
        expect.objectContaining({ name: direct?.name, count: 3, idle: 3 }),
      );
    } finally {
      await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
    }
  });

  test("a statement's calls, rows and time are those of pg_stat_statements, at every door", async () => {
    const app = postgres(stranger.database.url, { max: 1, prepare: false, onnotice: () => {} });
    try {
      // So costly that it stands among the first 300 of a server that others use as well.
      for (let id = 1; id <= 4; id++)
        await app
          .unsafe(
            `select (select "at.v" from "Weird Schema.ü"."Ord""ers" where "Id" = ${id}) as "of a.b", count(*) from generate_series(1, 1000000)`,
          )
          .simple();
    } finally {
      await app.end();
    }
    const [truth] = await stranger.sql<
      { queryid: string; calls: number; rows: number; ms: number; text: string }[]
    >`
      select queryid::text, calls::int, rows::float8, total_exec_time as ms, query as text from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database()) and query like 'select (select "at.v" from%'`;
    expect(truth).toMatchObject({ calls: 4, rows: 4 });
    const search = 'from "Weird Schema.ü"."Ord""ers" where "Id"';
    const told = ({ queries }: TopQueries) =>
      queries.map(({ key, text, values: { calls, rows, totalExecMs } }) => ({
        ...{ queryid: key.split("/")[2], calls, rows, ms: totalExecMs, text },
      }));
    const range = "1h";
    expect(told(await doors.read("topQueries", { range: { range }, search, hideOwn: false }))).toEqual([
      truth,
    ]);
    expect(told(await doors.ask("queries", { range, search, hideOwn: "false" }))).toEqual([truth]);
    const { queries } = JSON.parse(await doors.run("queries", "top", "--json", "--all", "--search", search));
    expect(told({ queries } as TopQueries)).toEqual([truth]);
    const text = await doors.run("queries", "top", "--all", "--search", search);
    expect(text).toMatch(
      new RegExp(` 4 .* ${truth?.queryid} +select \\(select "at\\.v" from "Weird Schema\\.ü"`),
    );
  });

  test("its slots, its archive and who follows it are the server's", async () => {
    const slots = await stranger.sql`
      select slot_name as name, slot_type as type, active, temporary, database from pg_replication_slots order by 1`;
    const told = (await doors.read<Slot[]>("replicationSlots")).map(
      ({ name, type, active, temporary, database }) => ({ name, type, active, temporary, database }),
    );
    expect(told.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([...slots]);
    const [archiver] = await stranger.sql`
      select current_setting('archive_mode') as mode, archived_count::float8 as archived, failed_count::float8 as failed,
             last_archived_wal as "lastArchivedWal", pg_size_bytes(current_setting('wal_segment_size'))::float8 as "segmentBytes"
      from pg_stat_archiver`;
    expect(await doors.read<Archiver>("walArchiver")).toMatchObject({ ...archiver });
    const [{ followers = 0 } = {}] = await stranger.sql<{ followers: number }[]>`
      select count(*)::int as followers from pg_stat_replication`;
    const servers = await doors.read<ReplicationServer[]>("replicationTopology");
    expect(servers.map(({ role }) => role)).toEqual(["primary", ...Array(followers).fill("standby")]);
  });

  test("without our schema every door says why there are no events; beside the stranger's tables they are ours alone", async () => {
    const range = "24h";
    const missing = { code: "not_installed", reason: expect.stringMatching(/has no audit_log of ours/) };
    expect(await doors.whyNot("events", { range }, "searchEvents", { range: { range } })).toMatchObject([
      missing,
      missing,
    ]);
    await expect(doors.run("events", "search")).rejects.toThrow(/has no audit_log of ours/);

    await closeTargets();
    await migrateAudit(stranger.database.url);
    await stranger.sql.unsafe(`grant audit_reader to ${quoteIdentifier(stranger.watchRole)}`);
    const { url } = stranger.database;
    const audit = connect({ target: "audit", urls: { watch: url, write: url }, logger: silent });
    try {
      await audit.append(
        Array.from({ length: 5 }, (_, i) => ({
          organizationId: "o",
          action: `a.${i}`,
          status: "success" as const,
        })),
      );
    } finally {
      await audit.close();
    }
    const truth = await stranger.sql<{ id: string; action: string; retentionPolicy: string }[]>`
      select id, action, retention_policy as "retentionPolicy" from audit_log order by occurred_at desc, id desc`;
    const told = ({ events }: EventPage) =>
      events.map(({ id, action, retentionPolicy }) => ({ id, action, retentionPolicy }));
    expect(truth).toHaveLength(5);
    expect(told(await doors.read("searchEvents", { range: { range } }))).toEqual([...truth]);
    expect(told(await doors.ask("events", { range }))).toEqual([...truth]);
    expect(told(JSON.parse(await doors.run("events", "search", "--json")))).toEqual([...truth]);
    const lines = (await doors.run("events", "search")).split("\n");
    expect(lines.flatMap((line) => truth.filter(({ id }) => line.endsWith(id)))).toEqual([...truth]);
  });
});
