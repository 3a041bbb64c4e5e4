import type { Locator, Page } from "@playwright/test";
import {
  firingIdle,
  leaveTransactionOpen,
  restoreIdle,
  shortenIdle,
} from "./support/forgotten-transaction.ts";
import { openSession, sendSignInForm } from "./support/open-session.ts";
import { expectAccessible, expectNoOverflow, waitForFigures } from "./support/page-checks.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

/** Two evaluations of five seconds, and what it takes to be shown. */
const soon = { timeout: 40_000 };

const second = { email: "second@example.test", password: "correct-horse-second-7" };

const rows = (page: Page): Locator => page.locator("[data-incident]");
/** What a busy machine lets fire besides is not ours. */
const ours = (page: Page): Locator => rows(page).filter({ hasText: "Idle in transaction" });
const incidentOf = (page: Page): Locator => page.getByRole("article");
const event = (page: Page, kind: string): Locator => page.locator(`[data-event="${kind}"]`);

test.beforeAll(async ({ console }) => {
  await shortenIdle(console);
  const known = await console.sql`select from users where email = ${second.email}`;
  if (known.length === 0) await addPerson(console, { ...second, role: "operator", name: "Piotr Second" });
});
test.afterAll(({ console }) => restoreIdle(console));

/** Records what would be shown on the desktop. */
async function watchDesktop(page: Page): Promise<() => Promise<{ asked: number; shown: string[] }>> {
  await page.addInitScript(() => {
    const seen = { asked: 0, shown: [] as string[] };
    class Recorded {
      static permission = "default";
      static async requestPermission() {
        seen.asked += 1;
        Recorded.permission = "granted";
        return "granted";
      }
      onclick = null;
      constructor(title: string) {
        seen.shown.push(title);
      }
      close() {}
    }
    Object.assign(window, { Notification: Recorded, desktopSeen: seen });
  });
  return () =>
    page.evaluate(
      () => (window as unknown as { desktopSeen: { asked: number; shown: string[] } }).desktopSeen,
    );
}

test("two people: what fires is seen, acknowledged with a comment, resolves and is closed; the other sees each step", async ({
  page,
  newPage,
  signIn,
  world,
  console,
}) => {
  test.setTimeout(240_000);
  const other = await newPage();
  const desktop = await watchDesktop(other);
  await openSession(other, second);
  await Promise.all([signIn("operator", "/audit/overview?refresh=2s"), other.goto("/audit/alerts")]);
  await Promise.all([waitForFigures(page), waitForFigures(other)]);
  await expect(ours(other)).toHaveCount(0);
  // Nobody is asked before they say so.
  expect(await desktop()).toEqual({ asked: 0, shown: [] });
  await other.getByRole("button", { name: /^Alerts:/ }).click();
  await other.getByRole("switch", { name: "Notify on this desktop" }).click();
  await expect.poll(async () => (await desktop()).asked).toBe(1);
  await other.keyboard.press("Escape");
  await expect(other.getByRole("link", { name: "All alerts" })).toHaveCount(0);
  await other.evaluate(() => {
    // As where somebody looks at another window.
    document.hasFocus = () => false;
  });

  const forgotten = await leaveTransactionOpen(world, "forgotten-report");
  try {
    const verdict = page.locator("[data-verdict]");
    await expect(verdict).toContainText("(forgotten-report) has been idle in a transaction", soon);
    await expect(verdict).toHaveAttribute("data-verdict", "warning");
    await expect(ours(other)).toHaveCount(1, soon);
    await expect(ours(other)).toContainText("Nobody has it");
    const number = await firingIdle(console);
    await expect(other).toHaveTitle(/^\(\d+\) Alerts/);
    await expect(async () => {
      const [fires] = await console.sql<{ count: number }[]>`
        select count(*)::int as count from incident
        where target = 'audit' and condition = 'firing' and state <> 'closed'`;
      const name = `Alerts: ${fires?.count} firing`;
      await expect(other.getByRole("link", { name })).toBeVisible({ timeout: 500 });
    }).toPass(soon);
    await expect
      .poll(async () => (await desktop()).shown, soon)
      .toContain("warning on audit: Idle in transaction");

    await page.getByRole("link", { name: `#${number} Nobody has it` }).click();
    const link = ours(other).getByRole("link");
    await expect(async () => {
      await other.keyboard.press("j");
      await expect(link).toBeFocused({ timeout: 500 });
    }).toPass();
    await other.keyboard.press("Enter");
    for (const each of [page, other])
      await expect(incidentOf(each)).toContainText(/Firing since .+ on 1 object\. Nobody has it/);
    await expect(page.locator("#objects")).toContainText("forgotten-report");

    await page.getByLabel("Comment", { exact: true }).fill("The nightly report hangs; asking its owner");
    await page.keyboard.press("Control+Enter");
    await expect(event(other, "commented")).toContainText("The nightly report hangs; asking its owner");
    await page.getByRole("button", { name: "Acknowledge" }).click();
    for (const each of [page, other]) {
      await expect(incidentOf(each)).toContainText("Acknowledged by operator");
      await expect(event(each, "acknowledged")).toContainText(/operator acknowledged it until/);
      await expect(each.getByRole("button", { name: "Take it back" })).toBeVisible();
    }

    await forgotten.end();
    for (const each of [page, other]) await expect(incidentOf(each)).toContainText("Normal since", soon);
    await page.getByRole("button", { name: "Close", exact: true }).click();
    for (const each of [page, other]) {
      await expect(incidentOf(each)).toContainText("Closed by operator");
      await expect(event(each, "closed")).toContainText("operator closed it");
      await expect(each.getByRole("button", { name: "Close", exact: true })).toHaveCount(0);
    }
    await other.keyboard.press("u");
    await expect(other).toHaveURL(/\/audit\/alerts/);
    await expect(ours(other)).toHaveCount(0);
    await expect(other.getByText("Nothing waits for anybody").or(rows(other).first())).toBeVisible();
    await other.getByRole("button", { name: /^Closed/ }).click();
    await expect(ours(other).filter({ hasText: `#${number}` })).toContainText("Closed by operator");
  } finally {
    await forgotten.end();
  }
});

