import { test as base, type ConsoleMessage, expect, type Page } from "@playwright/test";
import postgres, { type Sql } from "postgres";
import { type World, world } from "./world.ts";

interface Fixtures {
  world: World;
  /** Messages of the page's console that are tolerated in this spec, e.g. a fetch that fails while a server is down. */
  tolerated: RegExp[];
  /** Superuser client on the audit database. */
  auditSql: Sql;
  foreignSql: Sql;
  signIn(who: keyof World["people"], path?: string): Promise<void>;
}

/** A page on which any console error, uncaught exception or CSP violation fails the test. */
export const test = base.extend<Fixtures>({
  world: async ({}, use) => use(world()),
  tolerated: [[], { option: true }],
  baseURL: async ({}, use) => use(world().address),
  page: async ({ page, tolerated }, use) => {
    const faults: string[] = [];
    page.on("console", (message: ConsoleMessage) => {
      if (message.type() === "error" || /content security policy/i.test(message.text()))
        faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(`uncaught: ${error.message}`));
    await use(page);
    expect(
      faults.filter((fault) => !tolerated.some((pattern) => pattern.test(fault))),
      "errors on the page's console",
    ).toEqual([]);
  },
  auditSql: async ({}, use) => withClient(world().auditUrl, use),
  foreignSql: async ({}, use) => withClient(world().foreignUrl, use),
  signIn: async ({ page }, use) => {
    await use((who, path = "/") => signIn(page, world().people[who], path));
  },
});

export { expect };

async function withClient(url: string, use: (sql: Sql) => Promise<void>): Promise<void> {
  const sql = postgres(url, { max: 4, onnotice: () => {}, connection: { application_name: "e2e" } });
  await use(sql);
  await sql.end({ timeout: 1 });
}

async function signIn(page: Page, person: { email: string; password: string }, path: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}
