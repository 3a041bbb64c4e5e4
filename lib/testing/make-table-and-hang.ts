import { connect } from "../audit-db/connect.ts";
import { systemActor } from "../auth/actor.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { makeTableVerb } from "./make-table-verb.ts";

/*
 * A process that does a verb with an effect and hangs at one of the two points where a death matters:
 * node make-table-and-hang.ts CONSOLE_URL WATCH_URL MAINTENANCE_URL NAME before|after
 */
const [consoleUrl = "", watch = "", maintenance = "", name = "", hangAt = ""] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const audit = connect({ target: "audit", urls: { watch, maintenance }, logger: quiet });
const verb = makeTableVerb(async (at) => {
  if (at !== hangAt) return;
  process.stdout.write("here\n");
  await new Promise(() => setInterval(() => {}, 60_000));
});
const result = await runAdminAction(
  verb,
  {
    console: openConsoleDb(consoleUrl),
    actor: systemActor("child"),
    auditTargets: ["audit", "other"],
    openTarget: () => audit,
  },
  { target: "audit", name },
);
throw new Error(`it was not to come this far: ${JSON.stringify(result)}`);