test.describe("a link in a mail", () => {
  // The stream of the page that is to be late is cut off, and a comment on its way.
  test.use({ tolerated: /alerts\/events|ERR_FAILED|Failed to load resource/ });

  test("leads through signing in to the incident; one click acknowledges, and who comes second is told who was first", async ({
    page,
    newPage,
    world,
    console,
  }) => {
    test.setTimeout(180_000);
    const forgotten = await leaveTransactionOpen(world, "forgotten-import");
    try {
      await expect.poll(() => firingIdle(console), soon).toBeGreaterThan(0);
      const number = await firingIdle(console);
      const late = await newPage();
      await late.route(/api\/v1\/alerts\/events/, (route) => route.abort());
      await openSession(late, second);
      await late.goto(`/audit/alerts/${number}?refresh=off`);
      await expect(late.getByRole("button", { name: "Acknowledge" })).toBeVisible();

      await page.goto(`/audit/alerts/${number}`);
      await expect(page).toHaveURL(/\/sign-in/);
      await expect(incidentOf(page)).toHaveCount(0);
      const [incident] = await console.sql`select id from incident where number = ${number}`;
      const refused = await page.request.post("/api/v1/actions/acknowledgeIncident", {
        data: { target: "audit", incident: incident?.id },
      });
      expect(refused.status()).toBe(401);
      await sendSignInForm(page, world.people.operator);
      await expect(page).toHaveURL(new RegExp(`/audit/alerts/${number}$`));
      // Whatever makes it read anew, such as being looked at again: it does not hear of the acknowledgement.
      const reads = /\/audit\/alerts\/\d+/;
      await late.route(reads, (route) => {
        const body = route.request().postData();
        return body === null || body.includes("acknowledgeIncident") ? route.fallback() : route.abort();
      });
      await page.getByRole("button", { name: "Acknowledge" }).click();
      await expect(event(page, "acknowledged")).toContainText("operator acknowledged it");

      await late.getByRole("button", { name: "Acknowledge" }).click();
      const told = late.getByRole("article").getByRole("alert");
      await expect(told).toContainText(/Nothing was done\..+by operator .*UTC/);
      await late.unroute(reads);
      await late.reload();
      await expect(incidentOf(late)).toContainText("Acknowledged by operator");

      const viewer = await newPage();
      await openSession(viewer, world.people.viewer);
      await viewer.goto(`/audit/alerts/${number}`);
      await expect(incidentOf(viewer)).toContainText("Acknowledged by operator");
      await expect(
        incidentOf(viewer).getByRole("button", { name: /Acknowledge|Take|Close|Snooze/ }),
      ).toHaveCount(0);
      await expect(viewer.getByLabel("Comment", { exact: true })).toHaveCount(0);

      // A comment that does not arrive stays in its box, through a reload too, and is sent once.
      const box = page.getByLabel("Comment", { exact: true });
      await page.route("**", (route) =>
        route.request().postData()?.includes("commentOnIncident") ? route.abort() : route.fallback(),
      );
      await box.fill("Its owner ends it at noon");
      await page.getByRole("button", { name: "Comment", exact: true }).click();
      await expect(page.locator("#timeline").getByRole("alert")).toContainText(
        /^Not sent: .+ What you wrote is kept here\.$/,
      );
      await expect(box).toHaveValue("Its owner ends it at noon");
      await page.unroute("**");
      await page.reload();
      await expect(box).toHaveValue("Its owner ends it at noon");
      await expect(event(page, "commented")).toHaveCount(0);
      await page.getByRole("button", { name: "Comment", exact: true }).click();
      await expect(event(page, "commented")).toContainText("Its owner ends it at noon");
      await expect(box).toHaveValue("");
      await page.reload();
      await expect(event(page, "commented")).toHaveCount(1);
      await expect(box).toHaveValue("");

      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoOverflow(page);
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
        await expectAccessible(page);
      }

      // Related figures are led to at their panel, which is marked, at the top of a phone's window too.
      await page.locator("#value").getByRole("link", { name: "Connections" }).click();
      await expect(page).toHaveURL(/\/audit\/connections.*#transactions$/);
      const sought = page.locator("[data-sought]");
      await expect(sought).toHaveCount(1);
      await expect(sought).toHaveAttribute("id", "transactions");
      await expect(sought).toBeFocused();
      await waitForFigures(page);
      await expect
        .poll(async () => Math.round((await sought.boundingBox())?.y ?? -1), { timeout: 40_000 })
        .toBe(56);
    } finally {
      await forgotten.end();
    }
  });
});

