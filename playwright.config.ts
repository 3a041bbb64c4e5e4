import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** They count what moves while figures arrive, which is more where the cores are busy: one after another, at the end. */
const steady = ["**/appearance.spec.ts", "**/replication.spec.ts"];
/** They wait for jobs, samples, checks and servers more than they work, about as long as the steady ones take. */
const waiting = ["requests", "queries", "jobs", "outage", "channels"].map((name) => `**/${name}.spec.ts`);

/** Without a window of its own a page costs the browser half as much to open. */
const windowless = "/usr/bin/chromium-headless-shell";
const browser = existsSync(windowless) ? windowless : "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  globalSetup: "./e2e/support/setup.ts",
  fullyParallel: false,
  // In this order; a project begins where a worker has nothing left of the one before.
  projects: [
    { name: "doors and pages", testIgnore: [...steady, ...waiting, "**/fuzz.spec.ts"] },
    { name: "steady", testMatch: steady, workers: 1 },
    // Beside the steady ones, in the other worker.
    { name: "waiting", testMatch: waiting },
    // Last: what it leaves in the log and the activity would stand among other specs' figures.
    { name: "fuzz", testMatch: "**/fuzz.spec.ts" },
  ],
  // A worker has a world of its own, whose servers some specs stop; one that is kept between runs serves one worker.
  workers: process.env.E2E_WORLD ? 1 : 2,
  // States are waited for, and a busy machine takes its time: what is promised in seconds says so itself.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    // Recording takes a tenth of the time and is thrown away where all goes well.
    trace: process.env.E2E_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? browser,
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
