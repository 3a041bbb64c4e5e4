import { connect } from "../audit-db/connect.ts";
import { workOnTable } from "../audit-db/structural/work-on-table.ts";

/* A process that works on audit_log until it is killed: node work-on-table-forever.ts WATCH_URL MAINTENANCE_URL */
const [watch = "", maintenance = ""] = process.argv.slice(2);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const audit = connect({ target: "audit", urls: { watch, maintenance }, logger: quiet });
const table = { schema: "public", name: "audit_log" };
const work = { table, name: "test.forever", statementTimeoutMs: 0, lockTimeoutMs: 0 };
await workOnTable(audit, work, async ({ sql }) => {
  process.stdout.write("here\n");
  await sql`select pg_sleep(600)`;
});
