import type { Page } from "@playwright/test";
import { expect, test } from "./support/test.ts";

const panel = (page: Page, id: string) => page.locator(`#${id}`);
const digits = (text: string | null) => Number((text ?? "").replace(/\D/g, ""));

const scaleOf = (text: string) => ({ k: 1e3, M: 1e6, B: 1e9 })[text.at(-1) ?? ""] ?? 1;

/** "1,234", "12.3k", "1.2M" as a number. */
function spoken(text: string): number {
  return Number(text.replace(/[,kMB]/g, "")) * scaleOf(text);
}

/** By how much it may lie beside what was counted: half of its last figure. */
function roundedBy(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return scaleOf(text) === 1 ? 0 : (scaleOf(text) * 10 ** -decimals) / 2;
}

test("blocks per table lie between the server's counters just before and just after", async ({
  page,
  signIn,
  auditSql,
}) => {
  const blocks = async () => {
    const [row] = await auditSql<{ blocks: number }[]>`
      select sum(pg_stat_get_blocks_fetched(c.oid))::float8 as blocks
      from (select relid from pg_partition_tree('audit_log') where isleaf) leaf
      cross join lateral (select leaf.relid as oid union all select indexrelid from pg_index where indrelid = leaf.relid
        union all select reltoastrelid from pg_class where oid = leaf.relid and reltoastrelid <> 0
        union all select x.indexrelid from pg_index x join pg_class t on t.reltoastrelid = x.indrelid where t.oid = leaf.relid) c`;
    return row?.blocks ?? 0;
  };
  // A session reports what it did up to a second late, unless it is told to at once.
  const session = await auditSql.reserve();
  await session`select count(*) from audit_log`;
  await session`select pg_stat_force_next_flush()`;
  session.release();
  const before = await blocks();
  await signIn("viewer", "/audit/caches?refresh=2s&relations-sort=blocks.desc");
  const row = panel(page, "relations").locator('tr[data-key="public.audit_log"]');
  const shown = async () => digits(await row.locator("td").nth(1).getAttribute("title"));
  // Another reader's answer, up to ten seconds old, may be shown first.
  await expect.poll(shown).toBeGreaterThanOrEqual(before);
  const seen = await shown();
  expect(seen).toBeLessThanOrEqual(await blocks());
});

test("the waterfall moves within two intervals of load, and never claims more than the server counted", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("viewer", "/audit/caches?range=15m&refresh=2s");
  const picture = panel(page, "waterfall").getByRole("img");
  const asked = async () => {
    const words = (await picture.getAttribute("aria-label")) ?? "";
    const found = /shared_buffers: [\d.]+ % answered · ([\d.,kMB]+) of ([\d.,kMB]+) blocks/.exec(words);
    return { answered: spoken(found?.[1] ?? "NaN"), all: spoken(found?.[2] ?? "NaN") };
  };
  await expect(async () => expect((await asked()).all).toBeGreaterThan(0)).toPass({ timeout: 45_000 });
  const first = await asked();
  const load = 60_000;
  let touched = 0;
  while (touched < load) {
    await auditSql`select count(*) from audit_log where details is not null`;
    const [row] = await auditSql<{ blocks: number }[]>`
      select sum(pg_relation_size(relid) / 8192)::int as blocks from pg_partition_tree('audit_log') where isleaf`;
    touched += Math.max(1, row?.blocks ?? 0);
  }
  // Samples are ten seconds apart; two of them and the page's own two seconds.
  await expect(async () => expect((await asked()).all).toBeGreaterThan(first.all + load * 0.8)).toPass({
    timeout: 30_000,
  });
  const { answered, all } = await asked();
  const [direct] = await auditSql<{ all: number }[]>`
    select (blks_hit + blks_read)::float8 as all from pg_stat_database where datname = current_database()`;
  // Spoken with three figures: half a per cent.
  expect(all).toBeLessThanOrEqual((direct?.all ?? 0) * 1.005);
  expect(answered).toBeLessThanOrEqual(all);
  // Memory, Redis and runs on the server together are all that was asked for.
  const words = (await picture.getAttribute("aria-label")) ?? "";
  const [, inMemory = "", reads = ""] =
    /Query cache: [\d.]+ % answered · ([\d.,kMB]+) of ([\d.,kMB]+) reads/.exec(words) ?? [];
  const [, onward = ""] =
    /Redis: (?:away[^·]*· )?[\d.]+ % answered · [\d.,kMB]+ of ([\d.,kMB]+) reads/.exec(words) ?? [];
  const passed = spoken(reads) - spoken(inMemory);
  const rounding = [inMemory, reads, onward].reduce((sum, each) => sum + roundedBy(each), 0);
  expect(onward).not.toBe("");
  expect(Math.abs(passed - spoken(onward))).toBeLessThanOrEqual(passed * 0.02 + 1 + rounding);
  await expect(panel(page, "buffer-hits").locator("svg.recharts-surface").first()).toBeVisible();
  await expect(panel(page, "read-latency")).not.toContainText("track_io_timing is off");
});

