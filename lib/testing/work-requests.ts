import { writeHeapSnapshot } from "node:v8";
import { openEngines } from "../audit-db/registry.ts";
import { consoleDb } from "../db/console-db.ts";
import { confirmForgetting } from "../engines/forgotten-answers.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { requestsJobs } from "../requests/jobs.ts";
import { startTestJobs } from "./start-test-jobs.ts";

/**
 * A worker of its own that does the jobs of requests, until it is killed: `node work-requests.ts CONSOLE_URL`. Sent a file's
 * name, it writes its heap there.
 */
const [url = ""] = process.argv.slice(2);
startTestJobs({ console: consoleDb(), url }, requestsJobs, openConfiguredTarget, {
  holder: `test:${process.pid}:${Date.now()}`,
});
confirmForgetting({ url, sql: consoleDb().sql }, openEngines, { kind: "worker", onError() {} });
process.on("message", (file: string) => {
  writeHeapSnapshot(file);
  process.send?.("written");
});
process.once("disconnect", () => process.exit(0));
process.send?.("started");
