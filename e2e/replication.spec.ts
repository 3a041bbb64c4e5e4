import type { Locator, Page } from "@playwright/test";
import { signalServer } from "../lib/testing/standby.ts";
import { openSession } from "./support/open-session.ts";
import {
  expectAccessible,
  expectNoOverflow,
  waitForFigures,
  watchLayoutShift,
} from "./support/page-checks.ts";
import { people } from "./support/people.ts";
import { type Replicated, startReplicated } from "./support/replicated.ts";
import { expect as common, test } from "./support/test.ts";

/** Probes, samples and refreshes follow each other here; a busy machine takes its time for each. */
const expect = common.configure({ timeout: 30_000 });

/** One trio of servers, told as one story: the tests stand in the order of what happens to it. */
test.describe.configure({ mode: "serial", timeout: 180_000 });

let copies: Replicated;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  copies = await startReplicated();
});
test.afterAll(() => copies?.close());

const panel = (page: Page, id: string) => page.locator(`#${id}`);
const nameOf = (server: { url: string }) => new URL(server.url).host;
const rowOf = (page: Page, server: { url: string }) => page.locator(`[data-server="${nameOf(server)}"]`);
const exactBytes = async (figure: Locator) =>
  Number(/^([\d,.]+) bytes/.exec((await figure.getAttribute("title")) ?? "")?.[1]?.replaceAll(",", ""));

/** WAL of one standby that is not replayed, and what a slot keeps, as the primary says now. */
async function direct(): Promise<{ lagBytes: number; keptBytes: number }> {
  const [row] = await copies.sql.primary<{ lagBytes: number; keptBytes: number }[]>`
    select (select pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 from pg_stat_replication
            where application_name = 'replica-b') as "lagBytes",
           (select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 from pg_replication_slots
            where slot_name = 'forgotten') as "keptBytes"`;
  if (!row) throw new Error("no row");
  return row;
}

test("lag, slots and archive are those of the server, and a lagging replica is drained in words", async ({
  newPage,
}) => {
  await copies.sql.second`select pg_wal_replay_pause()`;
  await copies.sql
    .primary`create table filler as select repeat('x', 1000) as text from generate_series(1, 3000)`;
  const before = await direct();
  expect(before.lagBytes).toBeGreaterThan(3_000_000);
  const page = await newPage({ baseURL: copies.address });
  const shifts = await watchLayoutShift(page);
  await openSession(page, people.viewer);
  await page.goto("/copies/replication?refresh=2s&range=15m");
  await waitForFigures(page);
  expect((await shifts()).sum).toBeLessThan(0.1);

  const [a, b] = [rowOf(page, copies.first), rowOf(page, copies.second)];
  await expect(a).toContainText("replica-a");
  await expect(a).toContainText("streaming");
  await expect(a.locator("[data-lag-bytes]")).toHaveAttribute("data-lag-bytes", "0");
  await expect(rowOf(page, copies.primary)).toContainText("timeline 1");
  const lag = b.locator("[data-lag-bytes]");
  const stage = b
    .getByRole("list", { name: /replica-b/ })
    .getByRole("listitem")
    .nth(3);
  const slot = panel(page, "slots").locator('tr[data-key="forgotten"] td[title*="bytes"]').first();
  // The first answer may be one that was asked for before the table was filled.
  for (const figure of [lag, stage])
    await expect.poll(() => exactBytes(figure)).toBeGreaterThanOrEqual(before.lagBytes);
  await expect.poll(() => exactBytes(slot)).toBeGreaterThanOrEqual(before.keptBytes);
  const [shown, waiting, kept] = [await exactBytes(lag), await exactBytes(stage), await exactBytes(slot)];
  const after = await direct();
  for (const bytes of [shown, waiting]) {
    expect(bytes).toBeGreaterThanOrEqual(before.lagBytes);
    expect(bytes).toBeLessThanOrEqual(after.lagBytes);
  }
  expect(kept).toBeGreaterThanOrEqual(before.keptBytes);
  expect(kept).toBeLessThanOrEqual(after.keptBytes);
  await expect(panel(page, "slots").locator('tr[data-key="forgotten"]')).toContainText("nobody reads it");
  await expect(panel(page, "slots").locator('tr[data-key="replica_a"]')).toContainText("replica-a");

  await copies.sql.primary`select pg_switch_wal()`;
  await expect(async () => {
    const [archiver] = await copies.sql.primary`
      select last_archived_wal as wal, archived_count::int as count from pg_stat_archiver`;
    await expect(panel(page, "archiver")).toContainText(String(archiver?.wal), { timeout: 1_000 });
    await expect(panel(page, "archiver")).toContainText(`${archiver?.count} · 0 attempts failed`, {
      timeout: 500,
    });
  }).toPass({ timeout: 40_000 });
  await expect(panel(page, "archiver")).toContainText("archiving");

  await expect(b).toContainText("drained", { timeout: 40_000 });
  await expect(b).toContainText(/No reads are sent to it: it is \d+ s behind the primary/);
  await expect(panel(page, "topology")).toContainText(
    /2 of 2 standbys connected; the farthest, replica-b, is \d+/,
  );
  await expect(panel(page, "replication-events")).toContainText(
    `No reads are sent to replica ${nameOf(copies.second)}`,
  );
  // Each standby's own line, and the bytes that waited for replay.
  await expect(panel(page, "standby-lag").getByRole("button", { name: /replica-b/ })).toContainText(/\d s/);
  await expect(panel(page, "standby-stages").getByRole("button", { name: /^to replay/ })).toContainText("MB");
  await copies.sql.second`select pg_wal_replay_resume()`;
  await expect(b).toContainText("streaming", { timeout: 40_000 });
});