test("with the keyboard alone, as in a mail client: move, select, acknowledge several, snooze, close with a reason", async ({
  page,
  signIn,
  console,
}) => {
  await signIn("operator", "/foreign/alerts");
  await expect(rows(page).nth(3)).toBeVisible(soon);
  const count = (state: string) => page.getByRole("button", { name: new RegExp(`^${state} \\d+$`) });
  // More fire while a database is looked at for the first time.
  const expectOpen = () =>
    expect(async () => {
      const [open] = await console.sql<{ count: number }[]>`
        select count(*)::int as count from incident where target = 'foreign' and state = 'open'`;
      await expect(count("Open")).toHaveText(`Open${open?.count}`, { timeout: 500 });
    }).toPass(soon);
  await expectOpen();

  // While somebody types, keys are text.
  await page.keyboard.press("/");
  await page.keyboard.type("jxae");
  await expect(page.getByText("No incident matches")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(rows(page).nth(3)).toBeVisible();

  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("j");
  await expect(rows(page).first().getByRole("link")).toBeFocused();
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  const bar = page.getByRole("region", { name: "Actions for the selected incidents" });
  await expect(bar).toContainText("2 selected");
  await page.keyboard.press("a");
  await expect(bar).toHaveCount(0);
  await expect(count("Acknowledged")).toHaveText("Acknowledged2");
  await expectOpen();

  await page.keyboard.press("j");
  await page.keyboard.press("s");
  const snooze = page.getByRole("dialog", { name: /^Snooze #/ });
  await snooze.getByRole("button", { name: /^2 hours/ }).press("Enter");
  await snooze.getByRole("button", { name: "Snooze", exact: true }).press("Enter");
  await expect(snooze).toHaveCount(0);
  await expect(count("Snoozed")).toHaveText("Snoozed1");

  await page.keyboard.press("j");
  await page.keyboard.press("e");
  const close = page.getByRole("dialog", { name: /^Close #/ });
  await expect(close.getByRole("button", { name: "Close all the same" })).toBeDisabled();
  await close.getByLabel("Why is it closed all the same?").fill("Known, and rebuilt on Monday");
  await page.keyboard.press("Tab");
  await close.getByRole("button", { name: "Close all the same" }).press("Enter");
  await expect(close).toHaveCount(0);
  await expect(count("Closed")).toHaveText("Closed1");
  await count("Closed").click();
  await expect(page).toHaveURL(/state=closed/);
  await expect(rows(page)).toHaveCount(1);

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help.getByRole("heading", { name: "Alerts" })).toBeVisible();
  await help.getByRole("switch", { name: "Single keys are shortcuts" }).click();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await page.keyboard.press("?");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(help).toHaveCount(0);
  await expect(page).toHaveURL(/\/foreign\/alerts/);
});
