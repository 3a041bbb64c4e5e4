import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../testing/database.ts";
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

  test("a plan is told without executing: tree, estimates, and the scan of all partitions", async () => {
    const { database, app, open, keysLike } = world;
    const reader = await database.login(["pg_monitor", "pg_read_all_data"]);
    const context = { audit: open(reader), now: new Date() };
    await app`select sum(length(note)) as plan_marker from parts where note = ${"a"}`;
    await app`select count(*) as pruned_marker from parts where at >= ${new Date("2024-02-03")} and note = ${"a"}`;
    const [key = ""] = await keysLike("select sum(length(note)) as plan_marker%");
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(unavailable).toBeUndefined();
    expect(data.method).toBe(server === 18 ? "generic_plan" : "prepared_generic");
    const nodes = planNodes(data.plan ?? expect.fail("no plan"));
    expect(nodes.map((n) => n.node)).toEqual(["Aggregate", "Append", "Seq Scan", "Seq Scan", "Seq Scan"]);
    expect(nodes[2]?.relation).toBe("public.parts_2024_01");
    expect(data.plan?.totalCost).toBeGreaterThan(1);
    expect(data.warnings).toEqual([
      "Reads all 3 partitions of public.parts from end to end: nothing in the statement limits at.",
    ]);
    const [pruned = ""] = await keysLike("select count(*) as pruned_marker%");
    expect((await getQueryPlan(context, { key: pruned })).data.warnings).toEqual([]);
    // A second time on the same connection: nothing of the first is left behind.
    expect((await getQueryPlan(context, { key })).data.plan).toEqual(data.plan);
    const left = await context.audit.use(
      "watch",
      "test.left",
      (sql) => sql`select name from pg_prepared_statements where name = 'dashboard_plan'`,
    );
    expect(left).toHaveLength(0);
  });

  test("a plan without the grant names the grant, and giving it brings the plan", async () => {
    const { database, app, watchUrl, open, keysLike } = world;
    await app`select word from hidden.secrets where id = ${1}`;
    const [key = ""] = await keysLike("select word from hidden.secrets%");
    const context = { audit: open(), now: new Date() };
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(data.plan).toBeNull();
    const role = new URL(watchUrl).username;
    expect(unavailable).toMatchObject({
      code: "no_grant",
      enable: `GRANT USAGE ON SCHEMA hidden TO ${role};\nGRANT SELECT ON hidden.secrets TO ${role};`,
    });
    await database.sql.unsafe(unavailable?.enable ?? "");
    const granted = await getQueryPlan(context, { key });
    expect(granted.data.plan?.index).toBe("secrets_pkey");
    await app`insert into hidden.secrets values (${1}, ${"x"}) on conflict do nothing`;
    const [insert = ""] = await keysLike("insert into hidden.secrets%");
    const write = await getQueryPlan(context, { key: insert });
    expect(write.unavailable).toMatchObject({
      code: "no_grant",
      enable: `GRANT SELECT, INSERT ON hidden.secrets TO ${role};`,
    });
    await database.sql.unsafe(
      `revoke all on hidden.secrets from ${role}; revoke all on schema hidden from ${role}`,
    );
  });

  test("what cannot be planned says why, in words that quote nothing of the statement", async () => {
    const { database, app, open, keysLike } = world;
    const reader = await database.login(["pg_monitor", "pg_read_all_data"]);
    const context = { audit: open(reader), now: new Date() };
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
    await expect(refused).rejects.toMatchObject({ code: "42601" });
    const [row] = await database.sql`select to_regclass('smuggled') is null as absent`;
    expect(row?.absent).toBe(true);
  });

  test("a queried statement runs in another database: the plan says where", async () => {
    const { database, open } = world;
    const other = await createDatabase({ server, template: "empty" });
    await other.sql`select 1 as elsewhere_marker`;
    const [row] = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%elsewhere_marker' limit 1`;
    const { unavailable } = await getQueryPlan({ audit: open(), now: new Date() }, { key: row?.key ?? "" });
    expect(unavailable?.reason).toBe(
      `It ran in the database ${other.name}; the console is connected to ${database.name}.`,
    );
    await other.drop();
  });
});
