import { type Browser, chromium, type Page } from "@playwright/test";
import type { World } from "../../e2e/support/world.ts";

/** Debian's Chromium, headless. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-background-networking",
    ],
  });
}

/** A page signed in as an operator. */
export async function openSignedIn(browser: Browser, world: World): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: world.address })).newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(world.people.operator.email);
  await page.getByLabel("Password", { exact: true }).fill(world.people.operator.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}
