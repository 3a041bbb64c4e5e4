import {
  type BrowserContextOptions,
  test as base,
  type ConsoleMessage,
  expect,
  type Page,
} from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { type ConsoleDb, openConsoleDb } from "../../lib/db/console-db.ts";
import { logEnd, logSince } from "./log-lines.ts";
import { openSession } from "./open-session.ts";
import { enterWorld, type Person, type World, world } from "./world.ts";

interface Fixtures {
  world: World;
  /** Messages of the page's console (with the address concerned) that are tolerated in this spec. */
  tolerated: RegExp;
  /** Superuser client on the audit database. */
  auditSql: Sql;
  foreignSql: Sql;
  /** The console's own database, as its superuser. */
  console: ConsoleDb;
  /** Opens a session for somebody in this test's browser, then the page at `path`. */
  signIn(who: keyof World["people"] | Person, path?: string): Promise<void>;
  /** A page in a browser of its own that knows nobody; watched for errors like the first. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
}

/** A page on which any console error, uncaught exception or CSP violation fails the test. */
export const test = base.extend<Fixtures, { servers: World }>({
  servers: [
    async ({}, use, { parallelIndex, project }) => {
      // How a page looks is shown of a world in which nothing happened but what its specs say, whatever ran before.
      await enterWorld(project.name === "steady" ? "steady" : `worker ${parallelIndex}`);
      await use(world());
    },
    { scope: "worker", auto: true, timeout: 180_000 },
  ],
  world: async ({ servers }, use) => use(servers),
  tolerated: [/(?!)/, { option: true }],
  baseURL: async ({}, use) => use(world().address),
  page: async ({ page, tolerated }, use) => {
    const [faults, logged] = [watchFaults(page), logEnd()];
    await use(page);
    expect(await untolerated(faults, tolerated, logged), "errors on the page's console").toEqual([]);
  },
  auditSql: async ({}, use) => withClient(world().auditUrl, use),
  foreignSql: async ({}, use) => withClient(world().foreignUrl, use),
  console: async ({}, use) => {
    const console = openConsoleDb(world().consoleUrl, { max: 2 });
    await use(console);
    await console.close();
  },
  signIn: async ({ page, world }, use) => {
    await use(async (who, path = "/") => {
      await openSession(page, typeof who === "string" ? world.people[who] : who);
      await page.goto(path);
    });
  },
  newPage: async ({ browser, world, tolerated }, use) => {
    const opened: { page: Page; faults: string[] }[] = [];
    const logged = logEnd();
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: world.address, ...options });
      const page = await context.newPage();
      opened.push({ page, faults: watchFaults(page) });
      return page;
    });
    for (const { page, faults } of opened) {
      await page.context().close();
      expect(await untolerated(faults, tolerated, logged), "errors on another page's console").toEqual([]);
    }
  },
});

export { expect };

function watchFaults(page: Page): string[] {
  const faults: string[] = [];
  page.on("console", (message: ConsoleMessage) => {
    if (message.type() === "error" || /content security policy/i.test(message.text()))
      faults.push(`${message.text()} ${message.location().url}`.trim());
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
  return faults;
}

/**
 * What nobody expects. A machine that is busy for seconds is one of the faults that the product names: its console database
 * does not answer in time then, which it says in its log, and what is asked meanwhile is 503.
 */
async function untolerated(faults: string[], tolerated: RegExp, logged: number): Promise<string[]> {
  // Addresses of the machine come and go beside us.
  const left = faults.filter((fault) => !tolerated.test(fault) && !/ERR_NETWORK_CHANGED/.test(fault));
  if (left.length === 0) return left;
  const lines = await logSince(logged);
  const wasBusy = lines.some((line) => line.includes("the console database is unavailable"));
  return left.filter((fault) => !wasBusy || !/status of 503/.test(fault));
}

async function withClient(url: string, use: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 4, onnotice: () => {}, connection: { application_name: "e2e" } });
  await use(sql);
  await sql.end({ timeout: 1 });
}
