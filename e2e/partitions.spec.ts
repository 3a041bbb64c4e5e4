import type { Page } from "@playwright/test";
import postgres from "postgres";
import { forgetAnswers } from "./support/forget-answers.ts";
import { expectNoOverflow } from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

const panel = (page: Page, id: string) => page.locator(`#${id}`);
const cells = (page: Page) => panel(page, "strip").locator("[data-cell]");
const lane = (page: Page, label: string) =>
  panel(page, "strip").getByRole("group", { name: new RegExp(`^${label}: `) });

const severity = /critical|warning|notice/;
const rank = (words: string) => ["critical", "warning", "notice"].indexOf(severity.exec(words)?.[0] ?? "");

test("every branch is a lane with its partitions, rows, bytes and runway as the catalogue has them", async ({
  page,
  signIn,
  auditSql,
}) => {
  const branches = await auditSql<{ label: string; partitions: number; days: number }[]>`
    select trim(both '()' from replace(replace(pg_get_expr(b.relpartbound, b.oid), 'FOR VALUES IN ', ''), '''', '')) as label,
           count(*)::int as partitions,
           floor(extract(epoch from max((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)'))[1]::timestamptz)
             - now()) / 86400)::int as days
    from pg_inherits top join pg_class b on b.oid = top.inhrelid
    join pg_inherits i on i.inhparent = b.oid join pg_class c on c.oid = i.inhrelid
    where top.inhparent = 'audit_log'::regclass group by 1`;
  expect(branches.length).toBeGreaterThanOrEqual(4);
  await signIn("viewer", "/audit/partitions");
  for (const { label, partitions, days } of branches) {
    await expect(lane(page, label).getByRole("button")).toHaveCount(partitions);
    // The page's moment and this one may lie on two sides of a whole day.
    await expect(lane(page, label)).toHaveAccessibleName(
      new RegExp(`${partitions} monthly partitions, runway: (${days}|${days - 1}) days`),
    );
  }
  await expect(panel(page, "verdict")).toContainText("Nothing needs doing.");

  await page.goto("/audit/partitions?partitions-sort=total.desc");
  const row = panel(page, "partitions").locator("tbody tr").first();
  await expect(async () => {
    const [largest] = await auditSql<{ name: string; rows: number; bytes: number }[]>`
      select c.relname as name, pg_stat_get_live_tuples(c.oid)::int as rows, pg_total_relation_size(c.oid)::float8 as bytes
      from pg_partition_tree('audit_log') t join pg_class c on c.oid = t.relid where t.isleaf order by 3 desc limit 1`;
    // Sizes are measured every ten minutes, and others have written since.
    await forgetAnswers("partitions");
    await page.reload();
    await expect(row).toContainText(largest?.name ?? "?", { timeout: 5_000 });
    // The visibility and free space maps may have come in between.
    const title = (await row.locator("td[title$=' bytes']").first().getAttribute("title")) ?? "";
    expect(Math.abs(Number(title.replace(/\D/g, "")) - (largest?.bytes ?? 0))).toBeLessThanOrEqual(96 * 1024);
    // Signing in writes audit events into this very partition, some of them meanwhile.
    const rows = Number((await row.locator("td").nth(4).getAttribute("title"))?.replace(/\D/g, ""));
    expect(Math.abs(rows - (largest?.rows ?? 0))).toBeLessThanOrEqual(10);
  }).toPass({ timeout: 40_000 });
});

