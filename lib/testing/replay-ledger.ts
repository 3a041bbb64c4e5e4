import { connect } from "../audit-db/connect.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { startJobs } from "../jobs/start-jobs.ts";
import { createReplayJob } from "../privacy/ledger/replay-job.ts";

/**
 * A worker of its own that replays the ledger, to be killed in the middle: `node replay-ledger.ts CONSOLE_URL URLS`, URLS
 * being those of the target `audit` by purpose, as JSON.
 */
const [url = "", urls = ""] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const audit = connect({ target: "audit", urls: JSON.parse(urls), logger: quiet });
startJobs({
  console: openConsoleDb(url, { max: 4 }),
  url,
  jobs: [createReplayJob(0)],
  schedules: [],
  openTarget: () => audit,
  logger: quiet,
  holder: `replay:${process.pid}:0`,
});
