import postgres, { type Sql } from "postgres";
import { expectAccessible, expectNoOverflow } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

/**
 * Collecting takes a minute a sample: what the tests look for is run before the first of them, and those that need
 * no sample come first.
 */
const sampledWithin = 150_000;
const marker = `marker_${Date.now().toString(36)}`;
const calls = 37;
const table = `private_${Date.now().toString(36)}`;

let sql: Sql;

test.beforeAll(async () => {
  sql = postgres(world().auditUrl, { max: 1, onnotice: () => {} });
  for (let i = 0; i < calls; i += 1)
    await sql.unsafe(`select id as ${marker} from audit_log where organization_id = $1 limit 3`, [
      `org-${i % 5}`,
    ]);
  await sql.unsafe(
    `create table ${table} as select i as id from generate_series(1, 1000) i; analyze ${table}`,
  );
  await sql.unsafe(`select id from ${table} order by id desc limit 5`);
});

test.afterAll(async () => {
  await sql.unsafe(`drop table if exists ${table}`);
  await sql.end();
});

test("a viewer sees statements but is offered no plan", async ({ page, signIn, auditSql }) => {
  await signIn("viewer", "/audit/queries/1%2F2%2F3%2F1");
  await expect(page.getByText("No statement with this key was seen on this target.")).toHaveCount(1);
  const [entry] = await auditSql<{ key: string }[]>`
    select concat_ws('/', dbid, userid, queryid, toplevel::int) as "key" from pg_stat_statements
    where query not like '%dashboard:%' and dbid = (select oid from pg_database where datname = 'audit')
    order by calls desc limit 1`;
  await page.goto(`/audit/queries/${encodeURIComponent(entry?.key ?? "")}`);
  await expect(page.locator("#statement-plan")).toContainText("Plans are for operators");
  await expect(page.getByRole("button", { name: "Show the plan" })).toHaveCount(0);
});

test("a server without pg_stat_statements says what to run, and shows what runs meanwhile", async ({
  page,
  signIn,
  foreignSql,
}) => {
  await signIn("viewer", "/foreign/queries?refresh=2s");
  const how = page.locator("section", { has: page.locator("#enable-statements") });
  await expect(how).toContainText("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';");
  await expect(how).toContainText("CREATE EXTENSION pg_stat_statements");
  const running = page.locator("#running-queries");
  await expect(running).toContainText("Nothing is running at this moment");

  const busy = foreignSql`select pg_sleep(300), 'warehouse report'`.execute();
  const ended = busy.then(
    () => "slept on",
    (error: { code?: string }) => error.code,
  );
  const row = running.getByRole("row").filter({ hasText: "pg_sleep(300)" });
  await expect(row).toBeVisible({ timeout: 40_000 });
  await expect(row).toContainText("e2e");
  await row.getByRole("button").click();
  await expect(page.getByRole("dialog")).toContainText("Timeout: PgSleep");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectAccessible(page);
  busy.cancel();
  expect(await ended).toBe("57014");
  await expect(row).toHaveCount(0, { timeout: 40_000 });

  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoOverflow(page);
});

