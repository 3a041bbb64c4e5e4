import { connect } from "../audit-db/connect.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { startJobs } from "../jobs/start-jobs.ts";
import { createLogger } from "../log/log.ts";
import { lockJob, probeJob, stepsJob, transactionJob } from "./frozen-jobs.ts";

/** A worker that does nothing but the tests' jobs, to be killed and frozen. Ends on SIGTERM. */
const { CONSOLE_DATABASE_URL: url = "", TARGET_URL: targetUrl = "", LOG_LEVEL = "error" } = process.env;
const logger = createLogger({ level: LOG_LEVEL, name: "work-jobs" });
const console = openConsoleDb(url, { max: 8 });
const pools = { maintenance: { max: 4 } };
const audit = connect({ target: "audit", urls: { watch: targetUrl, maintenance: targetUrl }, pools, logger });
const jobs = startJobs({
  console,
  url,
  jobs: [stepsJob, lockJob, transactionJob, probeJob],
  schedules: [],
  openTarget: (name) => (name === "audit" ? audit : undefined),
  logger,
  holder: `test:${process.pid}:${Date.now()}`,
});
// Loading the program is no part of how soon a worker takes over.
process.send?.("started");
process.on("SIGTERM", async () => {
  await jobs.stop();
  await Promise.all([audit.close(), console.close()]);
  process.exit(0);
});
process.once("disconnect", () => process.exit(0));
