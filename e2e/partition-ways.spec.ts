import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { asSuperuser, drawer, makeMonths, makeSchema, panel } from "./support/partition-tables.ts";
import { expect, test } from "./support/test.ts";

/** Ways of doing one thing that a person chooses on the Partitions page, and tables that others keep. */

const patience = { timeout: 30_000 };
const of = (table: string) => `/audit/partitions?table=e2e_ways.${table}&refresh=2s`;

test.beforeAll(() =>
  asSuperuser(async (sql) => {
    await makeSchema(sql, "e2e_ways");
    await makeMonths(sql, "e2e_ways.spilt", [-3, -2]);
    await makeMonths(sql, "e2e_ways.kept", [-1, 0, 1]);
    await sql.unsafe(`
      create table e2e_ways.spilt_rest partition of e2e_ways.spilt default;
      alter table e2e_ways.spilt_rest owner to audit_maintainer;
      insert into e2e_ways.spilt select date_trunc('month', now(), 'UTC') - g * interval '12 hours', 'x' from generate_series(-2, 20) g;
      create schema e2e_partman authorization audit_maintainer;
      set role audit_maintainer;
      create table e2e_ways.flakes (id bigint not null) partition by range (id);
      do $$ declare d int; declare ms bigint; begin
        for d in -2..1 loop
          ms := extract(epoch from date_trunc('day', now(), 'UTC') + d * interval '1 day') * 1000 - 1300000000000;
          execute format('create table e2e_ways.flakes_%s partition of e2e_ways.flakes for values from (%s) to (%s)',
            d + 2, ms << 22, (ms + 86400000) << 22);
        end loop;
      end $$;
      create table e2e_partman.part_config (
        parent_table text primary key, control text not null, partition_interval text not null, partition_type text not null,
        premake int not null, automatic_maintenance text not null default 'on', retention text, maintenance_last_run timestamptz);
      insert into e2e_partman.part_config values ('e2e_ways.kept', 'at', '1 mon', 'range', 4, 'on', '400 days', now() - interval '2 hours');
      grant usage on schema e2e_partman to public; grant select on e2e_partman.part_config to public;
      reset role`);
  }),
);
test.afterAll(() =>
  asSuperuser((sql) =>
    sql.unsafe("drop schema if exists e2e_ways cascade; drop schema if exists e2e_partman cascade"),
  ),
);

test("how a default is repaired is chosen in the drawer, stands in the address, and is what is done", async ({
  page,
  signIn,
  auditSql,
}) => {
  const request = { verb: "repair", partition: { schema: "e2e_ways", name: "spilt_rest" } };
  await signIn("operator", `${of("spilt")}&plan=${encodeURIComponent(JSON.stringify(request))}`);
  const plan = page.getByRole("dialog");
  const how = plan.getByRole("group", { name: "How" });
  await expect(how.getByText("Here: rows move.")).toBeVisible();
  await expect(panel(page, "strip").locator('[data-work="pending"]')).toHaveCount(2);
  await how.getByRole("radio", { name: "Rows stay" }).focus();
  await page.keyboard.press("Space");
  await expect(plan).toContainText("Its rows belong into 2 partitions, not into one.");
  await expect(plan.getByRole("button", { name: "Repair" })).toHaveCount(0);
  await expect(how.getByRole("radio", { name: "Rows stay" })).toBeFocused();
  await expectAccessible(page);
  await plan.getByLabel("Longest wait for a lock, in milliseconds").fill("1500");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => new URL(page.url()).searchParams.get("plan"))
    .toBe(JSON.stringify({ ...request, how: "rows stay", lockTimeoutMs: 1_500 }));
  // Whoever opens the address sees the same.
  await page.reload();
  await expect(how.getByRole("radio", { name: "Rows stay" })).toBeChecked();
  await expect(plan.getByLabel("Longest wait for a lock, in milliseconds")).toHaveValue("1500");

  await how.getByRole("radio", { name: "Rows move" }).check();
  await how.getByRole("checkbox", { name: "Nothing updates or deletes these rows" }).check();
  await expect.poll(() => new URL(page.url()).searchParams.get("plan")).toContain('"rowsNeverChange":true');
  await expect(plan).toContainText("1,500 ms");
  await plan.getByLabel("Reason").fill("Ticket AUD-77");
  await plan.getByRole("button", { name: "Repair" }).click();
  const work = drawer(page, "Repair e2e_ways.spilt_rest");
  await expect(work.getByRole("region", { name: "State" })).toContainText("done", patience);
  const [left] = await auditSql<{ rest: number; all: number }[]>`
    select (select count(*)::int from only e2e_ways.spilt_rest) as rest, (select count(*)::int from e2e_ways.spilt) as all`;
  expect(left).toEqual({ rest: 0, all: 23 });
});

