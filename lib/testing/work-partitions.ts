import { connect } from "../audit-db/connect.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { startJobs } from "../jobs/start-jobs.ts";
import { createLogger } from "../log/log.ts";
import { partitionsJobs } from "../partitions/jobs.ts";

/** A worker that changes partitions and does nothing else, to be killed in the middle. */
const {
  CONSOLE_DATABASE_URL: url = "",
  WATCH_URL: watch = "",
  MAINTENANCE_URL: maintenance = "",
} = process.env;
const logger = createLogger({ level: "error", name: "work-partitions" });
const console = openConsoleDb(url, { max: 8 });
const audit = connect({ target: "audit", urls: { watch, maintenance }, logger });
startJobs({
  console,
  url,
  jobs: partitionsJobs,
  schedules: [],
  openTarget: (name) => (name === "audit" ? audit : undefined),
  logger,
  holder: `test:${process.pid}:${Date.now()}`,
});
process.send?.("started");
process.once("disconnect", () => process.exit(0));
