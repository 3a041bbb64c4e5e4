import type { Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { signalServer } from "../lib/testing/standby.ts";
import { openSession } from "./support/open-session.ts";
import { type OwnConsole, startOwnConsole } from "./support/own-console.ts";
import { people } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

// Refused documents and reads are noted on the browser's console.
test.use({ tolerated: /status of 50[03]|Failed to fetch|net::ERR/ });
test.describe.configure({ mode: "serial" });

let product: OwnConsole;
/** Somebody whose connection is shown. */
let holder: Sql;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  product = await startOwnConsole();
  holder = postgres(product.audit.url, { max: 1, connection: { application_name: "ledger" } });
  await holder`select 1`;
});
test.afterAll(async () => {
  await holder?.end({ timeout: 1 });
  await product?.close();
});

interface Asked {
  status: number;
  ms: number;
  headers: Headers;
  text: string;
}

/** What is promised in seconds: others' work on the machine only adds to them, so the quickest of three tells. */
async function ask(path: string, init: RequestInit = {}): Promise<Asked> {
  const first = await askOnce(path, init);
  if (first.ms < 1_000) return first;
  const others = [await askOnce(path, init), await askOnce(path, init)];
  // Each has to be the same answer.
  for (const { status } of others) expect([path, status]).toEqual([path, first.status]);
  return { ...first, ms: Math.min(first.ms, ...others.map(({ ms }) => ms)) };
}

async function askOnce(path: string, init: RequestInit): Promise<Asked> {
  const began = performance.now();
  const answer = await fetch(`${product.address}${path}`, { redirect: "manual", ...init });
  const text = await answer.text();
  return { status: answer.status, ms: performance.now() - began, headers: answer.headers, text };
}
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const connections = "/api/v1/targets/audit/connections";
const append = () =>
  ask("/api/v1/targets/audit/events", {
    method: "POST",
    headers: { authorization: `Bearer ${product.token}`, "content-type": "application/json" },
    body: JSON.stringify({ organizationId: "o", action: "a.b", status: "success" }),
  });

function expectUnavailable(answer: Asked): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.ms).toBeLessThan(2_000);
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
}

function expectProblem(answer: Asked): void {
  expectUnavailable(answer);
  expect(JSON.parse(answer.text)).toMatchObject({
    code: "UNAVAILABLE",
    retryable: true,
    detail: expect.stringContaining("The console database"),
  });
}

/** Whatever hangs, a supervisor and a load balancer are answered. */
async function expectHealth(ready: 200 | 503): Promise<void> {
  const [live, readiness] = [await ask("/api/health/live"), await ask("/api/health/ready")];
  expect([live.status, readiness.status]).toEqual([200, ready]);
  expect(live.ms).toBeLessThan(1_000);
  expect(readiness.ms).toBeLessThan(1_000);
  if (ready === 503)
    expect(JSON.parse(readiness.text)).toMatchObject({
      ready: false,
      parts: { consoleDatabase: "unreachable" },
      reason: expect.stringContaining("The console database"),
    });
}

const outages = (message: string) => product.log().lines.filter(({ msg }) => msg === message);
const begun = "the console database is unavailable";
const ended = "the console database answers again";

test("an audit database that is away is 503 whichever door asked first", async ({ newPage }) => {
  const page = await newPage({ baseURL: product.address });
  await openSession(page, people.admin);
  await page.goto("/page-first/connections");
  await expect(page.getByRole("alert").filter({ hasText: "unreachable" }).first()).toBeVisible();
  const after = await ask("/api/v1/targets/page-first/connections", bearer(product.token));
  const before = await ask("/api/v1/targets/api-first/connections", bearer(product.token));
  for (const answer of [after, before]) {
    expect(answer.status, answer.text).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ code: "UNAVAILABLE" });
  }
  await page.goto("/api-first/connections");
  await expect(page.getByRole("alert").filter({ hasText: "unreachable" }).first()).toBeVisible();
  await expect(page.getByText("This page could not be drawn")).toHaveCount(0);
});

