import { createToken } from "./support/api-token.ts";
import { startAuditServer, stopAuditServer } from "./support/audit-outage.ts";
import { expect, test } from "./support/test.ts";

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
  test.setTimeout(120_000);
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

  const stoppedAt = await stopAuditServer();
  await test.step("the page says since when and why, and keeps the last figures with their age", async () => {
    await expect(banner).toBeVisible();
    const since = new Date((await banner.locator("time").getAttribute("datetime")) ?? "");
    expect(Math.abs(since.getTime() - stoppedAt.getTime())).toBeLessThan(10_000);
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
    expect(observed.getTime()).toBeLessThan(stoppedAt.getTime() + 2_000);
    await expect(age).toHaveText(/ s old$/);
    await expect(page.locator("#pools [data-waiting]")).toContainText(/as of \d\d:\d\d:\d\d/i);
    await expect(page.locator(".text-ok, .bg-ok")).toHaveCount(0);
    await expect(page.getByRole("img", { name: "unreachable" }).first()).toBeVisible();
  });

  await test.step("the console is ready, the API says the same, the other target knows nothing of it", async () => {
    expect(await ask("/api/health/ready")).toMatchObject({ status: 200, body: { ready: true } });
    expect(await ask("/api/v1/targets/foreign/partitions")).toMatchObject({ status: 200 });
    const targets = (await ask("/api/v1/targets")).body.data as { target: string; state: string }[];
    expect(Object.fromEntries(targets.map(({ target, state }) => [target, state]))).toEqual({
      audit: "down",
      foreign: "up",
    });
    const metrics = await fetch(`${world.address}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await metrics.text()).toContain('audit_db_target_up{target="audit"} 0');
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
    await expect(banner).toHaveCount(0, { timeout: 20_000 });
    await expect(holders.getByText(/^updated/)).toBeVisible();
    await expect(dimmed).toHaveCount(0);
    await expect(page.getByText("last known")).toHaveCount(0);
    expect(await page.evaluate(() => document.documentElement.hasAttribute("data-marked"))).toBe(true);
  });

  await test.step("the outage stands in the timeline, with its end", async () => {
    await page.goto("/audit/overview?range=15m&refresh=2s");
    const events = page.getByRole("list", { name: "Events, newest first" });
    const outages = events
      .getByRole("listitem")
      // Which of the two was met first.
      .filter({ hasText: /cannot be reached: (nothing listens|the server is starting up, shutting down)/ });
    // An earlier one may stand there before this one's end is written.
    await expect(async () => {
      const outage = outages.first();
      const at = new Date((await outage.locator("time").getAttribute("datetime", { timeout: 1_000 })) ?? "");
      expect(Math.abs(at.getTime() - stoppedAt.getTime())).toBeLessThan(10_000);
      await expect(outage).toContainText(/\D[\d.]+ s$/, { timeout: 1_000 });
    }).toPass({ timeout: 20_000 });
    await expect(page.locator('[data-timeline-lane] [data-kind="outage"]').first()).toBeVisible();
  });
});
