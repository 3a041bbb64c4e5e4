import { readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase } from "../testing/database.ts";
import { type Statements, startStatements } from "../testing/statements.ts";
import { getQueryPlan } from "./get-query-plan.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Somebody may do nothing but connect and put objects into a schema of their own. `spy` is their function: it counts
 * as IMMUTABLE, so the planner evaluates it, and it tries to read what they may not read.
 */
const traps = (attacker: string) => `
  create table private.secrets (word text);
  insert into private.secrets values ('x');
  set role ${attacker};
  create function evil.leaked() returns void language plpgsql as 'begin end';
  create function evil.spy() returns int language plpgsql immutable as $$
  begin
    perform word from private.secrets;
    perform evil.leaked();
    return 1;
  exception when insufficient_privilege then return 1;
  end $$;
  create function evil.one() returns int language sql immutable as 'select 1';
  create function evil.plus(int, int) returns int language plpgsql immutable as 'begin return evil.spy(); end';
  create operator evil.|+| (function = evil.plus, leftarg = int, rightarg = int);
  create type evil.kind as (a int);
  create function evil.to_kind(int) returns evil.kind language plpgsql immutable as 'begin return row(evil.spy()); end';
  create cast (int as evil.kind) with function evil.to_kind(int);
  create domain evil.checked as int check (value >= evil.spy());
  create table evil.indexed (a int);
  create index on evil.indexed ((a + evil.spy()));
  create table evil.parent (a int);
  create table evil.child (check (a > evil.spy())) inherits (evil.parent);
  create table evil.keyed (a int) partition by range ((a + evil.spy()));
  create table evil.keyed_1 partition of evil.keyed for values from (0) to (9);
  create view evil.seen as select a from evil.indexed where a = evil.spy();
  grant usage on schema evil to public;
  grant select on all tables in schema evil to public;
  reset role;`;

const statements: Record<string, string> = {
  function: "select evil.spy() as marker_function",
  operator: "select evil.one() operator(evil.|+|) evil.one() as marker_operator",
  cast: "select evil.one()::evil.kind as marker_cast",
  domain: "select evil.one()::evil.checked as marker_domain",
  "index expression": "select a as marker_index from evil.indexed where a = 1",
  "CHECK of a child": "select a as marker_check from evil.parent where a = 1",
  "partition key": "select a as marker_key from evil.keyed where a = 1",
  view: "select a as marker_view from evil.seen",
};

const markerOf = (text: string) => /marker_\w+/.exec(text)?.[0] ?? "";

describe.each([15, 18] as const)("what planning may run on PostgreSQL %i", (server) => {
  let world: Statements;
  let attackerName: string;
  let explain: string;
  let audit: AuditDb;

  beforeAll(async () => {
    world = await startStatements(server);
    const { database } = world;
    const url = await database.login();
    attackerName = new URL(url).username;
    await database.sql.unsafe(`
      create schema private; create schema evil authorization ${attackerName};
      alter database ${database.name} set track_functions = 'all';`);
    await database.sql.begin((tx) => tx.unsafe(traps(attackerName)));
    explain = await world.explainUrl("private.secrets", "parts");
    await database.sql.unsafe(
      `grant usage on schema private to ${new URL(explain).username}, ${world.appName}`,
    );
    await database.sql.unsafe(`grant select on private.secrets to ${world.appName}`);
    const reader = await database.login(["pg_monitor", "pg_read_all_data"]);
    audit = world.open(reader, "watched", explain);
    // Each session ends, since a session tells what it called only then for certain.
    for (const [who, suffix] of [
      [url, ""],
      [database.url, "_super"],
    ] as const) {
      const sql = postgres(who, { max: 1, prepare: false, onnotice: () => {} });
      // Another shape has another queryid, so that each is recorded for one role alone.
      for (const text of Object.values(statements))
        await sql.unsafe(text.replace(/marker_\w+/, `$&${suffix}`) + (suffix && " limit 1"));
      await sql.end();
    }
  });
  afterAll(() => world?.close());

  const keyOf = async (role: string, marker: string) => {
    const [row] = await world.database.sql<{ key: string }[]>`
      select concat_ws('/', s.dbid, s.userid, s.queryid, s.toplevel::int) as key from pg_stat_statements s
      where s.query like ${`%${marker}%`} and s.query not like '%pg_stat_statements%' and s.toplevel
        and s.userid = ${role}::regrole and s.dbid = (select oid from pg_database where datname = current_database())`;
    return row?.key ?? expect.fail(`${marker} was not recorded for ${role}`);
  };
  const plan = (key: string) => getQueryPlan({ audit, now: new Date() }, { key });

  /** Sessions of the explain role, once those that are closing are gone. */
  const noSessions = () =>
    expect
      .poll(
        async () =>
          world.database.sql`select pid from pg_stat_activity where usename = ${new URL(explain).username}`,
        { timeout: 30_000 },
      )
      .toHaveLength(0);

  /** Calls of the attacker's functions; told by the server when a session ends. */
  const calls = async () => {
    await noSessions();
    const [row] = await world.database.sql`
      select coalesce(sum(pg_stat_get_function_calls(oid)), 0)::int as all,
             coalesce(sum(pg_stat_get_function_calls(oid)) filter (where proname = 'leaked'), 0)::int as leaked
      from pg_proc where pronamespace = 'evil'::regnamespace`;
    return row;
  };

  test.each(Object.entries(statements))(
    "%s: a statement of somebody who may only connect is not planned, and nothing of theirs runs",
    async (_what, text) => {
      const key = await keyOf(attackerName, markerOf(text));
      const before = await calls();
      const { data, unavailable } = await plan(key);
      expect(await calls()).toEqual(before);
      expect(data.plan).toBeNull();
      expect(unavailable?.reason).toContain(`${attackerName} ran it, and may not read table`);
    },
  );

  test.each(Object.entries(statements))(
    "%s: nor is one that a superuser ran, where it reaches what belongs to somebody like that",
    async (_what, text) => {
      const before = await calls();
      const { data, unavailable } = await plan(await keyOf("postgres", `${markerOf(text)}_super`));
      expect(await calls()).toEqual(before);
      expect(data.plan).toBeNull();
      expect(unavailable?.reason).toMatch(
        new RegExp(`^It may reach (function|table|view|type|operator) .* belongs to ${attackerName}`),
      );
    },
  );
});

