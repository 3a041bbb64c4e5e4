import { createToken } from "./support/api-token.ts";
import { startAuditServer, stopAuditServer } from "./support/audit-outage.ts";
import { expect, test } from "./support/test.ts";

/** What the console notices at its next look, and what a busy machine adds to it. */
const soon = { timeout: 40_000 };

test.afterEach(async () => {
  await startAuditServer();
});

test("the audit server stops and starts again under the open page", async ({
  page,
  signIn,
  world,
  auditSql,
}) => {
  // Five pages are opened meanwhile, each by a console whose database is away.
  test.setTimeout(180_000);
  const token = await createToken("e2e outage");
  const ask = async (path: string) => {
    const answer = await fetch(`${world.address}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  // Somebody whose connection is shown, and still is as the last known figure.
  await auditSql`select 1`;
  await signIn("viewer", "/audit/connections?refresh=2s");
  const holders = page.locator("#holders");
  const dimmed = holders.locator(".opacity-55");
  const banner = page.getByRole("alert").filter({ hasText: "is unreachable since" });
  await expect(holders.getByText(/^updated/)).toBeVisible();
  await expect(holders.locator("[data-group]").first()).toBeVisible();
  await expect(banner).toHaveCount(0);
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
  const figures = await holders.locator("[data-group]").first().innerText();
  const overview = await page.context().newPage();
  await overview.goto("/audit/overview?range=15m&refresh=2s");
  const verdict = overview.locator("[data-verdict]");
  const tile = overview.locator('[data-tile="connections"]');
  await expect(tile).toContainText("of 57 that can be used");

  const stopped = await stopAuditServer();
  const isThisOutage = (at: string | null) => new Date(at ?? "") >= stopped.from;
  await test.step("the page says since when and why, and keeps the last figures with their age", async () => {
    await expect(banner).toBeVisible();
    expect(isThisOutage(await banner.locator("time").getAttribute("datetime"))).toBe(true);
    await expect(banner).toContainText(
      /audit is unreachable since \d\d:\d\d \(.{10,}\)\. Showing last known/,
    );
    await expect(banner).not.toContainText(/password|postgres:\/\//);
    await expect(holders.getByText("last known")).toBeVisible();
    await expect(dimmed).toBeVisible();
    await expect(holders.getByText(/^as of \d\d:\d\d:\d\d, .* old$/)).toBeVisible();
    await expect(holders.locator("[data-group]").first()).toHaveText(figures.replaceAll("\n", ""));
    const age = holders.locator("footer time").first();
    const observed = new Date((await age.getAttribute("datetime")) ?? "");
    expect(observed.getTime()).toBeLessThan(stopped.to.getTime());
    await expect(age).toHaveText(/ (s|min) old$/);
    await expect(page.locator("#pools [data-waiting]")).toContainText(/as of \d\d:\d\d:\d\d/i);
    await expect(page.locator(".text-ok, .bg-ok")).toHaveCount(0);
    await expect(page.getByRole("img", { name: "unreachable" }).first()).toBeVisible();
  });

  await test.step("the overview says for how long, with the last figures and the outage in its timeline", async () => {
    await expect(verdict).toHaveAttribute("data-verdict", "down", soon);
    await expect(verdict).toContainText(/audit has not answered for \d+ (s|min)/);
    await expect(overview.locator("#timeline")).toContainText("The database cannot be reached", soon);
    await expect(tile).toContainText("of 57 that can be used");
  });

  await test.step("the console is ready, the API says the same, the other target knows nothing of it", async () => {
    expect(await ask("/api/health/ready")).toMatchObject({ status: 200, body: { ready: true } });
    expect(await ask("/api/v1/targets/foreign/partitions")).toMatchObject({ status: 200 });
    const states = async () => {
      const targets = (await ask("/api/v1/targets")).body.data as { target: string; state: string }[];
      return Object.fromEntries(targets.map(({ target, state }) => [target, state]));
    };
    // The process that is asked may be connecting to the other one yet.
    await expect.poll(states, soon).toEqual({ audit: "down", foreign: "up" });
    const headers = { authorization: `Bearer ${token}` };
    const metrics = async () => (await fetch(`${world.address}/metrics`, { headers })).text();
    await expect.poll(metrics, soon).toContain('audit_db_target_up{target="audit"} 0');
    const other = await page.context().newPage();
    await other.goto("/foreign/connections?refresh=2s");
    await expect(other.locator("#holders").getByText(/^updated/)).toBeVisible();
    await expect(other.getByRole("alert").filter({ hasText: "unreachable" })).toHaveCount(0);
    await expect(other.getByText("last known")).toHaveCount(0);
    await other.close();
  });

  await test.step("every page of the target opens, signed in, and says so", async () => {
    const fresh = await page.context().newPage();
    for (const path of ["overview", "connections", "caches", "partitions", "queries"]) {
      await fresh.goto(`/audit/${path}`);
      await expect(fresh).toHaveURL(`/audit/${path}`);
      await expect(fresh.getByRole("alert").filter({ hasText: "is unreachable since" })).toBeVisible();
      await expect(fresh.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(fresh.getByText("This page could not be drawn")).toHaveCount(0);
    }
    await fresh.close();
  });

  await startAuditServer();
  await test.step("it recovers by itself", async () => {
    await expect(banner).toHaveCount(0, soon);
    await expect(holders.getByText(/^updated/)).toBeVisible();
    await expect(dimmed).toHaveCount(0);
    await expect(page.getByText("last known")).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.hasAttribute("data-marked"))).toBe(true);
    await expect(verdict).not.toHaveAttribute("data-verdict", "down", soon);
  });

  await test.step("the outage stands in the timeline, with its end, and so does the start", async () => {
    const events = overview.getByRole("list", { name: "Events, newest first" }).getByRole("listitem");
    // Which of them the collector met first: a session is ended, is lost or is refused before nothing listens.
    const outages = events.filter({
      hasText:
        /cannot be reached: (nothing listens|the server (is starting up, shutting down|was shut down)|the connection was lost)/,
    });
    const told = () =>
      outages.evaluateAll((items) =>
        items.map((item) => ({ at: item.querySelector("time")?.dateTime ?? "", words: item.textContent })),
      );
    // A try before this one would have left others.
    const ended = async () =>
      (await told()).filter(({ at, words }) => isThisOutage(at) && /\D[\d.]+ (s|min)$/.test(words ?? ""));
    await expect.poll(ended, soon).not.toEqual([]);
    await expect(events.filter({ hasText: "The server was restarted" }).first()).toBeVisible(soon);
    await expect(overview.locator('[data-timeline-lane] [data-kind="outage"]').first()).toBeVisible();
    await overview.close();
  });
});
