import { consoleDb } from "../db/console-db.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { testRequestJobs } from "./request-jobs.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/** A worker of its own that carries requests out, until it is killed: `node carry-out-until-killed.ts CONSOLE_URL`. */
const [url = ""] = process.argv.slice(2);
startTestJobs({ console: consoleDb(), url }, testRequestJobs, openConfiguredTarget, {
  holder: `test:${process.pid}:0`,
});
process.send?.("started");