test("beside a default a detach goes under lock alone; what was detached comes back by the dialog", async ({
  page,
  signIn,
  auditSql,
}) => {
  const [partition] = await auditSql<{ name: string }[]>`
    select relname as name from pg_inherits join pg_class c on c.oid = inhrelid
    where inhparent = 'e2e_ways.spilt'::regclass order by 1 limit 1`;
  const name = `e2e_ways.${partition?.name}`;
  const request = { verb: "detach", partition: { schema: "e2e_ways", name: partition?.name } };
  await signIn("operator", `${of("spilt")}&plan=${encodeURIComponent(JSON.stringify(request))}`);
  const plan = drawer(page, `Detach ${name} from e2e_ways.spilt`);
  await expect(plan).toContainText("is blocked");
  await plan.getByRole("checkbox", { name: "Detach under lock" }).check();
  await expect(plan).toContainText("ACCESS EXCLUSIVE on e2e_ways.spilt: reads and writes wait");
  await plan.getByLabel("Reason").fill("Ticket AUD-78");
  await plan.getByLabel(`Type ${name} to confirm`).fill(name);
  await plan.getByRole("button", { name: "Detach" }).click();
  const detached = drawer(page, `Detach ${name}`);
  await expect(detached.getByRole("region", { name: "State" })).toContainText("done", patience);
  await page.keyboard.press("Escape");

  const strip = panel(page, "strip");
  await strip.getByRole("button", { name: "Plans for e2e_ways.spilt as a whole" }).click();
  await page.getByRole("menuitem", { name: "Attach a table…" }).click();
  const dialog = page.getByRole("dialog", { name: "Attach a table to e2e_ways.spilt" });
  await dialog.getByRole("button", { name: "See the plan" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Name a table, such as");
  await expectAccessible(page);
  await dialog.getByLabel("Table", { exact: true }).fill(name);
  await dialog.getByRole("button", { name: "See the plan" }).click();
  const back = drawer(page, new RegExp(`^Attach ${name}`));
  await expect(back).toContainText("ATTACH PARTITION");
  await back.getByRole("button", { name: "Attach" }).click();
  await expect(back.getByRole("region", { name: "State" })).toContainText("done", patience);
  const [there] = await auditSql<{ parent: string }[]>`
    select inhparent::regclass::text as parent from pg_inherits where inhrelid = ${name}::regclass`;
  expect(there?.parent).toBe("e2e_ways.spilt");
});

test("upkeep says what it learned and takes what nothing tells; it is paused, resumed and removed", async ({
  page,
  signIn,
}) => {
  await signIn("operator", of("flakes"));
  const upkeep = panel(page, "upkeep");
  await upkeep.getByRole("button", { name: "Set up upkeep" }).click(patience);
  const editor = page.getByRole("dialog", { name: "Set up upkeep of e2e_ways.flakes" });
  const runs = editor.getByRole("region", { name: "Next runs" });
  await expect(editor.getByLabel("The key means")).toHaveAttribute("placeholder", "number");
  await editor.getByLabel("The key means").fill("snowflake 1300000000000");
  await expect(editor.getByText("Learned: 1 day.")).toBeVisible();
  await editor.getByLabel("Names").fill("{table}_{yyyy}{mm}{dd}");
  const day = (ahead: number) =>
    new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");
  await expect(runs).toContainText(`Create e2e_ways.flakes_${day(2)}`);
  await editor.getByLabel("Tablespace").fill("nowhere");
  await expectAccessible(page);
  await editor.getByLabel("Tablespace").fill("");
  await editor.getByRole("button", { name: "Propose upkeep" }).click();
  await upkeep.getByRole("button", { name: "Approve upkeep" }).click();
  await page
    .getByRole("dialog", { name: /^Approve upkeep/ })
    .getByRole("button", { name: "Approve upkeep" })
    .click();
  await expect(upkeep).toContainText("none yet, approved by");
  const choose = async (item: string) => {
    await upkeep.getByRole("button", { name: "Upkeep of e2e_ways.flakes" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Pause");
  await expect(upkeep.getByText("paused")).toBeVisible();
  await choose("Resume");
  await expect(upkeep.getByText("paused")).toHaveCount(0);
  await expect(upkeep.getByText("Next run")).toBeVisible();
  await choose("Change");
  const change = page.getByRole("dialog", { name: "Change upkeep of e2e_ways.flakes" });
  await expect(change.getByLabel("The key means")).toHaveValue("snowflake 1300000000000");
  await expect(change.getByLabel("Names")).toHaveValue("{table}_{yyyy}{mm}{dd}");
  await page.keyboard.press("Escape");
  await choose("Remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove upkeep" }).click();
  await expect(upkeep.getByRole("button", { name: "Set up upkeep" })).toBeVisible();

  // Cells to come of a key without a clock have their place behind the newest.
  const request = {
    verb: "create",
    table: { schema: "e2e_ways", name: "flakes" },
    ahead: 3,
    cut: { key: "snowflake 1300000000000" },
  };
  await page.goto(`${of("flakes")}&plan=${encodeURIComponent(JSON.stringify(request))}`);
  const ghosts = panel(page, "strip").locator('[data-work="pending"]');
  await expect(ghosts).toHaveCount(2);
  const left = async (cell: typeof ghosts) => (await cell.boundingBox())?.x ?? 0;
  expect(await left(ghosts.first())).toBeGreaterThan(
    await left(panel(page, "strip").locator("[data-cell]").last()),
  );
});

test("a table that pg_partman keeps shows its settings, and is left by its typed name: then upkeep can be set up", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("operator", of("kept"));
  const upkeep = panel(page, "upkeep");
  const table = upkeep.locator('[data-partman="e2e_ways.kept"]');
  await expect(table).toContainText("4 ahead, each of 1 mon, by at; retention 400 days", patience);
  await expect(table).toContainText("2 h ago");
  await expect(upkeep.getByRole("button", { name: "Set up upkeep" })).toHaveCount(0);
  await expectNoOverflow(page);
  await expectAccessible(page);
  await table.getByRole("button", { name: "Plan its maintenance" }).click();
  await expect(page.getByRole("dialog")).toContainText("There is no function run_maintenance");
  await page.keyboard.press("Escape");
  await table.getByRole("button", { name: "Leave pg_partman" }).click();
  const leave = drawer(page, "Leave pg_partman with e2e_ways.kept");
  await leave.getByLabel("Type e2e_ways.kept to confirm").fill("e2e_ways.kept");
  await leave.getByRole("button", { name: "Leave pg_partman" }).click();
  await expect(leave.getByRole("region", { name: "State" })).toContainText("done", patience);
  await page.keyboard.press("Escape");
  await expect(table).toContainText("automatic maintenance off", patience);
  await expect(upkeep.getByRole("button", { name: "Set up upkeep" })).toBeVisible();
  const [row] =
    await auditSql`select automatic_maintenance as automatic, premake from e2e_partman.part_config`;
  expect(row).toEqual({ automatic: "off", premake: 4 });
});
