import type { Page } from "@playwright/test";
import postgres from "postgres";
import { formatBytes, formatNumber, formatRatio } from "../lib/client/format.ts";
import { nameRelation, quoteQualified } from "../lib/quote-sql.ts";
import { openSession } from "./support/open-session.ts";
import { expectNoOverflow, seriousViolations, waitForFigures } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

/** Every page over a database that is not ours, with the server's figures read beside and written as the page writes them. */

const soon = { timeout: 30_000 };

/** The rows of a panel's table, by the heads of its columns. */
function readTable(page: Page, panel: string): Promise<Record<string, string>[]> {
  return page.locator(`#${panel}`).evaluate((section) => {
    const text = (cell: Element) => (cell as HTMLElement).innerText.replace(/\s+/g, " ").trim();
    const heads = [...section.querySelectorAll("thead th")].map(text);
    return [...section.querySelectorAll("tbody tr[data-key]")].map((row) =>
      Object.fromEntries([...row.querySelectorAll("td")].map((cell, at) => [heads[at], text(cell)])),
    );
  });
}

test("Overview: the size of the database and of its WAL", async ({ page, signIn, foreignSql }) => {
  await signIn("viewer", "/foreign/overview");
  await waitForFigures(page);
  await expect(async () => {
    const [truth] = await foreignSql<{ database: string; wal: string }[]>`
      select pg_database_size(current_database()) as database, (select sum(size) from pg_ls_waldir()) as wal`;
    const figures = page.locator("#growth dd");
    await expect(figures.nth(0)).toHaveText(formatBytes(Number(truth?.database)), { timeout: 100 });
    await expect(figures.nth(2)).toHaveText(formatBytes(Number(truth?.wal)), { timeout: 100 });
  }).toPass(soon);
  const [index] = await foreignSql<{ schema: string; name: string; table: string }[]>`
    select n.nspname as schema, c.relname as name, indrelid::regclass::text as "table"
    from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace where not indisvalid`;
  if (!index) throw new Error("no index is invalid");
  await expect(page.getByRole("main")).toContainText(
    `Index ${quoteQualified(index.schema, index.name)} on ${index.table} is invalid.`,
  );
});

