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
  { path: "replication", heading: "Replication", explains: [/Nobody follows this primary/] },
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
  foreignSql,
}) => {
  const [truth] = await foreignSql<{ partitions: number; missing: string }[]>`
    select count(*)::int as partitions,
           to_char((now() at time zone 'utc')::date - 7, 'FMDD Mon YYYY') as missing
    from pg_inherits where inhparent = 'measurement'::regclass`;
  await signIn("viewer", "/foreign/partitions");
  await waitForFigures(page);
  const main = page.getByRole("main");
  await expect(main).toContainText(/gap/i);
  await expect(main).toContainText(/default/i);
  await expect(main).toContainText("measurement_rest");
  expect(truth?.partitions).toBe(23);
});

test("two tables that read alike without quotes have a page each, with the server's figures", async ({
  page,
  signIn,
  foreignSql,
}) => {
  await foreignSql.unsafe(`
    create schema "a.b"; create schema a;
    create table "a.b".c (ts timestamptz) partition by range (ts);
    create table "a.b".c_1 partition of "a.b".c for values from (minvalue) to (maxvalue);
    create table a."b.c" (ts timestamptz) partition by range (ts);
    create table a."b.c_1" partition of a."b.c" for values from (minvalue) to (maxvalue);
    insert into "a.b".c select now() from generate_series(1, 1234);
    insert into a."b.c" select now() from generate_series(1, 4321);
    analyze "a.b".c; analyze a."b.c";`);
  try {
    await signIn("viewer", "/foreign/partitions");
    for (const { table, partition, rows } of [
      { table: '"a.b".c', partition: '"a.b".c_1', rows: "1,234" },
      { table: 'a."b.c"', partition: 'a."b.c_1"', rows: "4,321" },
    ]) {
      const listed = page.locator("#partitions tbody tr");
      // What the server has is read every fifteen seconds.
      await expect(async () => {
        await page.goto(`/foreign/partitions?${new URLSearchParams({ table })}`);
        await expect(listed).toHaveCount(1, { timeout: 3_000 });
      }).toPass({ timeout: 60_000 });
      await expect(listed).toContainText(partition);
      await listed.click();
      const sheet = page.getByRole("dialog");
      await expect(sheet.getByRole("heading", { name: partition })).toBeVisible();
      await expect(sheet).toContainText(rows);
      expect(new URL(page.url()).searchParams.get("partition")).toBe(partition);
    }
  } finally {
    await foreignSql.unsafe(`drop schema "a.b" cascade; drop schema a cascade`);
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
  const [found] = await foreignSql<Record<string, string[]>[]>`
    select array(select extname::text from pg_extension order by 1) as extensions,
           array(select nspname::text from pg_namespace
            where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1) as schemas,
           array(select rolname::text from pg_roles where rolname !~ '^pg_' order by 1) as roles,
           array(select distinct regexp_replace(relname, '_\\d+', '')::text from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') order by 1) as tables,
           array(select slot_name::text from pg_replication_slots order by 1) as slots`;
  expect(found).toEqual({
    extensions: ["plpgsql"],
    schemas: ["public"],
    roles: ["guest", "postgres"],
    tables: ["measurement", "measurement_rest"],
    slots: [],
  });
});
