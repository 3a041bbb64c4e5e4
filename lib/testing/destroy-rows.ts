import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { connect } from "../audit-db/connect.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { destroyRow } from "./row-destroyed.ts";

/** What a destroyer is told: at most so many rows of a policy, until a hold stops it. */
export interface DestroyOrder {
  policy: string;
  rows: number;
  /** It dies without a word right after its first row. */
  dies?: true;
}

/** A process of its own that destroys on order and says when it is through: `node destroy-rows.ts CONSOLE_URL TARGET_URL`. */
const [consoleUrl = "", targetUrl = ""] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const console_ = openConsoleDb(consoleUrl, { max: 2 });
const audit = connect({ target: "audit", urls: { watch: targetUrl, read: targetUrl }, logger: silent });
const target = postgres(targetUrl, { max: 1, onnotice: () => {} });
const context = { console: console_, auditTargets: ["audit"], openTarget: () => audit, logger: silent };

process.on("message", async ({ policy, rows, dies }: DestroyOrder) => {
  for (let n = 0; n < rows; n++) {
    const passed = await destroyRow(
      context,
      target,
      { row: `${policy} ${process.pid} ${n}`, policy },
      async (at) => {
        if (dies && at === "after") process.kill(process.pid, "SIGKILL");
        await sleep(Math.random() * 6);
      },
    );
    if (!passed) break;
  }
  process.send?.("through");
});
process.on("disconnect", () => process.exit(0));
await target`select 1`;
process.send?.("ready");
