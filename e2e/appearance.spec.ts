import type { BrowserContext, Page } from "@playwright/test";
import { openSession } from "./support/open-session.ts";
import {
  seriousViolations,
  sidewaysOverflow,
  waitForFigures,
  watchLayoutShift,
} from "./support/page-checks.ts";
import { people } from "./support/people.ts";
import { seedPrivacy } from "./support/seed-privacy.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

// Whole pages at two sizes and in two themes, or one after another: minutes where the machine is busy.
test.describe.configure({ timeout: 180_000 });

/** Each window is looked at in both themes; which comes first differs, as does what is drawn on the server. */
const windows = [
  { name: "desk", viewport: { width: 1440, height: 900 }, themes: ["light", "dark"] },
  { name: "phone", viewport: { width: 390, height: 844 }, themes: ["dark", "light"] },
] as const;

/** Two refreshes at 2 s, in which nothing may move. */
const watchedMs = 4_500;
/** While figures arrive: what browsers call good; more where the page begins with findings, of which there may be many, in more lines near a month's end. */
const mostWhileLoading = 0.1;
const mostBelowFindings = 0.3;
const mostAfterwards = 0.02;

type Address = string | ((page: Page) => Promise<string>);
const pages: [name: string, address: Address, mostShift?: number][] = [
  ["Connections", "/audit/connections"],
  ["Caches", "/audit/caches?contents=caches"],
  ["Partitions", "/audit/partitions"],
  ["Events", "/audit/events"],
  ["Replication", "/audit/replication"],
  ["Maintenance", "/audit/maintenance"],
  ["Privacy", "/audit/privacy"],
  ["Requests", "/audit/privacy/requests"],
  ["Requests by calendar", "/audit/privacy/requests?view=calendar"],
  ["Requests as a list", "/audit/privacy/requests?view=list"],
  ["Jobs", "/audit/jobs"],
  ["Schedules", "/audit/jobs?view=schedules"],
  ["Duties", "/audit/jobs?view=duties"],
  ["Partitions of a stranger's database", "/foreign/partitions", mostBelowFindings],
  ["Targets", "/settings/targets"],
  ["Checks", "/settings/checks"],
  ["Users", "/settings/users"],
  ["Tokens", "/settings/tokens"],
  ["Sessions", "/settings/sessions"],
  ["Approvals", "/settings/approvals"],
  ["What requests rest on", "/settings/requests"],
  ["Keys", "/settings/keys"],
  ["Activity", "/settings/activity"],
  // Once what the checks find has stood for minutes: each finding that comes adds a line.
  ["Overview", "/audit/overview"],
  ["Alerts", "/foreign/alerts"],
  // Last: statements are there from the collector's second sample of a minute on.
  ["Queries", "/audit/queries"],
  ["A statement", statementAddress],
];

/** The page of the statement that costs most. */
async function statementAddress(page: Page): Promise<string> {
  const costliest = async () => {
    const answer = await page.request.get("/api/v1/targets/audit/queries?limit=1");
    const { data } = (await answer.json()) as { data: { queries: { key: string }[] } };
    return data.queries[0]?.key ?? "";
  };
  await expect.poll(costliest, { timeout: 130_000 }).not.toBe("");
  return `/audit/queries/${encodeURIComponent(await costliest())}`;
}

/** The administrator's session, opened once for all pages. */
let storageState: Awaited<ReturnType<BrowserContext["storageState"]>>;
test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ baseURL: world().address });
  await openSession(context, people.admin);
  storageState = await context.storageState();
  await seedPrivacy(await context.newPage());
  await context.close();
});

for (const [name, address, mostShift = mostWhileLoading] of pages) {
  test(`${name}: in both themes, at a desk and on a phone, nothing jumps or sticks out, and axe is content`, async ({
    newPage,
  }) => {
    const path = typeof address === "string" ? address : await address(await newPage({ storageState }));
    await Promise.all(
      windows.map(async ({ name: window, viewport, themes }) => {
        const page = await newPage({ colorScheme: themes[0], viewport, storageState });
        const shifts = await watchLayoutShift(page);
        await page.goto(`${path}${path.includes("?") ? "&" : "?"}refresh=2s`);
        await waitForFigures(page);
        const watchedFrom = Date.now();
        const loading = await shifts();
        for (const theme of themes) {
          await page.emulateMedia({ colorScheme: theme });
          await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
          // A theme changes colours and nothing else.
          const rules = theme === themes[0] ? undefined : ["color-contrast"];
          const found = { overflow: await sidewaysOverflow(page), axe: await seriousViolations(page, rules) };
          expect([window, theme, found]).toEqual([
            window,
            theme,
            { overflow: { pixels: 0, culprits: [] }, axe: [] },
          ]);
        }
        await expect.poll(() => Date.now() - watchedFrom, { timeout: 30_000 }).toBeGreaterThan(watchedMs);
        const { sum, worst } = await shifts();
        expect(loading.sum, `${window}: shift while loading\n${loading.worst}`).toBeLessThan(mostShift);
        expect(sum - loading.sum, `${window}: shift afterwards\n${worst}`).toBeLessThan(mostAfterwards);
      }),
    );
  });
}

/** Whether the page is drawn dark, by what its background really is. */
function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d");
    if (!canvas) throw new Error("no canvas");
    canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return red + green + blue < 3 * 128;
  });
}

test("the theme follows the system until somebody chooses, and the choice survives a reload", async ({
  page,
  signIn,
}) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn("viewer", "/audit/overview");
  await waitForFigures(page);
  expect(await isDark(page)).toBe(false);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => isDark(page)).toBe(true);
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => isDark(page)).toBe(false);
  await page.getByRole("button", { name: /account of/ }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(() => isDark(page)).toBe(true);
  await page.reload();
  expect(await isDark(page)).toBe(true);
});

test("with reduced motion nothing moves by itself", async ({ page, signIn }) => {
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => {
          const duration = effect?.getComputedTiming().duration ?? 0;
          return playState === "running" && Number(duration) > 1;
        })
        .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : "transition")),
    );
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await signIn("viewer", "/audit/connections?refresh=60s");
  await waitForFigures(page);
  expect(await moving()).not.toEqual([]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.reload();
  await waitForFigures(page);
  expect(await moving()).toEqual([]);
});
