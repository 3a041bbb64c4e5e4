import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { duplicateIndex } from "./check-duplicate-indexes.ts";
import { invalidIndex } from "./check-invalid-indexes.ts";
import { getDuplicateIndexes } from "./get-duplicate-indexes.ts";
import { getIndexFaults } from "./get-index-faults.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
/** The last statement that words offer. */
const offered = (detail = "") => detail.match(/(?:DROP|REINDEX) INDEX [^;]+;/g)?.at(-1) ?? "";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  let plain: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger: quiet });
    plain = connect({ target: "t", urls: { watch: await database.login() }, logger: quiet });
    await database.sql.unsafe(`
      create schema "Odd.Schema";
      create table "Odd.Schema"."My Table" (id int, note text);
      insert into "Odd.Schema"."My Table" values (1, 'a'), (1, 'b');`);
  });
  afterAll(async () => {
    await Promise.all([audit?.close(), plain?.close()]);
    await database?.drop();
  });

  /** Keeps an old snapshot of the table's database, so that concurrent builds wait for it. */
  async function holdBack(): Promise<() => Promise<void>> {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const held = await sql.reserve();
    await held`begin`;
    await held`lock table "Odd.Schema"."My Table" in row exclusive mode`;
    return async () => {
      await held`rollback`;
      held.release();
      await sql.end();
    };
  }

  /** Starts a statement on a session of its own. */
  async function begin(statement: string): Promise<{ sql: Sql; pid: number; ended: Promise<unknown> }> {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const [self] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return {
      sql,
      pid: self?.pid ?? 0,
      ended: sql.unsafe(statement).then(
        () => null,
        (error) => error,
      ),
    };
  }

  const indexes = async () =>
    (
      await database.sql<{ name: string }[]>`
      select relname as name from pg_class join pg_index on indexrelid = oid where not indisvalid order by 1`
    ).map(({ name }) => name);

  test("a failed build is found with what to run, its copy as a copy, and both go", async () => {
    const { sql } = database;
    expect(await judge(invalidIndex, audit)).toMatchObject({
      complete: true,
      objects: [{ object: { kind: "database", name: database.name }, state: "ok" }],
    });
    await expect(
      sql`create unique index concurrently "Broken ""one""" on "Odd.Schema"."My Table" (id)`,
    ).rejects.toMatchObject({ code: "23505" });
    await expect(
      sql.unsafe(`reindex index concurrently "Odd.Schema"."Broken ""one"""`),
    ).rejects.toMatchObject({
      code: "23505",
    });
    expect(await indexes()).toEqual(['Broken "one"', 'Broken "one"_ccnew']);
    const found = await judge(invalidIndex, audit);
    expect(found.complete).toBe(true);
    expect(notOk(found)).toEqual(['Broken "one" warning', 'Broken "one"_ccnew warning']);
    const { data } = await getIndexFaults(audit);
    expect(data.invalidKnown).toBe(true);
    expect(data.faults.map(({ fault, name, table }) => [fault, name, table])).toEqual([
      ["invalid", 'Broken "one"', "My Table"],
      ["invalid", 'Broken "one"_ccnew', "My Table"],
    ]);
    expect(stateOf(found, 'Broken "one"')?.words.title).toBe(
      'Index "Odd.Schema"."Broken ""one""" on "Odd.Schema"."My Table" is invalid.',
    );
    const copy = stateOf(found, 'Broken "one"_ccnew')?.words.detail ?? "";
    expect(copy).toContain("A REINDEX CONCURRENTLY failed");
    const named = (name: string) => [{ schema: "Odd.Schema", name }];
    expect(stateOf(found, 'Broken "one"_ccnew')?.words.mends).toEqual({
      words: "Drop what is left over",
      request: { verb: "maintain", work: "drop leftovers", relations: named('Broken "one"_ccnew') },
    });
    expect(stateOf(found, 'Broken "one"')?.words.mends).toEqual({
      words: "Rebuild it",
      request: { verb: "maintain", work: "reindex", relations: named('Broken "one"') },
    });
    await sql.unsafe(offered(copy));
    expect(notOk(await judge(invalidIndex, audit))).toEqual(['Broken "one" warning']);
    await sql`update "Odd.Schema"."My Table" set id = 2 where note = 'b'`;
    await sql.unsafe('reindex index concurrently "Odd.Schema"."Broken ""one"""');
    expect(notOk(await judge(invalidIndex, audit))).toEqual([]);
    await sql`drop index "Odd.Schema"."Broken ""one"""`;
  });

  test("an index that is being built or dropped is none, and is one when that was cancelled", async () => {
    const { sql } = database;
    const release = await holdBack();
    const building = await begin(`create index concurrently slow on "Odd.Schema"."My Table" (note)`);
    await vi.waitFor(async () => expect(await indexes()).toEqual(["slow"]), 30_000);
    expect(notOk(await judge(invalidIndex, audit))).toEqual([]);
    expect(await judge(invalidIndex, plain)).toMatchObject({
      complete: false,
      objects: [{ state: "unavailable", unavailable: { code: "no_grant" } }],
    });
    await sql`select pg_cancel_backend(${building.pid})`;
    await building.ended;
    expect(notOk(await judge(invalidIndex, audit))).toEqual(["slow warning"]);
    expect(notOk(await judge(invalidIndex, plain))).toEqual(["slow warning"]);

    const dropping = await begin(`drop index concurrently "Odd.Schema".slow`);
    await vi.waitFor(async () => {
      const waiting =
        await sql`select from pg_stat_activity where pid = ${dropping.pid} and wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(1);
    }, 30_000);
    expect(await indexes()).toEqual(["slow"]);
    expect(notOk(await judge(invalidIndex, audit))).toEqual([]);
    await release();
    await dropping.ended;
    expect(await indexes()).toEqual([]);
    expect(notOk(await judge(invalidIndex, audit))).toEqual([]);
    await Promise.all([building.sql.end(), dropping.sql.end()]);
  });

  test("a parent's index waits for its partitions, and turns valid when the last is attached", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create table measured (at int, v int) partition by range (at);
      create table measured_1 partition of measured for values from (0) to (10);
      create index measured_v on only measured (v);`);
    const found = await judge(invalidIndex, audit);
    expect(notOk(found)).toEqual(["measured_v warning"]);
    expect(stateOf(found, "measured_v")?.words.detail).toContain(
      "ALTER INDEX public.measured_v ATTACH PARTITION",
    );
    await sql.unsafe(
      "create index measured_1_v on measured_1 (v); alter index measured_v attach partition measured_1_v;",
    );
    expect(notOk(await judge(invalidIndex, audit))).toEqual([]);
    await sql`drop table measured`;
  });

  test("equal indexes are found, the one to drop never backs a constraint, and unlike ones are left alone", async () => {
    const { sql } = database;
    expect(await judge(duplicateIndex, audit)).toMatchObject({
      complete: true,
      objects: [{ object: { kind: "database" }, state: "ok" }],
    });
    await sql.unsafe(`
      create table d (id int primary key, a int unique, b text, c text, at timestamptz);
      create index same_as_pk on d (id);
      create unique index same_as_unique on d (a);
      create index first_b on d (b); create index second_b on d (b);
      create index expression_1 on d (lower(b)) where c is not null;
      create index expression_2 on d ( lower( b ) )   where   c is not null;
      create unique index unique_c on d (c); create index plain_c on d (c);
      create index other_order on d (b desc); create index other_class on d (b text_pattern_ops);
      create index other_collation on d (b collate "C"); create index wider on d (b, c); create index including on d (b) include (c);
      create index other_method on d using hash (b); create index other_predicate on d (b) where c is null;
      create index brin_at on d using brin (at);`);
    const found = await judge(duplicateIndex, audit);
    expect(found.complete).toBe(true);
    expect(notOk(found).sort()).toEqual(
      ["expression_2", "plain_c", "same_as_pk", "same_as_unique", "second_b"].map(
        (name) => `${name} warning`,
      ),
    );
    expect(stateOf(found, "same_as_pk")?.words.title).toMatch(
      /^Index public\.same_as_pk on id is the same as d_pkey( \(about .* MB\))?\.$/,
    );
    expect(stateOf(found, "expression_2")?.words.title).toContain(
      "on an expression is the same as expression_1",
    );
    for (const { words } of found.objects) await sql.unsafe(offered(words.detail));
    expect(notOk(await judge(duplicateIndex, audit))).toEqual([]);
    await sql`drop table d`;
  });

  test("a check judges figures that are minutes old and says so; whoever looks gets newer ones, and so does it then", async () => {
    const { sql } = database;
    await sql.unsafe("create table aged (id int); create index aged_1 on aged (id);");
    const before = await judge(duplicateIndex, audit);
    expect(before.observedAt).toBeInstanceOf(Date);
    await sql`create index aged_2 on aged (id)`;
    const kept = await judge(duplicateIndex, audit, { kept: true });
    expect([notOk(kept), kept.observedAt]).toEqual([[], before.observedAt]);
    const looked = await getDuplicateIndexes(audit, 0);
    expect(looked.data.found.map(({ name }) => name)).toEqual(["aged_2"]);
    const after = await judge(duplicateIndex, audit, { kept: true });
    expect([notOk(after), after.observedAt]).toEqual([["aged_2 warning"], looked.observedAt]);
    expect((await getIndexFaults(audit)).data.faults).toMatchObject([
      { fault: "duplicate", name: "aged_2", kept: "aged_1", columns: "id", count: 1 },
    ]);
    await sql`drop table aged`;
  });

  test("a unique index that treats nulls otherwise, or is checked later, is not the same", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create table u (a int, b int, constraint later unique (b) deferrable);
      create unique index at_once on u (b);
      create unique index distinct_nulls on u (a);
      create unique index equal_nulls on u (a) nulls not distinct;`);
    expect(notOk(await judge(duplicateIndex, audit))).toEqual([]);
    await sql`drop table u`;
  });

  test("on partitions the root is told once with a count, and a partitioned index by itself", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create table log (at int, who text, what text) partition by range (at);
      create table log_1 partition of log for values from (0) to (10);
      create table log_2 partition of log for values from (10) to (20) partition by range (at);
      create table log_2_1 partition of log_2 for values from (10) to (15);
      create table log_2_2 partition of log_2 for values from (15) to (20);
      create index log_who on log (who);
      create index extra_1 on log_1 (who); create index extra_2 on log_2_1 (who); create index extra_3 on log_2_2 (who);
      create index log_what on log (what);
      -- One of the same definition that is not attached to the first: a tree of its own.
      create index log_what_again on log (what);`);
    const found = await judge(duplicateIndex, audit);
    expect(found.complete).toBe(true);
    expect(notOk(found).sort()).toEqual(["log warning", "log_what_again warning"]);
    expect(stateOf(found, "log/who")?.words.title).toMatch(
      /^3 partitions of public\.log have a second index on who( \(about .* MB\))?\.$/,
    );
    expect(stateOf(found, "log_what_again")?.words.detail).toContain("DROP INDEX public.log_what_again;");
    await sql.unsafe("drop index extra_1, extra_2, extra_3, log_what_again");
    expect(notOk(await judge(duplicateIndex, audit))).toEqual([]);
    await sql`drop table log`;
  });
});
