import { consoleDb } from "../db/console-db.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { createEraseJob } from "../privacy/erasure/erase-job.ts";
import { redactJob } from "../privacy/redaction/redact-job.ts";
import { testKeyTtlMs } from "./key-ttl.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/** A worker of its own that erases and redacts, until it is killed: `node erase-until-killed.ts CONSOLE_URL`. */
const [url = ""] = process.argv.slice(2);
startTestJobs(
  { console: consoleDb(), url },
  [createEraseJob({ keyTtlMs: testKeyTtlMs }), redactJob],
  openConfiguredTarget,
  {
    holder: `test:${process.pid}:0`,
  },
);
process.send?.("started");
