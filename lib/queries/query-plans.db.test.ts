import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabaseOn } from "../testing/database.ts";
import { type Statements, startStatements } from "../testing/statements.ts";
import { getQueryPlan } from "./get-query-plan.ts";
import { planNodes } from "./plan-tree.ts";

describe.each([15, 18] as const)("query plans on PostgreSQL %i", (server) => {
  let world: Statements;

  beforeAll(async () => {
    world = await startStatements(server);
    await world.database.sql.unsafe(`
      create schema hidden;
      create table hidden.secrets (id int primary key, word text);
      grant usage on schema hidden to ${world.appName};
      grant all on hidden.secrets to ${world.appName};`);
  });
  afterAll(() => world?.close());

  const roleOf = (url: string) => new URL(url).username;

  /** The explain role has no session left, once those that are closing are gone. */
  const noSessions = (explain: string) =>
    expect
      .poll(
        () =>
          world.database.sql`select state, query from pg_stat_activity where usename = ${roleOf(explain)}`,
        { timeout: 30_000 },
      )
      .toEqual([]);

  test("a plan tells tree, estimates and the scan of all partitions, and its connection is closed after it", async () => {
    const { app, appName, open, keysLike } = world;
    const explain = await world.explainUrl("parts");
    const context = { audit: open(undefined, undefined, explain), now: new Date() };
    await app`select sum(length(note)) as plan_marker from parts where note = ${"a"}`;
    await app`select count(*) as pruned_marker from parts where at >= ${new Date("2024-02-03")} and note = ${"a"}`;
    const [key = ""] = await keysLike("select sum(length(note)) as plan_marker%");
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(unavailable).toBeUndefined();
    expect(data.method).toBe(server === 18 ? "generic_plan" : "prepared_generic");
    expect(data.role).toBe(appName);
    const nodes = planNodes(data.plan ?? expect.fail("no plan"));
    expect(nodes.map((n) => n.node)).toEqual(["Aggregate", "Append", "Seq Scan", "Seq Scan", "Seq Scan"]);
    expect(nodes[2]?.relation).toBe("public.parts_2024_01");
    expect(data.plan?.totalCost).toBeGreaterThan(1);
    expect(data.warnings).toEqual([
      "Reads all 3 partitions of public.parts from end to end: nothing in the statement limits at.",
    ]);
    await noSessions(explain);
    const [pruned = ""] = await keysLike("select count(*) as pruned_marker%");
    expect((await getQueryPlan(context, { key: pruned })).data.warnings).toEqual([]);
    expect((await getQueryPlan(context, { key })).data.plan).toEqual(data.plan);
    await noSessions(explain);
    const explainPool = () => context.audit.stats().pools.find(({ purpose }) => purpose === "explain");
    await expect.poll(() => explainPool()?.lifetimeWindows.hour?.count).toBe(3);
    expect(explainPool()).toMatchObject({ ok: 3, total: 0, idle: 0 });
  });

  test("a plan without the grant names the grant, and giving it brings the plan", async () => {
    const { database, app, open, keysLike } = world;
    await app`select word from hidden.secrets where id = ${1}`;
    const [key = ""] = await keysLike("select word from hidden.secrets%");
    const explain = await world.explainUrl();
    const role = roleOf(explain);
    const context = { audit: open(undefined, undefined, explain), now: new Date() };
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(data.plan).toBeNull();
    expect(unavailable).toMatchObject({
      code: "no_grant",
      enable: `GRANT USAGE ON SCHEMA hidden TO ${role};\nGRANT SELECT ON hidden.secrets TO ${role};`,
    });
    try {
      await database.sql.unsafe(unavailable?.enable ?? "");
      const granted = await getQueryPlan(context, { key });
      expect(granted.data.plan?.index).toBe("secrets_pkey");
      await app`insert into hidden.secrets values (${1}, ${"x"}) on conflict do nothing`;
      const [insert = ""] = await keysLike("insert into hidden.secrets%");
      const write = await getQueryPlan(context, { key: insert });
      expect(write.unavailable).toEqual({
        code: "no_grant",
        reason: "Planning it needs INSERT on the table, which an explain role must not have.",
      });
    } finally {
      await database.sql.unsafe(
        `revoke all on hidden.secrets from ${role}; revoke all on schema hidden from ${role}`,
      );
    }
  });

  test("without an explain connection plans are off, with the SQL that makes its role; run, it brings the plan", async () => {
    const { database, app, open, keysLike } = world;
    await app`select count(*) as setup_marker from parts`;
    const [key = ""] = await keysLike("select count(*) as setup_marker%");
    const { data, unavailable } = await getQueryPlan({ audit: open(), now: new Date() }, { key });
    expect(data.plan).toBeNull();
    expect(unavailable?.code).toBe("not_configured");
    const sql = unavailable?.enable ?? "";
    expect(sql).toContain("GRANT USAGE ON SCHEMA hidden, public TO audit_explain;");
    expect(sql).toContain("GRANT SELECT ON hidden.secrets, public.parts TO audit_explain;");
    expect(sql).toContain("AUDIT_EXPLAIN_URL");
    const role = `plans_${database.name}`;
    try {
      await database.sql.unsafe(sql.replaceAll("audit_explain", role).replace("…", "test"));
      const url = new URL(database.url);
      url.username = role;
      url.password = "test";
      const context = { audit: open(undefined, undefined, url.href), now: new Date() };
      expect((await getQueryPlan(context, { key })).data.plan?.node).toBe("Aggregate");
    } finally {
      await database.sql.unsafe(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test("a role that may do more than read is refused, and taking it away brings the plan", async () => {
    const { database, app, open, keysLike } = world;
    await app`select min(at) as excess_marker from parts`;
    const [key = ""] = await keysLike("select min(at) as excess_marker%");
    await database.sql`create function idle() returns int language sql as 'select 1'`;
    const excess: [grant: string, right: string, revoke: string][] = [
      ["alter role $ superuser", "is a superuser", "ALTER ROLE $ NOSUPERUSER;"],
      [
        "alter role $ createrole bypassrls",
        "bypasses row security, may create roles",
        "ALTER ROLE $ NOBYPASSRLS;",
      ],
      ["grant pg_monitor to $", "is a member of pg_monitor", "REVOKE pg_monitor FROM $;"],
      [
        "grant insert on hidden.secrets to $",
        "has INSERT on hidden.secrets",
        "REVOKE INSERT ON hidden.secrets FROM $;",
      ],
      [
        "grant update (word) on hidden.secrets to $",
        "has UPDATE (word) on hidden.secrets",
        "REVOKE UPDATE (word) ON hidden.secrets FROM $;",
      ],
      [
        "grant create on schema hidden to $",
        "has CREATE on schema hidden",
        "REVOKE CREATE ON SCHEMA hidden FROM $;",
      ],
      [
        "grant execute on function idle() to $",
        "has a grant on function public.idle()",
        "REVOKE ALL ON ROUTINE public.idle() FROM $;",
      ],
      ["create schema mine authorization $", "owns schema mine", "-- give to another role: schema mine"],
    ];
    for (const [grant, right, revoke] of excess) {
      const url = await world.explainUrl("parts");
      const of = (text: string) => text.replaceAll("$", roleOf(url));
      await database.sql.unsafe(of(grant));
      const context = { audit: open(undefined, undefined, url), now: new Date() };
      const { data, unavailable } = await getQueryPlan(context, { key });
      expect([right, data.plan]).toEqual([right, null]);
      expect(unavailable?.reason).toContain(of(right));
      expect(unavailable?.enable).toContain(of(revoke));
      await database.sql.unsafe(unavailable?.enable ?? "");
      if (right.startsWith("owns")) await database.sql`drop schema mine`;
      expect((await getQueryPlan(context, { key })).data.plan?.node).toBe("Aggregate");
    }
  });

  test("of the roles that ran a statement one will do that may read as much; where row security is on, every row", async () => {
    const { database, app, appName, open } = world;
    const lesser = await database.login();
    await database.sql.unsafe(`
      create table guarded (a int);
      grant select on parts to ${roleOf(lesser)};
      grant select on parts, guarded to ${appName};`);
    const text = "select max(at) as shared_marker from parts";
    const other = postgres(lesser, { max: 1, prepare: false });
    await other.unsafe(text);
    await other.end();
    const keyOf = async (role: string) => {
      const [row] = await database.sql<{ key: string }[]>`
        select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
        where query = ${text} and userid = ${role}::regrole and dbid = (select oid from pg_database where datname = current_database())`;
      return row?.key ?? "";
    };
    const key = await keyOf(roleOf(lesser));
    const explain = await world.explainUrl("parts", "guarded");
    const context = { audit: open(undefined, undefined, explain), now: new Date() };
    expect((await getQueryPlan(context, { key })).unavailable?.reason).toBe(
      `${roleOf(lesser)} ran it, and may not read table public.guarded, which ${roleOf(explain)} may. Planning runs functions that a statement reaches, with ${roleOf(explain)}'s rights: only statements of roles that may read all of that themselves are planned.`,
    );
    await app.unsafe(text);
    const { data } = await getQueryPlan(context, { key });
    expect([data.role, data.plan?.node]).toEqual([appName, "Aggregate"]);

    await database.sql`alter table guarded enable row level security`;
    expect((await getQueryPlan(context, { key: await keyOf(appName) })).unavailable?.reason).toContain(
      "may not read table public.guarded",
    );
    await database.sql.unsafe(`alter role ${appName} bypassrls`);
    try {
      expect((await getQueryPlan(context, { key })).data.role).toBe(appName);
    } finally {
      await database.sql.unsafe(`alter role ${appName} nobypassrls`);
    }
  });

  test("names are found as for the role that ran it, but not what somebody else has put beside them", async () => {
    const { database, open } = world;
    const owner = await database.login();
    const stranger = await database.login();
    const [role, other] = [roleOf(owner), roleOf(stranger)];
    await database.sql.unsafe(`
      create schema shop authorization ${role};
      set role ${role};
      create table shop.orders (a int primary key);
      create function shop.round_up(a int) returns int language sql immutable as 'select a';
      reset role;
      grant create, usage on schema public to ${other};
      alter role ${role} in database ${database.name} set search_path = shop, "$user", public;`);
    const client = postgres(owner, { max: 1, prepare: false });
    await client`select round_up(a) as path_marker from orders where a = ${1}`;
    await client.end();
    const [row] = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%path_marker from orders%' and userid = ${role}::regrole`;
    const explain = await world.explainUrl("shop.orders");
    await database.sql.unsafe(`grant usage on schema shop to ${roleOf(explain)}`);
    const context = { audit: open(undefined, undefined, explain), now: new Date() };
    const planned = () => getQueryPlan(context, { key: row?.key ?? "" });
    expect((await planned()).data.plan?.index).toBe("orders_pkey");
    const beside = async (statements: string) => {
      await database.sql.unsafe(`set role ${other}; ${statements}; reset role`);
      return (await planned()).unavailable?.reason;
    };
    await beside("create function public.unrelated() returns int language sql as 'select 1'");
    expect((await planned()).data.plan?.index).toBe("orders_pkey");
    expect(
      await beside(
        "create function public.round_up(bigint) returns int language sql immutable as 'select 1'",
      ),
    ).toMatch(/^It may reach function public\.round_up\(bigint\), which belongs to login_/);
    await database.sql`drop function public.round_up(bigint)`;
    const operator = "public.= (function = int48eq, leftarg = int, rightarg = bigint)";
    try {
      expect(await beside(`create operator ${operator}`)).toMatch(
        /^It may reach operator public\.=\(integer,bigint\), which belongs to login_/,
      );
    } finally {
      await database.sql`drop operator public.= (int, bigint)`;
    }
    expect((await planned()).data.plan?.index).toBe("orders_pkey");
  });

  test("a function without end is ended: the caller is free at the deadline, the server soon after", async () => {
    const { database, app, open, keysLike } = world;
    const body = (statements: string) => `
      create or replace function endless() returns int language plpgsql immutable as $$ begin ${statements} end $$`;
    await database.sql.unsafe(body("return 1;"));
    await app`select endless() as endless_marker`;
    // It catches what a statement timeout and a cancel request raise.
    await database.sql.unsafe(
      body("loop begin perform pg_sleep(0.05); exception when query_canceled then null; end; end loop;"),
    );
    const [key = ""] = await keysLike("select endless() as endless_marker%");
    const explain = await world.explainUrl("parts");
    const context = { audit: open(undefined, undefined, explain), now: new Date() };
    await expect(getQueryPlan(context, { key }, 1_000)).rejects.toMatchObject({ code: "TIMEOUT" });
    await noSessions(explain);
  });

  test("what cannot be planned says why, in words that quote nothing of the statement", async () => {
    const { app, open, keysLike } = world;
    const context = { audit: open(undefined, undefined, await world.explainUrl("parts")), now: new Date() };
    const reasonOf = async (text: string, like: string) => {
      await app.unsafe(text);
      const [key = ""] = await keysLike(like);
      return (await getQueryPlan(context, { key })).unavailable?.reason;
    };
    expect(await reasonOf("set work_mem = '4MB'", "set work_mem%")).toMatch(/^Only SELECT/);
    await app.unsafe("create temp table fleeting (a int)");
    expect(await reasonOf("select a from fleeting where a = 4", "select a from fleeting%")).toMatch(
      /no longer exists/,
    );
    expect(
      await reasonOf(
        "select extract(hour from interval '7 hours') as odd_marker",
        "select extract%odd_marker",
      ),
    ).toMatch(/cannot be read back as SQL/);
    expect(await reasonOf(`select U&"\\006eote" from parts`, "select U&%")).toBe(
      "It writes names as Unicode escapes.",
    );
    await expect(getQueryPlan(context, { key: "1/1/1/1" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getQueryPlan(context, { key: "nonsense" })).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  test("a text that smuggles a second statement past us is refused by the server's protocol", async () => {
    const { database, open } = world;
    const audit = open();
    const refused = audit.use("watch", "test.smuggle", (sql) =>
      sql.begin("read only", async (tx) => {
        const options: { prepare: boolean; simple: boolean } = { prepare: false, simple: false };
        await tx.unsafe("select 1; commit; create table smuggled ()", [], options);
      }),
    );
    await expect(refused).rejects.toMatchObject({ cause: { code: "42601" } });
    const [row] = await database.sql`select to_regclass('smuggled') is null as absent`;
    expect(row?.absent).toBe(true);
  });

  test("a queried statement runs in another database: the plan says where", async () => {
    const { database, open } = world;
    const other = await createDatabaseOn(database.url);
    await other.sql`select 1 as elsewhere_marker`;
    const [row] = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%elsewhere_marker' limit 1`;
    const { unavailable } = await getQueryPlan(
      { audit: open(undefined, undefined, await world.explainUrl()), now: new Date() },
      { key: row?.key ?? "" },
    );
    expect(unavailable?.reason).toBe(
      `It ran in the database ${other.name}; the console is connected to ${database.name}.`,
    );
    await database.sql`select 1, 2 as here_marker`;
    const [here] = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%here_marker' and dbid = (select oid from pg_database where datname = current_database())`;
    const elsewhere = new URL(await world.explainUrl());
    elsewhere.pathname = `/${other.name}`;
    const strayed = open(undefined, undefined, elsewhere.href);
    expect(
      (await getQueryPlan({ audit: strayed, now: new Date() }, { key: here?.key ?? "" })).unavailable?.reason,
    ).toBe(`AUDIT_EXPLAIN_URL leads to another database, ${other.name}.`);
    await strayed.close();
    await other.drop();
  });
});
