import type { Page } from "@playwright/test";
import { openConnections, runCommits } from "./support/load.ts";
import { expect, test } from "./support/test.ts";

/** Two refresh intervals of 2 s, and a second for the question itself. */
const twoIntervals = { timeout: 2 * 2_000 + 1_000 };
test.describe.configure({ timeout: 240_000 });

/** What is promised in seconds: others' work on the machine only adds to them, so the quickest round of some tells. */
const quickestOf = (round: () => Promise<void>) => expect(round).toPass({ timeout: 90_000 });

const isRead = (method: string, headers: Record<string, string>) =>
  method === "POST" && headers["next-action"] !== undefined;

/** Counts the page's requests for a target's figures: alerts follow a stream, or ask the console where it does not come. */
function countReads(page: Page): () => Promise<number> {
  let reads = 0;
  page.on("request", (request) => {
    if (!isRead(request.method(), request.headers())) return;
    const names = [...(request.postData() ?? "").matchAll(/"name":"(\w+)"/g)].map(([, name]) => name ?? "");
    if (names.length === 0 || names.some((name) => !/^(openIncidents|incidents?)$/.test(name))) reads += 1;
  });
  return async () => {
    // Requests are told in order: once this one is known, so is whatever the page had sent before it.
    await page.evaluate(() => fetch("/api/health/live").then((answer) => answer.json()));
    return reads;
  };
}

/** Marks the document, so that a reload would be noticed. */
async function markDocument(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
  return () => page.evaluate(() => document.documentElement.hasAttribute("data-marked"));
}

test("connections that open and close are on the Connections page within two intervals", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/connections?refresh=2s");
  const holders = page.locator("#holders");
  await expect(holders.getByText(/^updated/)).toBeVisible();
  await expect(holders.locator('[data-group="e2e-live"]')).toHaveCount(0);
  const kept = await markDocument(page);
  const group = holders.locator('[data-group="e2e-live"]');
  await quickestOf(async () => {
    const close = await openConnections(7, "e2e-live");
    try {
      await expect(group).toBeVisible(twoIntervals);
      await expect(group.getByText("7", { exact: true })).toBeVisible();
      await expect(group.getByRole("img", { name: "7 idle" })).toBeVisible();
    } finally {
      await close();
    }
    await expect(group).toHaveCount(0, twoIntervals);
  });
  expect(await kept()).toBe(true);
});

test("the Overview's connections follow pg_stat_activity within two intervals", async ({
  page,
  signIn,
  auditSql,
}) => {
  await signIn("viewer", "/audit/overview?refresh=2s");
  const tile = page.locator('[data-tile="connections"]');
  await expect(tile).toBeVisible();
  const kept = await markDocument(page);
  const shown = async () => Number(/\d+/.exec((await tile.innerText()).replace(/^\D*/, ""))?.[0]);
  await quickestOf(async () => {
    const close = await openConnections(11, "e2e-live");
    const [truth] = await auditSql<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity where backend_type = 'client backend'`;
    try {
      // The console's own few connections come and go.
      await expect
        .poll(async () => Math.abs((await shown()) - (truth?.count ?? Number.NaN)), twoIntervals)
        .toBeLessThanOrEqual(3);
    } finally {
      await close();
    }
    await expect.poll(shown, twoIntervals).toBeLessThan((truth?.count ?? 0) - 7);
  });
  expect(await kept()).toBe(true);
});

test("commits are on the Overview within two of the collector's cycles and one interval", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/overview?refresh=2s");
  const tile = page.locator('[data-tile="commits"]');
  await expect(tile).toBeVisible();
  const shown = async () =>
    Number(((await tile.getAttribute("title")) ?? "").replaceAll(",", "").match(/^[\d.]+/)?.[0] ?? 0);
  await quickestOf(async () => {
    await expect.poll(shown, { timeout: 30_000 }).toBeLessThan(50);
    const stop = runCommits();
    let most = 0;
    try {
      await expect.poll(shown, { timeout: 2 * 10_000 + 2_000 + 3_000 }).toBeGreaterThan(50);
    } finally {
      most = await stop();
    }
    expect(await shown()).toBeLessThan(most * 1.5);
  });
});

test("with refresh off, or out of sight, nothing is asked; Refresh now and coming back ask at once", async ({
  page,
  signIn,
}) => {
  await page.clock.install();
  await signIn("viewer", "/audit/connections?refresh=off");
  const holders = page.locator("#holders");
  await expect(holders.getByText(/^updated/)).toBeVisible();
  await page.waitForLoadState("networkidle");
  const reads = countReads(page);
  const close = await openConnections(5, "e2e-paused");
  const group = holders.locator('[data-group="e2e-paused"]');
  const before = await reads();
  await page.clock.fastForward("10:00");
  expect(await reads()).toBe(before);
  await expect(group).toHaveCount(0);

  // Answers up to 1.5 s old are shared between all who ask.
  const openedAt = Date.now();
  await expect.poll(() => Date.now() - openedAt).toBeGreaterThan(1_600);
  await page.getByRole("button", { name: "Refresh: Off" }).click();
  await page.getByRole("menuitem", { name: "Refresh now" }).click();
  await expect(group).toBeVisible();

  await page.getByRole("button", { name: "Refresh: Off" }).click();
  await page.getByRole("menuitemradio", { name: "2 s" }).click();
  await expect(page).toHaveURL(/refresh=2s/);
  const polled = await reads();
  await page.clock.fastForward("00:03");
  await expect.poll(reads).toBeGreaterThan(polled);

  const setVisibility = (state: "hidden" | "visible") =>
    page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await setVisibility("hidden");
  await close();
  const hidden = await reads();
  await page.clock.fastForward("10:00");
  expect(await reads()).toBe(hidden);
  await setVisibility("visible");
  await expect(group).toHaveCount(0);
});