test("the grants of docs/permissions.md plan what readers ran, and nothing that a writer ran", async () => {
  const permissions = readFileSync(path.resolve(import.meta.dirname, "../../docs/permissions.md"), "utf8");
  const [, grants = ""] = /## The explain role\n[\s\S]*?```sql\n([\s\S]*?)```/.exec(permissions) ?? [];
  const database = await createDatabase({ template: "audit" });
  const role = `explain_${database.name}`;
  const [reader, writer, watch] = [
    await database.login(["audit_reader"]),
    await database.login(["audit_writer"]),
    await database.login(["pg_monitor"]),
  ];
  await database.sql.unsafe(
    `create extension if not exists pg_stat_statements;
     ${grants.replaceAll("DATABASE audit ", `DATABASE ${database.name} `).replaceAll("audit_explain", role).replace("choose-one", "test")}`,
  );
  const explain = new URL(database.url);
  explain.username = role;
  explain.password = "test";
  const audit = connect({ target: "audit", urls: { watch, explain: explain.href }, logger: silent });
  try {
    for (const url of [reader, writer]) {
      const sql = postgres(url, { max: 1, prepare: false });
      // What is called once is thrown out when files beside this one fill pg_stat_statements.
      for (let call = 0; call < 20; call++)
        await sql`select id from audit_log where occurred_at > ${new Date()} and retention_policy = ${"phi"}`;
      await sql.end();
    }
    const keys = await database.sql<{ role: string; key: string }[]>`
      select userid::regrole::text as role, concat_ws('/', dbid, userid, queryid, toplevel::int) as key
      from pg_stat_statements where query like 'select id from audit_log%'
        and dbid = (select oid from pg_database where datname = current_database())`;
    const planOf = (url: string) =>
      getQueryPlan(
        { audit, now: new Date() },
        { key: keys.find((entry) => entry.role === new URL(url).username)?.key ?? "" },
      );
    const { data } = await planOf(reader);
    expect(data).toMatchObject({ role: new URL(reader).username, method: "generic_plan" });
    expect(data.plan?.totalCost).toBeGreaterThan(0);
    // The same statement: one of its roles will do.
    expect((await planOf(writer)).data.role).toBe(new URL(reader).username);
    await database.sql`select pg_stat_statements_reset(${new URL(reader).username}::regrole::oid)`;
    expect((await planOf(writer)).unavailable?.reason).toContain(
      `${new URL(writer).username} ran it, and may not read table public.audit_`,
    );
  } finally {
    await audit.close();
    await database.sql.unsafe(`drop owned by ${role}; drop role ${role}`);
    await database.drop();
  }
});
