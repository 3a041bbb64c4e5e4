import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { waitForLock } from "./make-trouble.ts";
import { demoPools } from "./workload.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
let database: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  database = await createDatabase({ template: "audit" });
  const [watch, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_maintainer"]),
  ];
  audit = connect({ target: "demo", urls: { watch, maintenance }, pools: demoPools, logger });
});
afterAll(async () => {
  await audit?.close();
  await database?.drop();
});

test("the demo's lock wait is seen while it lasts, and makes no statement slow", async () => {
  const trouble = waitForLock(audit, new AbortController().signal);
  await vi.waitFor(
    async () => {
      const waiting = await database.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(1);
    },
    { timeout: 30_000, interval: 50 },
  );
  // Of the two one fails, and is never there. Seen before the server, which all files share, throws it out for others.
  expect(await locking()).toEqual([{ calls: 1, slow: false }]);
  await trouble;
  expect((await locking()).filter(({ calls, slow }) => calls > 1 || slow)).toEqual([]);
  const open = await database.sql`
    select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect(open).toHaveLength(0);
});

/** The statements of both that are counted. */
const locking = () => database.sql<{ calls: number; slow: boolean }[]>`
  select calls::int, max_exec_time > 500 as slow from pg_stat_statements
  where dbid = (select oid from pg_database where datname = current_database())
    and query like '%retention_policy%for update%'`;
