import { setTimeout as sleep } from "node:timers/promises";
import { consoleDb } from "../db/console-db.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { createPackageJob } from "../requests/package/package-job.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/** A worker of its own that makes packages, slowly, until it is killed: `node package-until-killed.ts CONSOLE_URL`. */
const [url = ""] = process.argv.slice(2);
const job = createPackageJob({ pageRows: 3, reached: async () => sleep(2_000) });
startTestJobs({ console: consoleDb(), url }, [job], openConfiguredTarget, {
  holder: `test:${process.pid}:0`,
});
