import { seriousViolations, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

// Whole pages at two sizes and in two themes, or one after another: minutes where the machine is busy.
test.describe.configure({ timeout: 180_000 });

/** What each page of a stranger's database must explain, with the SQL that would change it. */
const walk: { path: string; heading: string; explains: RegExp[] }[] = [
  { path: "overview", heading: "Overview", explains: [/audit_log/] },
  { path: "connections", heading: "Connections", explains: [] },
  {
    path: "caches",
    heading: "Caches",
    explains: [
      /ALTER SYSTEM SET track_io_timing = on/,
      /pg_stat_io exists from PostgreSQL 16; this server is 15/,
      /pg_buffercache_summary\(\) exists from PostgreSQL 16; this server is 15/,
    ],
  },
  { path: "partitions", heading: "Partitions", explains: [] },
  { path: "replication", heading: "Replication", explains: [/No standby is connected/] },
  { path: "events", heading: "Events", explains: [/has no audit_log of ours/] },
  {
    path: "queries",
    heading: "Queries",
    explains: [/CREATE EXTENSION( IF NOT EXISTS)? pg_stat_statements/i, /shared_preload_libraries/],
  },
];

test("every page of a database that is not ours opens, and what is missing comes with its SQL", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/foreign/overview");
  for (const { path, heading, explains } of walk) {
    await page.goto(`/foreign/${path}`);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await waitForFigures(page);
    await expect(page.getByText("This page could not be drawn")).toHaveCount(0);
    await expect(page.getByText(/could not be read/)).toHaveCount(0);
    await expect(page.getByRole("main")).not.toContainText(/undefined|NaN|\[object|null,/);
    for (const words of explains) await expect(page.getByRole("main")).toContainText(words);
    expect([path, await seriousViolations(page)]).toEqual([path, []]);
  }
});

test("its partitions show the day that is missing and the rows in the default partition", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/foreign/partitions?table=measurement");
  await waitForFigures(page);
  const main = page.getByRole("main");
  await expect(main).toContainText(/gap/i);
  await expect(main).toContainText(/default/i);
  await expect(main).toContainText("measurement_rest");
});

test("two tables that read alike without quotes have a page each, with the server's figures", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/foreign/partitions");
  for (const { table, partition, rows } of [
    { table: '"a.b".c', partition: '"a.b".c_1', rows: "1,000" },
    { table: 'a."b.c"', partition: 'a."b.c_1"', rows: "7,000" },
  ]) {
    await page.goto(`/foreign/partitions?${new URLSearchParams({ table })}`);
    const listed = page.locator("#partitions tbody tr");
    await expect(listed).toHaveCount(1);
    await expect(listed).toContainText(partition);
    await listed.click();
    const sheet = page.getByRole("dialog");
    await expect(sheet.getByRole("heading", { name: partition })).toBeVisible();
    await expect(sheet).toContainText(rows);
    expect(new URL(page.url()).searchParams.get("partition")).toBe(partition);
  }
});

test("Settings lists what each feature needs there, and the SQL for what is missing", async ({
  page,
  signIn,
}) => {
  await signIn("admin", "/settings/targets");
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "foreign" }).click();
  await expect(page).toHaveURL("/settings/targets?of=foreign");
  await expect(main).toContainText("PostgreSQL 15");
  await expect(main).toContainText(/CREATE EXTENSION( IF NOT EXISTS)? pg_stat_statements/i);
});

test("watching leaves nothing behind in it", async ({ foreignSql }) => {
  const [found] = await foreignSql<Record<string, unknown>[]>`
    select array(select extname::text from pg_extension order by 1) as extensions,
           array(select nspname::text from pg_namespace
            where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1) as schemas,
           array(select rolname::text from pg_roles where rolname !~ '^pg_' order by 1) as roles,
           (select count(*)::int from pg_shdepend where refobjid = 'guest'::regrole and deptype = 'o') as owned,
           array(select slot_name::text from pg_replication_slots order by 1) as slots`;
  expect(found).toEqual({
    extensions: ["file_fdw", "plpgsql", "postgres_fdw"],
    schemas: ["Weird Schema.ü", "a", "a.b", "public", "s1", "s2"],
    roles: ["guest", "postgres"],
    // It could make nothing that it would not own.
    owned: 0,
    slots: [],
  });
});
