import { consoleDb } from "../../lib/db/console-db.ts";
import { openConfiguredTarget } from "../../lib/engines/open-target.ts";
import { createPackageJob } from "../../lib/requests/package/package-job.ts";
import { startTestJobs } from "../../lib/testing/start-test-jobs.ts";
import { step } from "./report.ts";

/** A worker of its own that makes packages and tells what each part of that took: `node package-worker.ts CONSOLE_URL`. */
const [url = ""] = process.argv.slice(2);
let [before, cpu] = [performance.now(), process.cpuUsage()];
const job = createPackageJob({
  async reached(place) {
    if (place.startsWith("page")) return;
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - before) / 1_000;
    step(`  ${place}: ${seconds.toFixed(1)} s, ${((used.user + used.system) / 1e6).toFixed(1)} s of CPU`);
    [before, cpu] = [performance.now(), process.cpuUsage()];
  },
});
startTestJobs({ console: consoleDb(), url }, [job], openConfiguredTarget, {
  holder: `bench:${process.pid}:0`,
});
// A profile of it is written at its exit.
process.once("SIGTERM", () => process.exit(0));
