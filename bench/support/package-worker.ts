import { consoleDb } from "../../lib/db/console-db.ts";
import { openConfiguredTarget } from "../../lib/engines/open-target.ts";
import { createPackageJob } from "../../lib/requests/package/package-job.ts";
import { startTestJobs } from "../../lib/testing/start-test-jobs.ts";
import { step } from "./report.ts";

/** A worker of its own that makes packages and tells what each part of that took: `node package-worker.ts CONSOLE_URL`. */
const [url = ""] = process.argv.slice(2);
let [before, cpu] = [performance.now(), process.cpuUsage()];
let [told, most] = [0, 0];
const job = createPackageJob({
  async reached(place) {
    const rss = process.memoryUsage.rss();
    most = Math.max(most, rss);
    const page = /^page of (\d+)$/.exec(place);
    if (page) {
      const events = Number(page[1]);
      if (events < told) told = 0;
      if (events - told < 100_000) return;
      told = events;
      step(`  ${events} rows: ${Math.round(rss / 1e6)} MB RSS, ${Math.round(most / 1e6)} at most so far`);
      return;
    }
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - before) / 1_000;
    step(
      `  ${place}: ${seconds.toFixed(1)} s, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU, ${Math.round(rss / 1e6)} MB RSS`,
    );
    [before, cpu] = [performance.now(), process.cpuUsage()];
  },
});
startTestJobs({ console: consoleDb(), url }, [job], openConfiguredTarget, {
  holder: `bench:${process.pid}:0`,
});
// A profile of it is written at its exit.
process.once("SIGTERM", () => process.exit(0));