test("who answers which share of our reads, with breakers; keyboard, axe in both themes, and a phone", async ({
  newPage,
}) => {
  const page = await newPage({ baseURL: copies.address });
  await openSession(page, people.viewer);
  await page.goto("/copies/replication?refresh=2s");
  await waitForFigures(page);
  const nodes = panel(page, "nodes").locator("tbody tr[data-key]");
  await expect(nodes).toHaveCount(3);
  for (const row of await nodes.all()) await expect(row).toContainText("closed");
  const shares = async () =>
    (await nodes.locator("td:last-child").allTextContents()).map((text) => Number.parseInt(text, 10));
  await expect.poll(async () => (await shares()).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(97);
  await expect(panel(page, "conflicts").locator("tbody tr[data-key]")).toHaveCount(2);

  // The measure and the standby are chosen without a mouse, and stand in the URL.
  const stages = panel(page, "standby-stages");
  await stages.getByRole("button", { name: "Time", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/stages=time/);
  await page.keyboard.press("Tab");
  await expect(stages.getByRole("button", { name: /^Standby/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu", { name: "Standby" })).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitemradio", { name: "replica-b" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`standby=${nameOf(copies.second).replace(":", "(:|%3A)")}`));
  await expect(stages.getByRole("button", { name: /^Standby/ })).toContainText("replica-b");
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(rowOf(page, copies.second)).toBeVisible();
  await expectAccessible(page);
  await expectNoOverflow(page);

  // The pools that those reads need are on the Connections page, by server.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/copies/connections?refresh=2s");
  const pools = panel(page, "application-pools").locator("tbody tr");
  for (const server of [copies.primary, copies.first, copies.second])
    await expect(pools.filter({ hasText: nameOf(server) }).first()).toContainText("watch");
});

test("a replica that stops is down in words, here and on Overview, and comes back by itself", async ({
  newPage,
}) => {
  const page = await newPage({ baseURL: copies.address });
  await openSession(page, people.viewer);
  await page.goto("/copies/replication?refresh=2s");
  const b = rowOf(page, copies.second);
  await expect(b).toContainText("streaming");
  await copies.second.stop();
  await expect(b).toContainText("down");
  await expect(b).toContainText("Nothing listens at that host and port. Reads go to the others");
  await expect(b).toContainText("replica-b");
  await expect(panel(page, "topology")).toContainText("1 of 2 standbys connected");
  const row = panel(page, "nodes").locator(`tr[data-key="${nameOf(copies.second)}"]`);
  await expect(row).toContainText("down");
  await expect(row).toContainText("open");
  await page.goto("/copies/overview");
  await expect(page.locator("#replication")).toContainText("1 of 2 standbys connected");
  await expect(page.locator("#replication").locator("tr", { hasText: "replica-b" })).toContainText("down");
  await expect(page.getByRole("main")).toContainText(`Replica ${nameOf(copies.second)} is down`);
  await copies.second.start();
  await page.goto("/copies/replication?refresh=2s");
  await expect(b).toContainText("streaming", { timeout: 40_000 });
  await expect(panel(page, "replication-events")).toContainText("takes reads again");
});

test("after a fail-over the page follows, and the old primary that comes back is a second primary in red", async ({
  newPage,
}) => {
  const page = await newPage({ baseURL: copies.address });
  await openSession(page, people.viewer);
  await page.goto("/copies/replication?refresh=2s");
  await expect(rowOf(page, copies.primary)).toContainText("primary");
  signalServer(copies.primary, "SIGKILL");
  await expect(rowOf(page, copies.primary)).toContainText("Writes wait for a new primary");
  await copies.first.promote();
  await expect(rowOf(page, copies.first)).toContainText("timeline 2");
  await expect(panel(page, "replication-events")).toContainText(
    `${nameOf(copies.first)} is the primary now, in place of ${nameOf(copies.primary)}`,
  );
  await copies.primary.start();
  await expect(rowOf(page, copies.primary)).toContainText("two primaries");
  await expect(rowOf(page, copies.primary)).toContainText(
    "Writes are refused: it is read-write on timeline 1",
  );
  await expect(panel(page, "topology")).toContainText(
    `${nameOf(copies.primary)} takes writes beside the primary.`,
  );
  await expect(panel(page, "replication-events")).toContainText("writes to it are refused");
  await expect(panel(page, "replication-events")).not.toContainText("restarted");
});
