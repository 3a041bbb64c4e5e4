import type { Locator, Page } from "@playwright/test";
import postgres from "postgres";
import { expect, test } from "./support/test.ts";

const tile = (page: Page, id: string) => page.locator(`[data-tile="${id}"]`);

/** The number that stands in an element's text, thousands joined. */
async function figureIn(locator: Locator, pattern: RegExp): Promise<number> {
  await expect(locator).toHaveText(pattern);
  return Number(pattern.exec((await locator.textContent()) ?? "")?.[1]?.replaceAll(",", ""));
}

test("the figures are those of the server at the same moment", async ({ page, signIn, auditSql }) => {
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
  // Pools open and close connections between the two readings: 4 of tolerance.
  await expect(async () => {
    const { used, usable } = await direct();
    const shown = await figureIn(tile(page, "connections"), /Connections(\d+)/);
    expect(Math.abs(shown - used)).toBeLessThanOrEqual(4);
    await expect(tile(page, "connections")).toContainText(`of ${usable} that can be used`);
  }).toPass();
  const { events, bytes, runwayDays } = await direct();
  await expect(tile(page, "partitionRunway")).toContainText(`${Math.floor(runwayDays)}days`);
  const megabytes = await figureIn(tile(page, "size"), /Size([\d.]+)MB/);
  expect(Math.abs(megabytes - bytes / 1_048_576)).toBeLessThan(1.5);
  // Signing in is an event itself, and the count is kept for a minute: 50 of tolerance.
  const total = Number(await page.locator("[data-events-total]").getAttribute("data-events-total"));
  expect(total).toBeGreaterThanOrEqual(2_000);
  expect(Math.abs(total - events)).toBeLessThanOrEqual(50);
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
    await expect(verdict.getByRole("heading", { level: 2 })).toHaveText(
      /^\d+ of 57 usable connections are taken \(\d+ %\)\.$/,
    );
    await expect(verdict).toHaveAttribute("data-verdict", /warning|critical/);
    await expect(tile(page, "connections")).toContainText(/warning|critical/);
    await verdict.getByRole("link", { name: "Open Connections" }).click();
    await expect(page).toHaveURL(/\/audit\/connections\?.*range=15m/);
  } finally {
    await holders.end();
  }
  await page.goBack();
  await expect(page.locator("[data-verdict]").getByRole("heading", { level: 2 })).not.toHaveText(/usable/);
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
  expect(await cut()).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await cut()).toEqual([]);
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

test("while the database is stopped it says so, with the last known figures, and comes back by itself", async ({
  page,
  signIn,
  world,
}) => {
  await signIn("viewer", "/audit/overview?refresh=2s&range=15m");
  await expect(tile(page, "connections")).toContainText("of 57 that can be used");
  await fetch(`${world.controlUrl}/stop`, { method: "POST" });
  try {
    const verdict = page.locator("[data-verdict]");
    await expect(verdict).toHaveAttribute("data-verdict", "down", { timeout: 20_000 });
    await expect(verdict).toContainText(/audit has not answered for \d+ s/);
    await expect(page.locator("#timeline")).toContainText("The database cannot be reached", {
      timeout: 20_000,
    });
    await expect(tile(page, "connections")).toContainText("of 57 that can be used");
  } finally {
    await fetch(`${world.controlUrl}/start`, { method: "POST" });
  }
  await expect(page.locator("[data-verdict]")).not.toHaveAttribute("data-verdict", "down", {
    timeout: 30_000,
  });
  await expect(page.locator("#timeline [data-kind=outage]").first()).toBeVisible();
  await expect(page.locator("#timeline")).toContainText("The server was restarted", { timeout: 30_000 });
});
