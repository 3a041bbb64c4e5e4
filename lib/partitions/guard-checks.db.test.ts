import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { grantDrift } from "./check-grants.ts";
import { guardTrigger } from "./check-guard-triggers.ts";
import { hashRemainderMissing } from "./check-hash-remainders.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
/** What the words tell a person to run, after "As …:". */
const offered = (detail = "") => detail.slice(detail.search(/: (ALTER|CREATE|DROP|GRANT|REVOKE) /) + 2);

// Roles and their attributes belong to the whole server, so these tests have one of their own.
describe.each([15, 18] as const)("on PostgreSQL %i", (version) => {
  let cluster: Cluster;
  let sql: Sql;
  let audit: AuditDb;
  let other: AuditDb;
  const watch = (database: string) =>
    connect({
      target: "t",
      urls: { watch: cluster.url.replace("postgres:test@", "watcher:test@").replace(/postgres$/, database) },
      logger: quiet,
    });

  beforeAll(async () => {
    cluster = await startCluster(version);
    sql = postgres(cluster.url, { max: 1, onnotice: () => {} });
    await sql`create role watcher login password 'test' in role pg_monitor`;
    await sql`create database other`;
    await migrateAudit(cluster.url);
    audit = watch("postgres");
    other = watch("other");
  });
  afterAll(async () => {
    await Promise.all([audit?.close(), other?.close()]);
    await sql?.end({ timeout: 1 });
    await cluster?.destroy();
  });

  /** Finds exactly these, runs what each of them offers as a superuser, and finds nothing any more. */
  async function findAndMend(check: typeof guardTrigger | typeof grantDrift, names: string[]) {
    const found = await judge(check, audit);
    expect(found.complete).toBe(true);
    expect(notOk(found).sort()).toEqual(names.map((name) => `${name} critical`).sort());
    const bad = found.objects.filter(({ state }) => state !== "ok");
    for (const { words } of bad) await sql.unsafe(offered(words.detail));
    const mended = await judge(check, audit);
    expect([mended.complete, notOk(mended)]).toEqual([true, []]);
    return bad.map(({ words }) => words.title);
  }

  describe("guards", () => {
    test("all of them stand after the migrations, as one green object", async () => {
      const [tables] = await sql<{ count: number }[]>`
        select count(*)::int + 1 as count from pg_partition_tree('public.audit_log')`;
      const answer = await judge(guardTrigger, audit);
      expect(answer).toMatchObject({
        complete: true,
        objects: [{ object: { kind: "database" }, state: "ok" }],
      });
      expect(answer.objects[0]?.words.title).toBe(
        `The guards of ${tables?.count} tables of the audit log stand.`,
      );
    });

    test.each([
      [
        "off on the table",
        "alter table audit_log disable trigger audit_log_guard_statement",
        "audit_log",
        "is off",
      ],
      [
        "off on one partition",
        "alter table PARTITION disable trigger audit_log_guard_row",
        "PARTITION",
        "is off",
      ],
      [
        "for replicas alone",
        "alter table PARTITION enable replica trigger audit_log_guard_row",
        "PARTITION",
        "is off",
      ],
      [
        "not always",
        "alter table PARTITION enable trigger audit_log_guard_statement",
        "PARTITION",
        "can be bypassed: it does not fire ALWAYS",
      ],
      ["gone", "drop trigger audit_log_guard_statement on PARTITION", "PARTITION", "is missing"],
      [
        "gone from the quarantine",
        "drop trigger audit_quarantine_guard_statement on audit_quarantine",
        "audit_quarantine",
        "is missing",
      ],
      [
        "of less",
        "drop trigger audit_log_guard_statement on PARTITION; create trigger audit_log_guard_statement before truncate on PARTITION for each statement execute function audit_log_guard(); alter table PARTITION enable always trigger audit_log_guard_statement",
        "PARTITION",
        "was changed",
      ],
      [
        "with a condition",
        "drop trigger audit_quarantine_guard_row on audit_quarantine; create trigger audit_quarantine_guard_row before update or delete on audit_quarantine for each row when (old.id is null) execute function audit_quarantine_guard(); alter table audit_quarantine enable always trigger audit_quarantine_guard_row",
        "audit_quarantine",
        "was changed",
      ],
    ])("%s is critical until what it offers is run", async (_, statement, table, condition) => {
      const [leaf] = await sql<{ name: string }[]>`
        select relid::text as name from pg_partition_tree('public.audit_log') where isleaf order by 1 limit 1`;
      const partition = leaf?.name ?? "";
      await sql.unsafe(statement.replaceAll("PARTITION", partition));
      const name = table.replace("PARTITION", partition);
      const trigger = statement.match(/trigger (\w+)/)?.[1];
      expect(await findAndMend(guardTrigger, [name])).toEqual([
        `Guard ${trigger} on public.${name} ${condition}.`,
      ]);
    });

    test("a partition that was made by hand lacks its statement guard", async () => {
      await sql.unsafe(
        "set role audit_maintainer; create table by_hand partition of audit_log_standard for values from ('2099-01-01') to ('2099-02-01'); reset role",
      );
      expect(await findAndMend(guardTrigger, ["by_hand"])).toEqual([
        "Guard audit_log_guard_statement on public.by_hand is missing.",
      ]);
    });

    test("a guard function of another body is critical, until it is the schema's own again", async () => {
      const [made] = await sql<{ definition: string }[]>`
        select pg_get_functiondef('audit_log_guard'::regproc) as definition`;
      await sql.unsafe(
        "create or replace function audit_log_guard() returns trigger language plpgsql set search_path = pg_catalog as 'begin return new; end'",
      );
      const found = await judge(guardTrigger, audit);
      expect(notOk(found)).toEqual(["audit_log_guard critical"]);
      expect(stateOf(found, "audit_log_guard/function")?.words.title).toBe(
        "Guard function public.audit_log_guard() is not the schema's own.",
      );
      await sql.unsafe(made?.definition ?? "");
      expect(notOk(await judge(guardTrigger, audit))).toEqual([]);
    });
  });

  describe("grants", () => {
    test("are as promised after the migrations: six tables and four roles, all green", async () => {
      const answer = await judge(grantDrift, audit);
      expect([answer.complete, notOk(answer)]).toEqual([true, []]);
      expect(answer.objects).toHaveLength(10);
    });

    test.each([
      [
        "grant update, delete on audit_log to audit_reader",
        "audit_log",
        "public.audit_log: audit_reader has DELETE; audit_reader has UPDATE.",
      ],
      [
        "grant update on audit_log to audit_privacy",
        "audit_log",
        "public.audit_log: audit_privacy has UPDATE.",
      ],
      [
        "grant update (leaf, action) on audit_log to audit_privacy",
        "audit_log",
        "public.audit_log: audit_privacy has UPDATE (action, leaf).",
      ],
      [
        "grant select on retention_policy to audit_reader with grant option",
        "retention_policy",
        "public.retention_policy: audit_reader may pass SELECT on.",
      ],
      [
        "grant insert on audit_quarantine to public",
        "audit_quarantine",
        "public.audit_quarantine: PUBLIC has INSERT.",
      ],
      [
        'grant select on audit_idempotency to "Some One"',
        "audit_idempotency",
        "public.audit_idempotency: Some One has SELECT.",
      ],
      [
        "revoke select on audit_migrations from audit_reader",
        "audit_migrations",
        "public.audit_migrations: audit_reader lacks SELECT.",
      ],
      [
        "revoke insert (leaf) on audit_log from audit_writer",
        "audit_log",
        "public.audit_log: audit_writer lacks INSERT (leaf).",
      ],
      [
        "alter table audit_fence owner to postgres",
        "audit_fence",
        "public.audit_fence: postgres owns it, not audit_maintainer.",
      ],
      [
        "grant select on PARTITION to audit_reader",
        "PARTITION",
        "public.PARTITION: audit_reader has SELECT.",
      ],
      ["grant select (id) on PARTITION to public", "PARTITION", "public.PARTITION: PUBLIC has SELECT (id)."],
      [
        'alter table PARTITION owner to "Some One"',
        "PARTITION",
        "public.PARTITION: Some One owns it, not audit_maintainer.",
      ],
    ])("%s is critical until what it offers is run", async (statement, table, title) => {
      await sql.unsafe(
        `do $$ begin create role "Some One"; exception when duplicate_object then null; end $$`,
      );
      const [leaf] = await sql<{ name: string }[]>`
        select relid::text as name from pg_partition_tree('public.audit_log') where isleaf order by 1 limit 1`;
      const at = (text: string) => text.replace("PARTITION", leaf?.name ?? "");
      await sql.unsafe(at(statement));
      expect(await findAndMend(grantDrift, [at(table)])).toEqual([at(title)]);
    });

    test("a group role that can log in, is a superuser or has another's rights is critical", async () => {
      await sql.unsafe(
        "alter role audit_reader login bypassrls; grant pg_write_all_data to audit_writer; revoke usage on schema public from audit_privacy, public",
      );
      expect(
        (await findAndMend(grantDrift, ["audit_privacy", "audit_reader", "audit_writer"])).sort(),
      ).toEqual([
        "Role audit_privacy: it lacks USAGE on schema public.",
        "Role audit_reader: it has LOGIN; it has BYPASSRLS.",
        "Role audit_writer: it is a member of pg_write_all_data.",
      ]);
      await sql`grant usage on schema public to public`;
    });

    test("who may read as the explain role does is no drift", async () => {
      await sql`create role planner`;
      await sql`grant select on audit_log, audit_quarantine, retention_policy, audit_fence to planner`;
      expect(notOk(await judge(grantDrift, audit))).toEqual([]);
      await sql`grant insert on audit_log to planner`;
      expect(notOk(await judge(grantDrift, audit))).toEqual(["audit_log critical"]);
      await sql`drop owned by planner`;
      await sql`drop role planner`;
    });
  });

  test("on a database that is not ours both say what they would need", async () => {
    for (const check of [guardTrigger, grantDrift])
      expect(await judge(check, other)).toMatchObject({
        complete: false,
        objects: [
          {
            object: { kind: "target" },
            state: "unavailable",
            unavailable: { code: "not_configured", reason: "Database other has no audit_log of ours." },
          },
        ],
      });
  });

  describe("hash remainders", () => {
    test("a missing one is critical with what to run, a lock that hides bounds is no alarm", async () => {
      const there = postgres(cluster.url.replace(/postgres$/, "other"), { max: 1, onnotice: () => {} });
      expect(await judge(hashRemainderMissing, other)).toMatchObject({
        complete: true,
        objects: [{ object: { kind: "database", name: "other" }, state: "ok" }],
      });
      await there.unsafe(`
        create schema "Odd.Schema";
        create table "Odd.Schema"."By Hash" (id int) partition by hash (id);
        create table whole (id int) partition by hash (id);
        create table whole_0 partition of whole for values with (modulus 2, remainder 0);
        create table whole_1 partition of whole for values with (modulus 4, remainder 1);
        create table whole_3 partition of whole for values with (modulus 4, remainder 3);`);
      const empty = await judge(hashRemainderMissing, other);
      expect(notOk(empty)).toEqual(["By Hash critical"]);
      expect(stateOf(empty, "By Hash")?.words.title).toBe('"Odd.Schema"."By Hash" has no partition.');
      for (const remainder of [0, 1, 3])
        await there.unsafe(
          `create table "Odd.Schema"."By Hash_${remainder}" partition of "Odd.Schema"."By Hash" for values with (modulus 4, remainder ${remainder})`,
        );
      const missing = stateOf(await judge(hashRemainderMissing, other), "By Hash");
      expect(missing).toMatchObject({ state: "critical", value: 0.25 });
      expect(missing?.words.title).toBe('"Odd.Schema"."By Hash" has no partition for 25.0 % of its rows.');
      expect(missing?.words.detail).toContain("Missing of modulus 4: remainder 2.");
      await expect(
        there`insert into "Odd.Schema"."By Hash" select generate_series(1, 20)`,
      ).rejects.toMatchObject({
        code: "23514",
      });

      await there.unsafe(missing?.words.detail.match(/CREATE TABLE [^;]+;/)?.[0] ?? "");
      await there`insert into "Odd.Schema"."By Hash" select generate_series(1, 20)`;
      expect(notOk(await judge(hashRemainderMissing, other))).toEqual([]);

      await there`begin`;
      await there`lock table whole_3 in access exclusive mode`;
      const unseen = watch("other");
      const hidden = await judge(hashRemainderMissing, unseen);
      expect(notOk(hidden)).toEqual(["whole no_data"]);
      // Whoever saw the bounds before still knows them.
      expect(notOk(await judge(hashRemainderMissing, other))).toEqual([]);
      await there`rollback`;
      expect(notOk(await judge(hashRemainderMissing, unseen))).toEqual([]);
      await unseen.close();
      await there`alter table whole detach partition whole_3`;
      expect(stateOf(await judge(hashRemainderMissing, other), "whole")).toMatchObject({
        state: "critical",
        value: 0.25,
      });
      await there`drop table whole`;
      expect(notOk(await judge(hashRemainderMissing, other))).toEqual([]);
      await there.end();
    });
  });
});
