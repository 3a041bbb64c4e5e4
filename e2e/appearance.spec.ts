import type { Page } from "@playwright/test";
import {
  seriousViolations,
  sidewaysOverflow,
  waitForFigures,
  watchLayoutShift,
} from "./support/page-checks.ts";
import { expect, test } from "./support/test.ts";

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const looks = [
  { name: "light at a desk", colorScheme: "light", viewport: desk },
  { name: "dark at a desk", colorScheme: "dark", viewport: desk },
  { name: "light on a phone", colorScheme: "light", viewport: phone },
  { name: "dark on a phone", colorScheme: "dark", viewport: phone },
] as const;

/** Three refreshes at 2 s, in which nothing may move. */
const watchedMs = 6_000;

const pages: [name: string, path: string][] = [
  ["Overview", "/audit/overview"],
  ["Connections", "/audit/connections"],
  ["Caches", "/audit/caches"],
  ["Partitions", "/audit/partitions"],
  ["Queries", "/audit/queries"],
  ["Overview of a stranger's database", "/foreign/overview"],
  ["Partitions of a stranger's database", "/foreign/partitions"],
  ["Queries of a stranger's database", "/foreign/queries"],
  ["Targets", "/settings/targets"],
  ["Users", "/settings/users"],
  ["Tokens", "/settings/tokens"],
  ["Sessions", "/settings/sessions"],
  ["Activity", "/settings/activity"],
];

for (const [name, path] of pages) {
  test(`${name}: both themes, desk and phone: no sideways scroll, nothing jumps, axe is content`, async ({
    page: first,
    signIn,
    newPage,
  }) => {
    await signIn("admin", "/sign-in");
    const storageState = await first.context().storageState();
    await first.goto("about:blank");
    await Promise.all(
      looks.map(async ({ name: look, colorScheme, viewport }) => {
        const page = await newPage({ colorScheme, viewport, storageState });
        const shifts = await watchLayoutShift(page);
        await page.goto(`${path}?refresh=2s`);
        await waitForFigures(page);
        const watchedFrom = Date.now();
        await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
        expect([look, await sidewaysOverflow(page)]).toEqual([look, { pixels: 0, culprits: [] }]);
        expect([look, await seriousViolations(page)]).toEqual([look, []]);
        await expect.poll(() => Date.now() - watchedFrom, { timeout: 30_000 }).toBeGreaterThan(watchedMs);
        const { sum, worst } = await shifts();
        expect(sum, `${look}: layout shift\n${worst}`).toBeLessThan(0.02);
      }),
    );
  });
}

/** Whether the page is drawn dark, by what its background really is. */
function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d");
    if (!canvas) throw new Error("no canvas");
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
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