test("settings are those of the server", async ({ page, signIn, auditSql }) => {
  const [row] = await auditSql<{ bytes: number }[]>`
    select pg_size_bytes(current_setting('shared_buffers'))::float8 as bytes`;
  await signIn("viewer", "/audit/caches");
  const shown = panel(page, "settings").locator("dd").first().locator("span");
  await expect(shown).toHaveAttribute("title", `${(row?.bytes ?? 0).toLocaleString("en-GB")} bytes`);
  await expect(panel(page, "settings")).toContainText("track_io_timing");
  await expect(panel(page, "io").locator("tr", { hasText: "client backend" }).first()).toBeVisible();
});

test("tab, sort and open sheet stand in the URL and survive a reload", async ({ page, signIn, auditSql }) => {
  await signIn("viewer", "/audit/caches");
  const relations = panel(page, "relations");
  await relations.getByRole("tab", { name: "Indexes" }).click();
  await expect(page).toHaveURL(/relations=index/);
  await relations.getByRole("button", { name: /^Size/ }).click();
  await expect(page).toHaveURL(/relations-sort=size\.desc/);
  await expect(relations.locator('tr[data-key="public.audit_log_pkey"]')).toBeVisible();
  await relations.locator("tr[data-key] [data-open]").first().click();
  const sheet = page.getByRole("dialog");
  await expect(sheet).toContainText("blocks found");
  await expect(page).toHaveURL(/relation=/);
  await page.reload();
  await expect(sheet).toContainText("blocks found");
  await expect(relations.getByRole("tab", { name: "Indexes" })).toHaveAttribute("aria-selected", "true");
  const title = await sheet.getByRole("heading").first().textContent();
  await page.keyboard.press("ArrowRight");
  await expect(sheet.getByRole("heading").first()).not.toHaveText(title ?? "");
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/relation=/);

  await page.goto("/audit/caches?relation=public.long_gone");
  await expect(sheet).toContainText("public.long_gone");
  await expect(sheet).toContainText("It was dropped or renamed");

  // A partition is counted under its table until it is asked for.
  const [partition] = await auditSql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('audit_log') where isleaf limit 1`;
  await page.goto(`/audit/caches?relation=public.${partition?.name}`);
  await sheet.getByRole("button", { name: "Show partitions one by one" }).click();
  await expect(sheet).toContainText("partition of public.audit_log");
});

test("what a stranger's server lacks is explained with the SQL that would enable it", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/foreign/caches");
  await expect(panel(page, "read-latency")).toContainText("ALTER SYSTEM SET track_io_timing = on;");
  await expect(panel(page, "io")).toContainText("pg_stat_io exists from PostgreSQL 16; this server is 15");
  await expect(panel(page, "buffer-usage")).toContainText(
    "pg_buffercache_summary() exists from PostgreSQL 16",
  );
  await expect(panel(page, "waterfall").getByRole("img")).toHaveAccessibleName(
    /time not measured|nothing got here/,
  );
});
