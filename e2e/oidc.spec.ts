import type { Page } from "@playwright/test";
import { expect, test } from "./support/test.ts";

// The provider's own pages ask for a web font and an icon that are not there.
test.use({ tolerated: /ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|favicon|fonts\.g/ });

async function throughProvider(page: Page, login: string): Promise<void> {
  await page.goto("/sign-in?callbackUrl=%2Faudit%2Foverview");
  await page.getByRole("button", { name: "Sign in with Example ID" }).click();
  await page.waitForURL(/\/interaction\//);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  // Consent, asked once a client.
  await page.getByRole("button", { name: "Continue" }).click();
}

test("single sign-on leads through the provider and back to the page that was asked for, as a viewer", async ({
  page,
  world,
}) => {
  await throughProvider(page, "newcomer");
  await page.waitForURL(`${world.address}/audit/overview`);
  await page.getByRole("button", { name: /account of Nora Newcomer/ }).click();
  await expect(page.getByText("newcomer@example.test · Viewer")).toBeVisible();
});

test("an address that the provider has not verified opens nobody's account", async ({ page }) => {
  await throughProvider(page, "pretender");
  await page.waitForURL(/\/sign-in\?error=OIDC_UNVERIFIED/);
  await expect(page.getByRole("alert").filter({ hasText: "has not verified" })).toBeVisible();
  await page.goto("/audit/overview");
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
});
