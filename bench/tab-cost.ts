import type { Browser, CDPSession } from "@playwright/test";
import setup from "../e2e/support/setup.ts";
import { enterWorld, world } from "../e2e/support/world.ts";
import { openBrowser, openSignedIn } from "./support/browser.ts";
import { median, report, step } from "./support/report.ts";

/**
 * CPU of the tab's own process while somebody leaves the Overview open on a second screen, refreshing every 5 s, ÷ the
 * time it stands there. Headless Chromium paints in software, so what a page paints anew is counted with it.
 */
const windowSeconds = 60;
const rounds = 5;
const page = "/audit/overview?range=15m&refresh=5s";

const teardown = await setup();
await enterWorld("worker 0");
try {
  const browser = await openBrowser();
  const tab = await openSignedIn(browser, world());
  await tab.setViewportSize({ width: 1440, height: 900 });
  await tab.goto(page);
  await tab.getByRole("list", { name: "Key figures" }).waitFor();
  // Charts and their library are loaded, the first answers drawn.
  await tab.waitForTimeout(15_000);
  const cpu = await cpuOf(browser);
  const refreshing: number[] = [];
  const still: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    refreshing.push(await during(windowSeconds, cpu));
    await tab.goto(page.replace("5s", "off"));
    await tab.waitForTimeout(5_000);
    still.push(await during(windowSeconds / 4, cpu));
    await tab.goto(page);
    await tab.waitForTimeout(5_000);
    step(
      `round ${round}: ${refreshing.at(-1)?.toFixed(3)} of a core at 5 s, ${still.at(-1)?.toFixed(3)} with refresh off`,
    );
  }
  await browser.close();
  report({
    name: "tab-cost",
    ratio: median(refreshing),
    aim: "<= 0.05",
    ours: `${(median(refreshing) * windowSeconds).toFixed(2)} s of the tab's CPU in ${windowSeconds} s at a refresh of 5 s`,
    other: `${(median(still) * windowSeconds).toFixed(2)} s with refresh off`,
  });
} finally {
  await teardown();
}

/** Seconds of CPU that all tabs' processes have used so far: a navigation may move the page to another. */
async function cpuOf(browser: Browser): Promise<() => Promise<number>> {
  const session: CDPSession = await browser.newBrowserCDPSession();
  return async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo
      .filter(({ type }) => type === "renderer")
      .reduce((all, { cpuTime }) => all + cpuTime, 0);
  };
}

/** Share of a core used within so many seconds. */
async function during(seconds: number, cpu: () => Promise<number>): Promise<number> {
  const [before, began] = [await cpu(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return ((await cpu()) - before) / ((performance.now() - began) / 1_000);
}