test("a stranger's gap, default partition and runway are said worst first, with what to do", async ({
  page,
  signIn,
  foreignSql,
}) => {
  const [rest] = await foreignSql<
    { rows: number }[]
  >`select count(*)::int as rows from only measurement_rest`;
  await signIn("viewer", "/foreign/partitions?table=public.measurement");
  const verdict = panel(page, "verdict");
  // The stranger has more tables than this one.
  await verdict.getByRole("button", { name: /^Show \d+ more\b/ }).click();
  // What is found of the shown table comes before what is found of others.
  const found = await verdict.locator("li p:first-child").allInnerTexts();
  const own = found.filter((words) => words.includes("measurement"));
  expect(own).not.toEqual([]);
  for (const some of [own, found.filter((words) => !own.includes(words))])
    expect(some).toEqual(some.toSorted((a, b) => rank(a) - rank(b)));
  await expect(verdict.locator("li", { hasText: "measurement" }).first()).toContainText("another 2 d");
  await expect(verdict).toContainText(/measurement has no partition from \d+ \w+ 20\d\d to \d+ \w+ 20\d\d/);
  await expect(verdict).toContainText(
    `The default partition measurement_rest of measurement holds about ${rest?.rows} rows`,
  );
  const strip = panel(page, "strip");
  await expect(strip.locator("svg text").filter({ hasText: /^gap$/ })).toBeVisible();
  await expect(
    strip.locator("svg text").filter({ hasText: `default · ~${rest?.rows.toLocaleString("en-GB")}` }),
  ).toBeVisible();
  await expect(strip).toContainText("GRANT SELECT ON public.measurement_rest TO guest;");
  await expect(cells(page)).toHaveCount(23);
});

test("arrow keys lead through the strip, Enter opens a partition, a reload and a link keep it open", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/partitions?colour=rows");
  await expect(cells(page).first()).toBeVisible();
  const stop = panel(page, "strip").locator('[data-cell][tabindex="0"]');
  await expect(stop).toHaveCount(1);
  await stop.focus();
  const before = (await stop.getAttribute("aria-label")) ?? "";
  expect(before).not.toBe("");
  await page.keyboard.press("ArrowRight");
  await expect(stop).not.toHaveAttribute("aria-label", before);
  await expect(stop).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(stop).toHaveAttribute("aria-label", before);
  await page.keyboard.press("ArrowDown");
  await expect(stop).not.toHaveAttribute("aria-label", before);
  await expect(stop).toBeFocused();
  const label = (await stop.getAttribute("aria-label")) ?? "";
  await page.keyboard.press("Enter");
  const name = label.split(",")[0] ?? "?";
  const sheet = page.getByRole("dialog", { name });
  await expect(sheet).toContainText("Rows, estimated");
  await expect(sheet).toContainText("FOR VALUES FROM");
  await expect(page).toHaveURL(new RegExp(`partition=public\\.${name}`));
  await page.reload();
  await expect(sheet).toContainText("Rows, estimated");
  await expect(page.getByRole("button", { name: "Colour by: Colour: Rows" })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("dialog")).not.toContainText(name);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page).not.toHaveURL(/partition=/);
});

test("sort and filter are the server's, stand in the URL and survive a reload", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("viewer", "/audit/partitions");
  await page.getByRole("searchbox", { name: "Filter partitions" }).fill("phi");
  await panel(page, "partitions").getByRole("button", { name: /^Size/ }).click();
  await expect(page).toHaveURL(/partitions-q=phi/);
  await expect(page).toHaveURL(/partitions-sort=total\.desc/);
  const [phi] = await auditSql<{ count: number }[]>`
    select count(*)::int from pg_partition_tree('audit_log') where isleaf and relid::text like '%phi%'`;
  const rows = panel(page, "partitions").locator("tbody tr[data-key]");
  await expect(rows).toHaveCount(phi?.count ?? -1);
  await page.reload();
  await expect(rows).toHaveCount(phi?.count ?? -1);
  await expect(page.getByRole("searchbox", { name: "Filter partitions" })).toHaveValue("phi");
});

