import type { Locator, Page } from "@playwright/test";
import postgres from "postgres";
import type { Overview } from "../lib/overview/types.ts";
import { forgetAnswers } from "./support/forget-answers.ts";
import { expect, test } from "./support/test.ts";

/** Some looks of the console's, and what a busy machine adds to them. */
const soon = { timeout: 30_000 };

const taken = /^\d+ of 57 usable connections are taken \(\d+ %\)\.$/;
const tile = (page: Page, id: string) => page.locator(`[data-tile="${id}"]`);

/** The number that stands in an element's text, thousands joined. */
async function figureIn(locator: Locator, pattern: RegExp): Promise<number> {
  await expect(locator).toHaveText(pattern, { timeout: 5_000 });
  return Number(pattern.exec((await locator.textContent()) ?? "")?.[1]?.replaceAll(",", ""));
}

test("the figures are those of the server at the same moment", async ({ page, signIn, auditSql }) => {
  test.setTimeout(240_000);
  await signIn("viewer", "/audit/overview?refresh=2s");
  await expect(tile(page, "connections")).toBeVisible();
  const direct = async () => {
    const [row] = await auditSql<
      { used: number; usable: number; events: number; bytes: number; runwayDays: number }[]
    >`
      select (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
             current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - current_setting('reserved_connections')::int as usable,
             (select count(*)::int from audit_log) as events,
             pg_database_size(current_database())::float8 as bytes,
             extract(epoch from (date_trunc('month', now() at time zone 'UTC') + interval '4 months')
               at time zone 'UTC' - now())::float8 / 86400 as "runwayDays"`;
    if (!row) throw new Error("no row");
    return row;
  };
  await expect(async () => {
    const { used, usable, runwayDays } = await direct();
    // Pools open and close connections between the two readings: 4 of tolerance.
    const shown = await figureIn(tile(page, "connections"), /Connections(\d+)/);
    expect(Math.abs(shown - used)).toBeLessThanOrEqual(4);
    await expect(tile(page, "connections")).toContainText(`of ${usable} that can be used`, {
      timeout: 1_000,
    });
    await expect(tile(page, "partitionRunway")).toContainText(`${Math.floor(runwayDays)}days`, {
      timeout: 1_000,
    });
  }).toPass({ timeout: 30_000 });
  await expect(async () => {
    // The count is kept for a minute, sizes for ten; signing in is an event itself: 50 of tolerance.
    await forgetAnswers("*");
    await page.reload();
    const { events, bytes } = await direct();
    const megabytes = await figureIn(tile(page, "size"), /Size([\d.]+)MB/);
    expect(Math.abs(megabytes - bytes / 1_048_576)).toBeLessThan(1.5);
    const told = page.locator("[data-events-total]");
    const total = Number(await told.getAttribute("data-events-total", { timeout: 5_000 }));
    expect(total).toBeGreaterThanOrEqual(2_000);
    expect(Math.abs(total - events)).toBeLessThanOrEqual(50);
  }).toPass({ timeout: 60_000 });
});

test("the worst finding is the verdict while it lasts, and leads to the page that explains it", async ({
  page,
  signIn,
  world,
}) => {
  const holders = postgres(world.auditUrl, { max: 40, connection: { application_name: "holders" } });
  try {
    await Promise.all(Array.from({ length: 40 }, () => holders`select pg_sleep(0.3)`));
    await signIn("viewer", "/audit/overview?refresh=2s&range=15m");
    const verdict = page.locator("[data-verdict]");
    await expect(verdict.getByText(taken)).toBeVisible(soon);
    await expect(verdict).toHaveAttribute("data-verdict", /warning|critical/);
    await expect(tile(page, "connections")).toContainText(/warning|critical/);
    // Something worse may stand here from before: then that is the verdict, and this one stands below it.
    await expect(async () => {
      const answer = await page.request.get("/api/v1/targets/audit/overview?range=15m");
      const { data } = (await answer.json()) as { data: Pick<Overview, "verdict" | "findings"> };
      const worst = data.findings.find(({ severity }) => severity === data.verdict.state);
      expect(data.verdict.title).toBe(worst?.title);
      await expect(verdict.getByRole("heading", { level: 2 })).toHaveText(data.verdict.title, {
        timeout: 1_000,
      });
    }).toPass(soon);
    await verdict
      .getByRole("link", { name: /^Open Connections$|usable connections are taken/ })
      .first()
      .click();
    await expect(page).toHaveURL(/\/audit\/connections\?.*range=15m/);
  } finally {
    await holders.end();
  }
  await page.goBack();
  await expect(page.locator("[data-verdict]")).toBeVisible();
  await expect(page.locator("[data-verdict]").getByText(taken)).toHaveCount(0, soon);
});