test("Connections: how many are taken, and by whom", async ({ page, signIn, world, foreignSql }) => {
  const name = `its "own" a.b`;
  const clients = Array.from({ length: 3 }, () =>
    postgres(world.foreignUrl, { max: 1, connection: { application_name: name } }),
  );
  try {
    await Promise.all(clients.map((client) => client`select 1`));
    await signIn("viewer", "/foreign/connections?refresh=2s");
    await expect(async () => {
      const truth = await foreignSql<{ name: string; count: number }[]>`
        select application_name as name, count(*)::int as count from pg_stat_activity
        where datname = current_database() and usename = 'postgres' and application_name <> '' group by 1`;
      expect(truth).toContainEqual({ name, count: 3 });
      const shown = await page.locator("#holders [data-group]").evaluateAll((groups) =>
        groups.map((group) => ({
          name: (group as HTMLElement).dataset.group,
          count: Number(group.querySelector("span:last-child")?.textContent),
        })),
      );
      expect(shown).toEqual(expect.arrayContaining([...truth]));
      const [{ used, usable } = {}] = await foreignSql<{ used: number; usable: number }[]>`
        select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
               current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as usable`;
      await expect(page.locator('[data-lane="server"]')).toContainText(`${used} of ${usable} taken`, {
        timeout: 100,
      });
    }).toPass(soon);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
});

test("Connections: who waits in which of PgBouncer's pools", async ({ page, signIn, world }) => {
  const clients = postgres(world.foreignPooledUrl, { max: 2, prepare: false, fetch_types: false });
  const release = Promise.withResolvers<void>();
  const hold = () =>
    clients.begin(async (tx) => {
      await tx.unsafe("select 1").simple();
      await release.promise;
    });
  const held = Promise.all([hold(), hold()]);
  try {
    await signIn("viewer", "/foreign/connections?refresh=2s");
    await expect
      .poll(() => readTable(page, "pooler-pools"), soon)
      .toMatchObject([
        {
          ...{ User: "postgres", Database: "warehouse", Served: "1", Waiting: "1" },
          ...{
            "Longest wait": expect.stringMatching(/^[\d.]+ (ms|s)$/),
            "Servers in use": "1",
            "At most": "1",
          },
        },
      ]);
    await expect(page.locator("#pools [data-waiting]")).toContainText(
      /In the pooler: 1 client waits .+First in the pool of user postgres for database warehouse/,
      soon,
    );
  } finally {
    release.resolve();
    await held;
    await clients.end();
  }
});

test("Caches: the blocks of tables whose names read alike", async ({ page, signIn, foreignSql }) => {
  await signIn("viewer", "/foreign/caches");
  await waitForFigures(page);
  await expect(async () => {
    const truth = await foreignSql<
      Record<"schema" | "name", string>[] & Record<"hits" | "reads" | "pages", number>[]
    >`
      select n.nspname as schema, r.relname as name, sum(c.relpages)::int as pages,
             sum(heap_blks_hit + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_hit, 0) + coalesce(tidx_blks_hit, 0))::int as hits,
             sum(heap_blks_read + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0) + coalesce(tidx_blks_read, 0))::int as reads
      from pg_statio_user_tables s join pg_class c on c.oid = s.relid
      join pg_class r on r.oid = coalesce(pg_partition_root(s.relid), s.relid) join pg_namespace n on n.oid = r.relnamespace
      where n.nspname in ('a', 'a.b', 's1', 's2') group by 1, 2 order by 1, 2`;
    expect(truth.length).toBe(4);
    const rows = await readTable(page, "relations");
    for (const { schema, name, hits, reads, pages } of truth) {
      const shown = quoteQualified(schema, name);
      const row = rows.find(
        ({ Table }) => Table?.replace(/ \d+ partitions$/, "").replace(/\. /, ".") === shown,
      );
      expect({ ...row, Table: shown }).toMatchObject({
        "Blocks asked for": formatNumber(hits + reads),
        Found: formatRatio(hits / (hits + reads)),
        "Blocks read": formatNumber(reads),
        Size: pages === 0 ? "–" : formatBytes(pages * 8_192),
      });
    }
  }).toPass(soon);
});

test("Partitions: rows and bytes of each partition of a table", async ({ page, signIn, foreignSql }) => {
  await signIn("viewer", "/foreign/partitions");
  for (const table of ["regions", '"a.b".c', 'a."b.c"']) {
    await page.goto(`/foreign/partitions?${new URLSearchParams({ table })}`);
    await waitForFigures(page);
    await expect(async () => {
      const truth = await foreignSql<{ schema: string; name: string; rows: number; bytes: number }[]>`
        select n.nspname as schema, c.relname as name, n_live_tup::int as rows, pg_total_relation_size(c.oid)::int as bytes
        from pg_partition_tree(${table}::regclass) t join pg_class c on c.oid = t.relid and c.relkind = 'r'
        join pg_namespace n on n.oid = c.relnamespace join pg_stat_all_tables s on s.relid = c.oid`;
      const shown = (await readTable(page, "partitions")).map((row) => [
        row.Partition?.replace(/ default$/, ""),
        row["Rows, est."],
        row.Size,
      ]);
      const written = truth.map((row) => [nameRelation(row), formatNumber(row.rows), formatBytes(row.bytes)]);
      expect(shown.toSorted()).toEqual(written.toSorted());
    }).toPass(soon);
  }
});

test("Queries: what runs now; without the extension it says so", async ({
  page,
  signIn,
  world,
  foreignSql,
}) => {
  const [extension] = await foreignSql`select from pg_extension where extname = 'pg_stat_statements'`;
  expect(extension).toBeUndefined();
  const client = postgres(world.foreignUrl, { max: 1, connection: { application_name: "sleeper" } });
  const text = 'select pg_sleep(extract(year from now())) as "of a.b"';
  const sleeping = client.unsafe(text).catch(() => []);
  try {
    await signIn("viewer", "/foreign/queries?refresh=2s");
    await expect(page.getByText("Statements are not recorded here")).toBeVisible();
    await expect(async () => {
      const truth = await foreignSql<Record<string, string>[]>`
        select query as "Statement", state as "State", usename as "User", datname as "Database",
               application_name as "Application", pid::text as pid
        from pg_stat_activity where application_name = 'sleeper'`;
      expect(truth).toMatchObject([{ Statement: text, State: "active" }]);
      const rows = await readTable(page, "running-queries");
      expect(rows).toMatchObject([...truth]);
    }).toPass(soon);
  } finally {
    await foreignSql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sleeper'`;
    await sleeping;
    await client.end({ timeout: 1 });
  }
});

test("Replication: a slot and the WAL that it keeps", async ({ page, signIn, foreignSql }) => {
  await foreignSql`select pg_create_physical_replication_slot('strangers_slot', true)`;
  try {
    await signIn("viewer", "/foreign/replication?refresh=2s");
    await expect(async () => {
      const [slot] = await foreignSql<{ name: string; kept: number; archive: string }[]>`
        select slot_name as name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as kept,
               current_setting('archive_mode') as archive from pg_replication_slots`;
      expect(await readTable(page, "slots")).toMatchObject([
        { Slot: slot?.name, State: "nobody reads it", "WAL kept": formatBytes(slot?.kept) },
      ]);
      expect(slot?.archive).toBe("off");
      await expect(page.locator("#archiver")).toContainText("not archived", { timeout: 100 });
    }).toPass(soon);
  } finally {
    await foreignSql`select pg_drop_replication_slot('strangers_slot')`;
  }
});

test("Events: there are none of ours", async ({ page, signIn, foreignSql }) => {
  const [truth] = await foreignSql<{ database: string; log: string | null }[]>`
    select current_database() as database, to_regclass('public.audit_log') as log`;
  expect(truth?.log).toBeNull();
  await signIn("viewer", "/foreign/events");
  await expect(page.getByRole("main")).toContainText(`Database ${truth?.database} has no audit_log of ours.`);
});

test("Maintenance: ages, sequences, indexes and settings", async ({ page, signIn, foreignSql }) => {
  await signIn("viewer", "/foreign/maintenance");
  await waitForFigures(page);
  await expect(async () => {
    const ages = await foreignSql<{ name: string; age: number }[]>`
      select datname as name, age(datfrozenxid)::int as age from pg_database`;
    const shown = await page.locator("#database-ages tbody tr[data-key]").evaluateAll((rows) =>
      rows.map((row) => {
        const [name, age] = row.querySelectorAll("td");
        const titled = age?.querySelector("[title]") ?? age;
        return [name?.textContent?.trim(), titled?.getAttribute("title")];
      }),
    );
    expect(shown).toEqual(
      expect.arrayContaining(ages.map(({ name, age }) => [name, age.toLocaleString("en-US")])),
    );
  }).toPass(soon);
  const [{ count } = {}] = await foreignSql<{ count: number }[]>`
    select count(*)::int as count from pg_sequences where not cycle`;
  // The watching role holds pg_monitor and nothing else.
  await expect(page.locator("#sequences")).toContainText(`${count} cannot be read`);
  const faulty = await foreignSql<{ schema: string; name: string; fault: string }[]>`
    select n.nspname as schema, c.relname as name, 'invalid' as fault
    from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace where not indisvalid`;
  const settings = await foreignSql<Record<string, string>[]>`
    select name as "Setting", setting as "Value" from pg_settings
    where name in ('autovacuum', 'fsync', 'full_page_writes', 'track_counts')`;
  await expect(async () => {
    const indexes = (await readTable(page, "index-faults")).map(({ Index, Fault }) => [Index, Fault]);
    expect(indexes).toEqual([
      ...faulty.map((index) => [nameRelation(index), index.fault]),
      ['"Weird Schema.ü"."Twice 2"', "duplicate"],
      ['"a.b"."c.twice 2"', "duplicate"],
    ]);
    expect(await readTable(page, "watched-settings")).toEqual(
      expect.arrayContaining(settings.map((setting) => expect.objectContaining(setting))),
    );
  }).toPass(soon);
});

test("Checks: how many of what they judge there are", async ({ page, signIn, foreignSql }) => {
  const [truth] = await foreignSql<{ hashed: number; invalid: number; pending: number }[]>`
    select (select count(*)::int from pg_partitioned_table where partstrat = 'h') as hashed,
           (select count(*)::int from pg_index where not indisvalid) as invalid,
           (select count(*)::int from pg_inherits where inhdetachpending) as pending`;
  await signIn("viewer", "/settings/checks?of=foreign");
  const row = (title: string) => page.locator("tbody tr[data-key]", { hasText: title });
  await expect(row("Hash remainder missing").locator("td").nth(5)).toHaveText(String(truth?.hashed), soon);
  await expect(row("Invalid indexes").locator("td").nth(5)).toHaveText(String(truth?.invalid));
  await row("Unfinished detach").click();
  await expect(page.getByText("was begun and not finished")).not.toHaveCount(0);
  expect(truth?.pending).toBe(2);
});

/** A session knows the functions of its prepared statements by oid, whatever they are called since. */
const endWatchers = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'guest'";

test("what a server refuses is said below the figures that stand, in its own words to those who may see them", async ({
  page,
  newPage,
  signIn,
  world,
  foreignSql,
}) => {
  await foreignSql.unsafe(`
    alter function pg_catalog.pg_current_wal_lsn() rename to pg_current_wal_lsn_hidden;
    create function pg_catalog.pg_current_wal_lsn() returns pg_lsn language plpgsql volatile as $$
      begin raise exception using errcode = '0A000', message = 'pg_current_wal_lsn() is not supported by this service'; end $$;
    select pg_create_physical_replication_slot('strangers_slot', true);
    ${endWatchers}`);
  try {
    await signIn("operator", "/foreign/replication?refresh=2s");
    const missing = page.locator("#slots").getByRole("status");
    await expect(missing).toContainText(
      "The server's position in the WAL cannot be read: this server does not offer it. Managed services",
      soon,
    );
    await expect(missing).toContainText(
      "The server said: pg_current_wal_lsn() is not supported by this service (SQLSTATE 0A000)",
    );
    await expect
      .poll(() => readTable(page, "slots"))
      .toMatchObject([{ Slot: "strangers_slot", "WAL kept": "–" }]);
    expect(await seriousViolations(page)).toEqual([]);

    const phone = await newPage({ viewport: { width: 390, height: 844 } });
    await openSession(phone, world.people.viewer);
    await phone.goto("/foreign/replication");
    const told = phone.locator("#slots").getByRole("status");
    await expect(told).toContainText("cannot be read: this server does not offer it.");
    await expect(told).not.toContainText("The server said");
    await expectNoOverflow(phone);
  } finally {
    await foreignSql.unsafe(`
      drop function pg_catalog.pg_current_wal_lsn();
      alter function pg_catalog.pg_current_wal_lsn_hidden() rename to pg_current_wal_lsn;
      select pg_drop_replication_slot('strangers_slot');
      ${endWatchers}`);
  }
});
