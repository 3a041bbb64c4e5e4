import { sendSignInForm } from "./support/open-session.ts";
import { expect, test } from "./support/test.ts";

// A page that is not there is answered with 404, which the browser notes on its console.
test.use({ tolerated: /status of 404.*\/(nowhere|audit\/nothing)/ });

test("a link restores range, refresh, tab and filters in a browser that has never been here", async ({
  page,
  signIn,
  newPage,
  world,
}) => {
  await signIn("viewer", "/audit/connections");
  await page.getByRole("button", { name: /^Time range:/ }).click();
  await page.getByRole("button", { name: "Last 6 hours" }).click();
  await page.getByRole("button", { name: /^Refresh:/ }).click();
  await page.getByRole("menuitemradio", { name: "15 s" }).click();
  await page.getByRole("tab", { name: "Database" }).click();
  await page.getByRole("switch", { name: "Hide the console's own" }).click();
  await expect(page).toHaveURL((url) => {
    const { range, refresh, by, own } = Object.fromEntries(url.searchParams);
    return range === "6h" && refresh === "15s" && by === "database" && own === "show";
  });
  const link = page.url();

  const elsewhere = await newPage();
  await elsewhere.goto(link);
  await expect(elsewhere).toHaveURL(/\/sign-in\?callbackUrl=/);
  await sendSignInForm(elsewhere, world.people.operator);
  await expect(elsewhere).toHaveURL(link);
  await expect(elsewhere.getByRole("button", { name: "Time range: Last 6 hours" })).toBeVisible();
  await expect(elsewhere.getByRole("button", { name: "Refresh: 15 s" })).toBeVisible();
  await expect(elsewhere.getByRole("tab", { name: "Database" })).toHaveAttribute("aria-selected", "true");
  await expect(elsewhere.getByRole("switch", { name: "Hide the console's own" })).not.toBeChecked();
  await expect(
    elsewhere.locator("#holders").getByRole("list", { name: "Connections by database" }),
  ).toContainText("audit");
  await elsewhere.getByRole("link", { name: "Caches" }).first().click();
  await expect(elsewhere).toHaveURL((url) => {
    const { range, refresh, own } = Object.fromEntries(url.searchParams);
    return url.pathname === "/audit/caches" && range === "6h" && refresh === "15s" && own === "show";
  });
});

test("switching the target keeps the page and the range", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/partitions?range=24h");
  await page.getByRole("button", { name: /Target audit/ }).click();
  await page.getByRole("menuitem", { name: /foreign/ }).click();
  await expect(page).toHaveURL("/foreign/partitions?range=24h");
  await expect(page.getByRole("button", { name: /Target foreign/ })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Partitions" })).toBeVisible();
});

test("a custom range is an address like any other; one that ends before it begins is refused in words", async ({
  page,
  signIn,
  newPage,
  world,
}) => {
  await signIn("viewer", "/audit/overview");
  await page.getByRole("button", { name: /^Time range:/ }).click();
  await page.getByLabel("From (UTC)").fill("2026-03-05T08:00");
  await page.getByLabel("To", { exact: true }).fill("2026-03-05T07:00");
  await page.getByRole("button", { name: "Show this range" }).click();
  await expect(page.getByText("The start must be before the end.")).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("2026-03-05T09:30");
  await page.getByRole("button", { name: "Show this range" }).click();
  const label = /^Time range: 5 Mar.* 08:00 – .*09:30/;
  await expect(page.getByRole("button", { name: label })).toBeVisible();
  await expect(page).toHaveURL(/to=/);
  const { searchParams } = new URL(page.url());
  expect(searchParams.get("from")).toBe("2026-03-05T08:00:00.000Z");
  expect(searchParams.get("to")).toBe("2026-03-05T09:30:00.000Z");

  const elsewhere = await newPage();
  await elsewhere.goto(page.url());
  await sendSignInForm(elsewhere, world.people.viewer);
  await expect(elsewhere.getByRole("button", { name: label })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Time range: Last hour" })).toBeVisible();
});

test("Back closes what stands in a sheet, and closing it leaves no entry behind", async ({
  page,
  signIn,
}) => {
  await signIn("admin", "/audit/overview");
  let before = "/audit/overview";
  const sheet = page.getByRole("dialog");
  for (const [path, list] of [
    ["/audit/caches?refresh=off", "#relations"],
    ["/audit/partitions?refresh=off", "#partitions"],
    ["/settings/activity", "#activity"],
    ["/settings/checks", "#checks"],
  ] as const) {
    await test.step(path, async () => {
      await page.goto(path);
      const row = page.locator(`${list} tbody tr[data-key]`).first();
      const opener = row.locator("a, button").first();
      await opener.focus();
      await page.keyboard.press("Enter");
      await expect(sheet).toBeVisible();
      await expect(page).not.toHaveURL(path);
      await page.goBack();
      await expect(sheet).toHaveCount(0);
      await expect(page).toHaveURL(path);
      await expect(opener).toBeFocused();

      await page.keyboard.press("Enter");
      await expect(sheet).toBeVisible();
      const opened = page.url();
      const next = sheet.getByRole("button", { name: "Next row (→)" });
      if (await next.isEnabled()) {
        await next.click();
        await expect(page).not.toHaveURL(opened);
      }
      await page.keyboard.press("Escape");
      await expect(sheet).toHaveCount(0);
      await expect(page).toHaveURL(path);
      await page.goBack();
      await expect(page).toHaveURL(before);
      await page.goForward();
      await expect(page).toHaveURL(path);
      before = path;
    });
  }
});

test("a link to an open sheet opens it; closing stays on the page, Back leaves for where one came from", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/caches?refresh=off");
  const sheet = page.getByRole("dialog");
  await page.locator("#relations tbody tr[data-key]").first().click();
  await expect(sheet).toBeVisible();
  const shared = page.url();
  await page.goto("/audit/connections?refresh=off");
  await page.goto(shared);
  await expect(sheet).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL("/audit/connections?refresh=off");
  await page.goForward();
  await expect(sheet).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(page).toHaveURL("/audit/caches?refresh=off");
  await page.goBack();
  await expect(page).toHaveURL("/audit/connections?refresh=off");
});

test("an address without a page says what to do", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  await page.goto("/audit/nothing");
  await expect(page.getByText("There is no such page")).toBeVisible();
  await expect(page.getByText(/renamed or never configured/)).toBeVisible();
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await expect(page).toHaveURL("/audit/overview");
});

test("an address of a target that is not there says so, and leads to the same page of those that are", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/nowhere/partitions?range=6h");
  await expect(page.getByText("There is no target named “nowhere”")).toBeVisible();
  await expect(page.getByRole("button", { name: /No such target/ })).toBeVisible();
  const rail = page.getByRole("navigation", { name: "Pages" });
  await expect(rail.getByRole("link", { name: "Caches" })).toHaveAttribute("href", /^\/audit\/caches/);
  await page.getByRole("link", { name: "Partitions of foreign" }).click();
  await expect(page).toHaveURL("/foreign/partitions?range=6h");
});