test("a statement's figures are those of pg_stat_statements, on its row and on its page", async ({
  page,
  signIn,
  auditSql,
}) => {
  test.setTimeout(300_000);
  const [truth] = await auditSql<
    { calls: number; totalMs: number; rows: number; queryId: string; user: string }[]
  >`
    select s.calls::int as "calls", s.total_exec_time as "totalMs", s.rows::int as "rows",
           s.queryid::text as "queryId", s.userid::regrole::text as "user"
    from pg_stat_statements s where s.query like ${`%${marker}%from audit_log%`} and s.query not like '%pg_stat%'`;
  expect(truth?.calls).toBe(calls);
  if (!truth) return;

  await signIn("admin", `/audit/queries?q=${marker}&by=calls&refresh=2s`);
  const row = page.locator("#top-queries tr[data-key]").filter({ hasText: marker });
  await expect(row).toBeVisible({ timeout: sampledWithin });
  // Nothing executes it any more: the figures must agree to a thousandth once the sample that holds all is there.
  await expect(row.getByTitle(String(calls), { exact: true })).toBeVisible({ timeout: sampledWithin });
  const shown = await row.locator("td[title$=' ms']").first().getAttribute("title");
  expect(Math.abs(Number(shown?.replace(/[, ms]/g, "")) - truth.totalMs) / truth.totalMs).toBeLessThan(0.001);

  // The choice is in the address and survives a reload.
  await page.reload();
  await expect(page.getByRole("button", { name: "Calls", exact: true }).first()).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByRole("searchbox", { name: "Text, user or database" })).toHaveValue(marker);

  await row.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/audit/queries/[^/?]*${encodeURIComponent(truth.queryId)}`));
  await expect(page.getByRole("heading", { level: 1, name: "SELECT audit_log" })).toBeVisible();
  const text = page.locator("#statement-text");
  await expect(text.locator("code")).toContainText(new RegExp(`\\n +id AS ${marker}`));
  await expect(text.getByRole("button", { name: "Copy SQL" })).toBeVisible();
  await expect(page.locator("#statement-entries")).toContainText(truth.user);
  await expect(page.locator("#statement-entries")).toContainText(`${calls} calls`);
  const counter = page
    .locator("#statement-counters dt", { hasText: /^rows$/ })
    .locator("..")
    .locator("dd");
  await expect(counter).toHaveText(String(truth.rows));
  await expect(page.locator("#statement-calls svg").first()).toBeVisible();
  await expectAccessible(page);
});

test("a plan is made on a click alone and on record; what its role may not read is named with the grant", async ({
  page,
  signIn,
  console: own,
}) => {
  test.setTimeout(240_000);
  await signIn("operator", `/audit/queries?q=${table}%20order&refresh=2s`);
  const row = page.locator("#top-queries tr[data-key]").filter({ hasText: `select id from ${table}` });
  await expect(row).toBeVisible({ timeout: sampledWithin });
  const key = decodeURIComponent((await row.getAttribute("data-key")) ?? "");
  const records = async () =>
    (
      await own.sql`
        select detail from activity where action = 'statement.plan' and object_id = ${key} order by id`
    ).map(({ detail }) => (detail as { planned: boolean }).planned);

  // No address asks for one, and none is asked for ahead.
  await page.goto(`/audit/queries/${encodeURIComponent(key)}?plan=shown`);
  const plan = page.locator("#statement-plan");
  const show = page.getByRole("button", { name: "Show the plan" });
  await expect(show).toBeVisible();
  await expect(page.locator("#statement-counters")).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await records()).toEqual([]);

  await show.click();
  await expect(plan).toContainText(`GRANT SELECT ON public.${table} TO explain_login;`);
  expect(await records()).toEqual([false]);
  await sql.unsafe(`grant select on ${table} to explain_login`);
  await plan.getByRole("button", { name: "Plan again" }).click();
  await expect(plan.getByRole("cell", { name: /^Limit/ })).toBeVisible();
  await expect(plan.getByRole("cell", { name: new RegExp(`Seq Scan ?public.${table}`) })).toBeVisible();
  await expect(plan).toContainText("EXPLAIN (GENERIC_PLAN)");
  expect(await records()).toEqual([false, true]);
  await expectAccessible(page);
  await page.reload();
  await expect(show).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await records()).toEqual([false, true]);
  await expect
    .poll(() => sql`select pid from pg_stat_activity where usename = 'explain_login'`, { timeout: 40_000 })
    .toHaveLength(0);
});

test("the list fits a phone, and the keyboard reaches a statement", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/queries");
  const first = page.locator("#top-queries tr[data-key] a").first();
  await expect(first).toBeVisible();
  await expectAccessible(page);
  await first.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("#top-queries tr[data-key] a").nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Who ran it" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoOverflow(page);
  await page.goto("/audit/queries");
  await expect(first).toBeVisible();
  await expectNoOverflow(page);
});