test("nothing is called good on the word of a console that does not answer", async ({ newPage }) => {
  const pages = await Promise.all(
    ["connections", "overview"].map(async (name) => {
      const page = await newPage({ baseURL: product.address });
      await openSession(page, people.admin);
      await page.goto(`/audit/${name}?refresh=2s`);
      // Code of panels below the fold comes after the page, and would not come from a console that is away.
      await page.waitForLoadState("networkidle");
      return page;
    }),
  );
  const [connectionsPage, overview] = pages;
  if (!connectionsPage || !overview) throw new Error("two pages were opened");
  const waiting = connectionsPage.locator("[data-waiting]");
  const blockers = connectionsPage.locator("#blockers");
  const good = (page: Page) => page.locator("header .bg-ok, main .text-ok, main .bg-ok, main .bg-ok-soft");
  const current = async () => {
    for (const page of pages) {
      await expect(page.getByRole("img", { name: "reachable", exact: true }).first()).toBeVisible();
      await expect(page.locator("[data-aged]")).toHaveCount(0, { timeout: 40_000 });
    }
    await expect(blockers.locator(".text-ok")).toHaveCount(1);
    await expect(overview.locator("[data-tile=connections]")).toContainText("ok");
  };
  const old = async () => {
    for (const page of pages) {
      await expect(page.getByRole("img", { name: /^not known: reachable at \d\d:\d\d:\d\d/ })).toBeVisible();
      await expect(good(page)).toHaveCount(0);
      await expect(page.getByRole("alert").filter({ hasText: /Every figure here is as of/ })).toBeVisible();
    }
    await expect(blockers).toContainText(/as of \d\d:\d\d:\d\d, [\d.]+ s old/i);
    await expect(waiting).toContainText(/as of \d\d:\d\d:\d\d, [\d.]+ s old/i);
    await expect(overview.locator("[data-tile=connections]")).toContainText(/[\d.]+ s old/);
    await expect(overview.locator("[data-tile=connections]")).not.toContainText("ok");
  };
  await current();
  await test.step("requests are refused: at the next refresh", async () => {
    for (const page of pages) await page.context().setOffline(true);
    await old();
    // Code that was not needed before does not come now, and ends nothing: it comes as soon as it can.
    const refused = overview.waitForEvent("requestfailed", (request) =>
      request.url().includes("/_next/static/"),
    );
    await overview.keyboard.press("?");
    await refused;
    for (const page of pages) await page.context().setOffline(false);
    await expect(overview.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await overview.keyboard.press("Escape");
    await current();
  });
  await test.step("requests hang: after three", async () => {
    const held: (() => Promise<void>)[] = [];
    for (const page of pages)
      await page.route("**/*", (route) => void held.push(() => route.continue().catch(() => {})));
    await old();
    for (const page of pages) await page.unroute("**/*");
    await Promise.all(held.map((release) => release()));
    await current();
  });
});

test("the console database stops and starts again under an open page", async ({ newPage }) => {
  const [page, stranger] = [
    await newPage({ baseURL: product.address }),
    await newPage({ baseURL: product.address }),
  ];
  await openSession(page, people.admin);
  // Has a session that the web process has never looked up.
  await openSession(stranger, people.admin);
  await page.goto("/audit/connections?refresh=2s");
  const holders = page.locator("#holders");
  const banner = page.getByRole("alert").filter({ hasText: "live figures of targets go on" });
  await expect(holders.locator("[data-group]").first()).toBeVisible();
  await expect(banner).toHaveCount(0);
  await page.evaluate(() => document.documentElement.setAttribute("data-marked", ""));
  expect((await ask(connections, bearer(product.token))).status).toBe(200);
  await expectHealth(200);

  // What a busy machine was told of before is another story.
  const before: Record<string, number> = { [begun]: outages(begun).length, [ended]: outages(ended).length };
  await product.own.stop("immediate");
  const stoppedAt = Date.now();
  await test.step("programs are told within two seconds and store nothing", async () => {
    expectProblem(await ask(connections, bearer(product.token)));
    expectProblem(await append());
    expectUnavailable(await ask("/metrics", bearer(product.token)));
    await expectHealth(503);
    const metrics = await ask("/metrics", bearer(product.metricsToken));
    expect(metrics.text).toContain("audit_db_console_database_up 0");
    expect(metrics.ms).toBeLessThan(2_000);
  });
  await test.step("whoever cannot be recognised gets a page that says so", async () => {
    expectUnavailable(await ask("/sign-in"));
    const document = await stranger.goto("/audit/connections");
    expect(document?.status()).toBe(503);
    await expect(stranger.getByRole("heading")).toHaveText(/^The console's own database cannot be reached/);
    await expect(stranger.getByText(/tries again every 5 s/)).toBeVisible();
  });
  await test.step("whoever was signed in goes on seeing live figures, and only these", async () => {
    await expect(banner).toContainText(/since \d\d:\d\d.*live figures of targets go on/);
    const seen = async () =>
      new Date((await holders.locator("footer time").first().getAttribute("datetime")) ?? 0);
    await expect.poll(async () => (await seen()).getTime()).toBeGreaterThan(stoppedAt + 1_000);
    await expect(holders.getByText("last known")).toHaveCount(0);
    const by = async (path: string) => (await page.request.get(path)).status();
    expect(await by(connections)).toBe(200);
    for (const path of ["events", "overview", "history?series=connections.total", "events/export?format=csv"])
      expect([path, await by(`/api/v1/targets/audit/${path}`)]).toEqual([path, 503]);
    const fresh = await page.context().newPage();
    expect((await fresh.goto("/settings/users"))?.status()).toBe(200);
    await expect(fresh.getByText(/The console database/).first()).toBeVisible();
    await expect(fresh.getByText(people.admin.email)).toHaveCount(0);
    expect((await fresh.goto("/account/password"))?.status()).toBe(503);
    await fresh.close();
  });

  await product.own.start();
  await test.step("everything comes back by itself", async () => {
    await expect(banner).toHaveCount(0, { timeout: 40_000 });
    expect(await page.evaluate(() => document.documentElement.hasAttribute("data-marked"))).toBe(true);
    await expect(stranger.locator("#holders [data-group]").first()).toBeVisible({ timeout: 40_000 });
    expect((await ask(connections, bearer(product.token))).status).toBe(200);
    await expectHealth(200);
  });
  await test.step("each process has told it once, without a statement", async () => {
    // The web process at least; the worker where it asked for something meanwhile.
    const pids = (message: string) =>
      outages(message)
        .slice(before[message])
        .map(({ pid }) => Number(pid))
        .toSorted();
    const told = pids(begun);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told).size).toBe(told.length);
    await expect.poll(() => pids(ended), { timeout: 40_000 }).toEqual(told);
    const loud = product.log().lines.filter(({ level, msg }) => Number(level) >= 40 && msg !== begun);
    expect(loud.filter(({ err }) => /console database/.test(JSON.stringify(err ?? "")))).toEqual([]);
    expect(product.log().text).not.toMatch(/Failed query|params:|select .* from/i);
  });
});

test("the console database freezes: the same within two seconds, and health within one", async () => {
  const before = outages(begun).length;
  signalServer(product.own, "SIGSTOP");
  try {
    expectUnavailable(await ask("/sign-in"));
    expectProblem(await ask(connections, bearer(product.token)));
    expectProblem(await append());
    await expectHealth(503);
  } finally {
    signalServer(product.own, "SIGCONT");
  }
  await expect
    .poll(async () => (await ask(connections, bearer(product.token))).status, { timeout: 40_000 })
    .toBe(200);
  expect(outages(begun).length - before).toBeLessThanOrEqual(2);
});

test("health answers within a second while Redis and the audit database are frozen", async () => {
  process.kill(product.redis.pid(), "SIGSTOP");
  signalServer(product.audit, "SIGSTOP");
  try {
    for (let i = 0; i < 3; i++) await expectHealth(200);
  } finally {
    signalServer(product.audit, "SIGCONT");
    process.kill(product.redis.pid(), "SIGCONT");
  }
});
