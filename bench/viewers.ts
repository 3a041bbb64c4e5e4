import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import setup from "../e2e/support/setup.ts";
import { enterWorld, type World, world } from "../e2e/support/world.ts";
import { openBrowser, openSignedIn } from "./support/browser.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Statements per second that the console puts on the audit database with a hundred people looking at the Connections
 * page, against one. A real browser makes the page's own request; a hundred clients then repeat that very request,
 * each on its own phase of the page's 5 s refresh.
 */
const viewers = 100;
const refreshMs = 5_000;
const windowMs = 15_000;
const rounds = 5;

interface Captured {
  url: string;
  headers: Record<string, string>;
  body: string;
}

const teardown = await setup();
await enterWorld("worker 0");
const sql = postgres(world().auditUrl, { max: 1, onnotice: () => {} });
try {
  const request = await capture(world());
  const one: number[] = [];
  const many: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const single = await statementsPerSecond(request, 1);
    const crowd = await statementsPerSecond(request, viewers);
    step(
      `round ${round}${round === 0 ? " (warm-up)" : ""}: ${single.toFixed(2)}/s with 1, ${crowd.toFixed(2)}/s with ${viewers}`,
    );
    if (round === 0) continue;
    one.push(single);
    many.push(crowd);
  }
  report({
    name: "viewers",
    ratio: median(many) / median(one),
    aim: "<= 1.10",
    ours: `${median(many).toFixed(2)} statements/s with ${viewers} viewers`,
    other: `${median(one).toFixed(2)} with 1, the collector's own among both`,
  });
} finally {
  await sql.end();
  await teardown();
}

/** The read request that the page sends at every refresh. */
async function capture(w: World): Promise<Captured> {
  const browser = await openBrowser();
  const page = await openSignedIn(browser, w);
  await page.goto("/audit/connections?refresh=5s");
  await sleep(6_000);
  const seen = await page.waitForRequest(
    (r) => r.method() === "POST" && Boolean(r.headers()["next-action"]),
    { timeout: 15_000 },
  );
  const headers = await seen.allHeaders();
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && name !== "content-length"),
  );
  await browser.close();
  return { url: seen.url(), headers: kept, body: seen.postData() ?? "" };
}

async function statementsPerSecond(request: Captured, clients: number): Promise<number> {
  const stop = Date.now() + refreshMs + windowMs;
  const running = Array.from({ length: clients }, async (_, i) => {
    await sleep((i / clients) * refreshMs);
    while (Date.now() < stop) {
      const began = Date.now();
      const response = await fetch(request.url, {
        method: "POST",
        headers: request.headers,
        body: request.body,
      });
      const text = await response.text();
      if (!response.ok || !text.includes('"ok":true'))
        throw new Error(`the console answered ${response.status}`);
      await sleep(Math.max(0, refreshMs - (Date.now() - began)));
    }
  });
  await sleep(refreshMs);
  const before = await countStatements();
  const began = Date.now();
  await sleep(windowMs);
  const rate = (await countStatements()) - before;
  const seconds = (Date.now() - began) / 1_000;
  await Promise.all(running);
  return rate / seconds;
}

/** Statements the console's watch login has run so far. */
async function countStatements(): Promise<number> {
  const [row] = await sql<{ calls: number }[]>`
    select coalesce(sum(calls), 0)::float8 as calls from pg_stat_statements
    where userid = 'watch_login'::regrole::oid`;
  return row?.calls ?? 0;
}