test("checks that could not run are told with what would enable them", async ({ page, signIn }) => {
  await signIn("viewer", "/foreign/overview?refresh=2s");
  const verdict = page.locator("[data-verdict]");
  await expect(verdict).toBeVisible();
  await expect(verdict).not.toHaveAttribute("data-verdict", "ok");
  await expect(verdict).toContainText("measurement");
  const blind = page.locator("[data-blind-checks]");
  await blind.locator("summary").click();
  await expect(blind).toContainText("pg_stat_statements");
  await expect(blind.locator("pre").first()).toContainText(/CREATE EXTENSION|shared_preload_libraries/i);
  const events = page.locator("#events-per-day");
  await expect(events).toContainText("has no audit_log of ours");
  await expect(events.locator("pre")).toContainText("audit-db migrate");
  await expect(tile(page, "readLatency")).toContainText("track_io_timing is off");
  await expect(tile(page, "replicationLag")).toContainText("No standby is connected");
  await expect(page.locator("#replication")).toContainText("Primary");
  await expect(page.locator("#watching-cost")).toContainText("Monitoring overhead");
  await expect(verdict).not.toContainText(/\d{4}-\d{2}-\d{2}T/);
});

test("range and days stand in the address and survive a reload", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview?range=6h");
  await expect(page.locator("#events-per-day [data-chart]")).toBeVisible();
  await page.getByRole("button", { name: "30 days" }).click();
  await expect(page).toHaveURL(/days=30/);
  await page.reload();
  await expect(page.getByRole("button", { name: "30 days" })).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveURL(/range=6h/);
  await expect(page.locator("#events-per-day [data-chart]")).toBeVisible();
  await page.locator("#events-per-day").getByRole("button", { name: "Events per day: actions" }).click();
  await page.getByRole("menuitem", { name: "Show as table" }).click();
  await expect(page.locator("#events-per-day").getByRole("columnheader", { name: "standard" })).toBeVisible();
});

test("charts begin where samples begin, a toggle shows the range before, and no tile cuts its sentence", async ({
  page,
  signIn,
}) => {
  // The world has been sampled for minutes, so a day is blank but for its end.
  await signIn("viewer", "/audit/overview?range=24h&refresh=2s");
  const blank = page.locator("[data-timeline-lane] .bg-hatch");
  const range = page.getByRole("button", { name: /^Time range: Last 24 hours since \d\d:\d\d/ });
  await expect(range).toBeVisible();
  await expect(blank).toHaveCount(0);
  await expect(page.getByText(/^Collecting since/)).toHaveCount(0);
  await range.click();
  await page.getByRole("switch", { name: "Show the range before it too" }).click();
  await expect(page).toHaveURL(/whole=true/);
  await expect(blank).toHaveCount(1);
  await expect(page.getByText(/^Collecting since/).first()).toBeVisible();
  await page.keyboard.press("Escape");

  await expect(tile(page, "hitRatio")).toContainText("last 24 h");
  await expect(tile(page, "connections")).toContainText("now · of 57 that can be used");
  const cut = () =>
    page
      .locator("[data-tile] .truncate, [data-tile] .line-clamp-4")
      .evaluateAll((texts) =>
        texts
          .filter(
            (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1,
          )
          .map((each) => each.textContent),
      );
  await expect(page.locator("[data-tile] .line-clamp-4")).toHaveCount(7);
  await expect.poll(cut).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(cut).toEqual([]);
});

test("with the keyboard alone from the verdict to the page behind a figure", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  const size = tile(page, "size");
  await expect(size).toBeVisible();
  await tile(page, "partitionRunway").focus();
  await page.keyboard.press("Tab");
  await expect(size).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit\/partitions/);
});
