import { focused, tabTo } from "./support/keyboard.ts";
import { expect, test } from "./support/test.ts";

test("the first Tab offers to skip the navigation", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the figures" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
});

test("Tab walks through the page from top to bottom and always shows where it is", async ({
  page,
  signIn,
}) => {
  await signIn("viewer", "/audit/connections?refresh=off");
  await page.waitForLoadState("networkidle");
  const walked: string[] = [];
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press("Tab");
    const { name, tag, ring, onScreen } = await focused(page);
    if (tag === "BODY") break;
    walked.push(name);
    expect({ step: presses, name, ring, onScreen }).toEqual({
      step: presses,
      name,
      ring: true,
      onScreen: true,
    });
  }
  expect(walked.length).toBeGreaterThan(15);
  const order = ["Skip to the figures", "Overview", "Connections", "Settings", "Time range", "Refresh"].map(
    (name) => walked.findIndex((each) => each.startsWith(name)),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test("the palette leads to another page and keeps the range", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview?range=6h");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search" });
  await expect(search).toBeFocused();
  await page.keyboard.type("partit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/audit/partitions?range=6h");
  await expect(search).toHaveCount(0);

  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  await page.keyboard.type("foreign");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/foreign/overview?range=6h");
  await page.keyboard.press("Control+k");
  await expect(search).toBeFocused();
  // Places of privacy officers are not a viewer's.
  await page.keyboard.type("overdue requests");
  await expect(page.getByText("No results")).toBeVisible();
  await search.fill("");
  await page.keyboard.type("zzzz");
  await expect(page.getByText("No results")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(search).toHaveCount(0);
});

test("every page has its two keys, and ? names them", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  await page.waitForLoadState("networkidle");
  for (const [key, path] of [
    ["c", "/audit/connections"],
    ["h", "/audit/caches"],
    ["p", "/audit/partitions"],
    ["q", "/audit/queries"],
    ["e", "/audit/events"],
    ["r", "/audit/replication"],
    ["m", "/audit/maintenance"],
    ["v", "/audit/privacy"],
    ["o", "/audit/overview"],
  ] as const) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page).toHaveURL(path);
  }
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help.getByText("Go to Partitions")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
});

test("the range is picked without a mouse, and the focus returns", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  await page.waitForLoadState("networkidle");
  const picker = page.getByRole("button", { name: /^Time range:/ });
  await tabTo(page, picker);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Last 24 hours" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Last 24 hours" }), 12);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/range=24h/);
  await expect(picker).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("From (UTC)")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("From (UTC)")).toHaveCount(0);
  await expect(picker).toBeFocused();
});

test("a table is filtered, walked and opened by keys; Esc returns to the row", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/partitions?refresh=off");
  const rows = page.locator("tr[data-key]");
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();
  await page.keyboard.press("/");
  await expect(page.locator("input[data-filter]").first()).toBeFocused();
  await page.keyboard.type("phi");
  await expect(page).toHaveURL(/phi/);
  await expect(rows.filter({ hasNotText: "phi" })).toHaveCount(0);
  await expect(rows).not.toHaveCount(0);
  expect(await rows.count()).toBeLessThan(all);

  const first = rows.first().locator("[data-open]");
  await tabTo(page, first);
  await page.keyboard.press("ArrowDown");
  const second = rows.nth(1).locator("[data-open]");
  await expect(second).toBeFocused();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await expect(sheet).toBeVisible();
  await expect(page).toHaveURL(/partition=/);
  const opened = page.url();
  await page.keyboard.press("ArrowRight");
  await expect(page).not.toHaveURL(opened);
  await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(opened);
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(second).toBeFocused();
});

test("dialogs give the focus back to where it was", async ({ page, signIn }) => {
  await signIn("viewer", "/audit/overview");
  await page.waitForLoadState("networkidle");
  const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Caches" });
  await tabTo(page, link);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(link).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(link).toBeFocused();
});

test("the board of requests is walked with the keyboard alone", async ({ page, signIn }) => {
  await signIn("admin", "/audit/privacy/requests");
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Search" })).toBeFocused();
  await page.keyboard.type("requests by calendar");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/audit/privacy/requests?view=calendar");
  const tab = page.getByRole("tab", { name: "Calendar" });
  await tabTo(page, tab);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("tab", { name: "Board" })).toBeFocused();
  await expect(page).toHaveURL("/audit/privacy/requests");
  await expect(page.locator("#deadlines")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Take in a request" }).first());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Take in a request" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Take in a request" }).first()).toBeFocused();
});
