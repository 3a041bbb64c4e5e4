import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Counts layout shifts from the first paint on. To be called before the page is opened. */
export async function watchLayoutShift(page: Page): Promise<() => Promise<{ sum: number; worst: string }>> {
  await page.addInitScript(() => {
    const seen: { value: number; at: number; nodes: string[] }[] = [];
    Object.defineProperty(window, "layoutShifts", { value: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as LayoutShiftEntry[]) {
        if (entry.hadRecentInput) continue;
        const nodes = entry.sources.map(({ node }) => {
          const element = node instanceof Element ? node : node?.parentElement;
          const panel = element?.closest("section[id], [data-tile], [data-verdict]");
          return `${panel?.id || panel?.tagName || ""} ${element?.tagName}.${element?.className}`.slice(
            0,
            120,
          );
        });
        seen.push({ value: entry.value, at: Math.round(entry.startTime), nodes });
      }
    }).observe({ type: "layout-shift", buffered: true });
    interface LayoutShiftEntry extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    }
  });
  return async () => {
    const shifts = await page.evaluate(
      () =>
        (window as unknown as { layoutShifts: { value: number; at: number; nodes: string[] }[] })
          .layoutShifts,
    );
    const worst = shifts.toSorted((a, b) => b.value - a.value).slice(0, 3);
    return {
      sum: shifts.reduce((sum, shift) => sum + shift.value, 0),
      worst: worst
        .map(({ value, at, nodes }) => `${value.toFixed(3)} at ${at} ms: ${nodes.join("; ")}`)
        .join("\n"),
    };
  };
}

/** What axe calls serious or critical, as lines of rule and element; with `rules`, by these alone. */
export async function seriousViolations(page: Page, rules?: string[]): Promise<string[]> {
  // Pages have no frames, and what passes is not asked for: half the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** No serious or critical violation that axe can find on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await seriousViolations(page), "serious or critical accessibility violations").toEqual([]);
}

/** By how many pixels the page is wider than its window, and what sticks out. */
export async function sidewaysOverflow(page: Page): Promise<{ pixels: number; culprits: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const culprits =
      scrollWidth > clientWidth
        ? [...document.body.querySelectorAll("*")]
            .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
            .slice(0, 5)
            .map((element) => `${element.tagName}.${element.className}`.slice(0, 120))
        : [];
    return { pixels: scrollWidth - clientWidth, culprits };
  });
}

/** Nothing reaches past the right edge, once charts have taken the window's size: the page need not be moved sideways. */
export async function expectNoOverflow(page: Page): Promise<void> {
  await expect.poll(() => sidewaysOverflow(page), { timeout: 20_000 }).toEqual({ pixels: 0, culprits: [] });
}

/** Waits until no panel of the page is loading. */
export async function waitForFigures(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0, { timeout: 40_000 });
}