test("a lock and an unfinished detach are shown where they are", async ({
  page,
  signIn,
  foreignSql,
  world,
}) => {
  await foreignSql.unsafe(`
    create table ledger (at timestamptz not null) partition by range (at);
    create table ledger_1 partition of ledger for values from ('2026-01-01') to ('2026-02-01');
    create table ledger_2 partition of ledger for values from ('2026-02-01') to ('2026-03-01');
    create table ledger_3 partition of ledger for values from ('2026-03-01') to ('2030-01-01')`);
  const holder = postgres(world.foreignUrl, {
    max: 1,
    onnotice: () => {},
    connection: { application_name: "holder" },
  });
  const reader = await holder.reserve();
  try {
    await reader`begin isolation level repeatable read`;
    await reader`select * from ledger`;
    const detacher = postgres(world.foreignUrl, { max: 1, onnotice: () => {} });
    const detaching = detacher`alter table ledger detach partition ledger_1 concurrently`.execute();
    const ended = detaching.catch(({ code }: { code?: string }) => code);
    // Marked, and now waiting for the reader.
    const pending = async () => {
      const [row] = await foreignSql<{ pending: boolean }[]>`
        select inhdetachpending as pending from pg_inherits where inhrelid = 'ledger_1'::regclass`;
      return row?.pending;
    };
    await expect.poll(pending).toBe(true);
    detaching.cancel();
    expect(await ended).toBe("57014");
    await detacher.end();
    await reader`rollback`;
    expect(await pending()).toBe(true);
    await reader`begin`;
    await reader`lock table ledger_3 in access exclusive mode`;
    const [own] = await reader<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await signIn("viewer", "/foreign/partitions?table=public.ledger&refresh=2s");
    const table = panel(page, "partitions");
    await expect(table.locator("tr", { hasText: "ledger_1" })).toContainText("detaching", {
      timeout: 40_000,
    });
    await expect(table.locator("tr", { hasText: "ledger_3" })).toContainText(`locked by ${own?.pid}`);
    await expect(panel(page, "strip").locator("svg text").filter({ hasText: "detaching" })).toBeVisible();
    await panel(page, "verdict")
      .getByRole("button", { name: /^Show \d+ more\b/ })
      .click();
    await expect(panel(page, "verdict")).toContainText("DETACH PARTITION public.ledger_1 FINALIZE");
    await cells(page).last().hover();
    await expect(panel(page, "strip")).toContainText(`Locked by holder`);
  } finally {
    await reader`rollback`;
    reader.release();
    await holder.end();
    await foreignSql`drop table if exists ledger_1`;
    await foreignSql`drop table if exists ledger`;
  }
});

// Making them costs the square of their number: five thousand stand in the unit test of the geometry.
test("two thousand partitions are drawn by the pixel, zoomed into, and paged", async ({
  page,
  signIn,
  foreignSql,
}) => {
  test.setTimeout(240_000);
  for (let part = 0; part < 2; part++)
    await foreignSql.unsafe(`
      ${part === 0 ? "create table hourly (at timestamptz not null) partition by range (at);" : ""}
      do $$ begin
        for h in ${part * 1000 - 1900}..${part * 1000 - 901} loop
          execute format('create table %I partition of hourly for values from (%L) to (%L)', 'hourly_' || (h + 2000),
            date_trunc('hour', now()) + h * interval '1 hour', date_trunc('hour', now()) + (h + 1) * interval '1 hour');
        end loop;
      end $$`);
  try {
    await signIn("viewer", "/foreign/partitions?table=public.hourly&refresh=off");
    await expect(async () => {
      await page.reload();
      await expect(lane(page, "hourly")).toHaveAccessibleName(/2,000 hourly partitions, runway: 4 days/, {
        timeout: 5_000,
      });
    }).toPass({ timeout: 60_000 });
    const drawn = await cells(page).count();
    expect(drawn).toBeGreaterThan(50);
    expect(drawn).toBeLessThan(500);
    await expect(panel(page, "partitions")).toContainText("1–200 of 2,000");
    await panel(page, "partitions").getByRole("button", { name: "Next page" }).click();
    await expect(panel(page, "partitions")).toContainText("201–400 of 2,000");
    await expect(page).toHaveURL(/page=2/);
    // A cell that stands for many zooms in on them.
    await expect(cells(page).nth(10)).toHaveAccessibleName(/^\d+ partitions, /);
    await cells(page).nth(10).click();
    await expect(page).toHaveURL(/strip-from=/);
    await expect(cells(page).first()).toHaveAccessibleName(/^hourly_\d+, /);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoOverflow(page);
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(page).not.toHaveURL(/strip-from=/);
  } finally {
    await foreignSql`drop table hourly`;
  }
});
