import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { startPooler } from "../../testing/pgbouncer.ts";
import { connect } from "../connect.ts";
import type { EventInput } from "./event-schema.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const sessionSettings =
  "extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,default_transaction_read_only,plan_cache_mode";
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "audit" });
});
afterAll(() => database.drop());

const event = (more: Partial<EventInput> = {}): EventInput => ({
  organizationId: "org-1",
  action: "record.viewed",
  status: "success",
  ...more,
});

test("appends work through a pooler that gives each transaction another session", async () => {
  const pooler = await startPooler(database, await database.login(["audit_writer"]), {
    pool_mode: "transaction",
    default_pool_size: "2",
    ignore_startup_parameters: sessionSettings,
  });
  const audit = connect({
    target: "pooled",
    urls: { watch: await database.login(["pg_monitor"]), write: pooler.url },
    logger: silent,
  });
  try {
    const single = Array.from({ length: 200 }, async (_, at) => {
      await new Promise((resolve) => setTimeout(resolve, at % 40));
      return audit.append([event({ details: { at } })]);
    });
    const batches = Array.from({ length: 8 }, (_, batch) =>
      audit.append(Array.from({ length: 300 }, (_, at) => event({ details: { batch, at } }))),
    );
    const keyed = Array.from({ length: 8 }, (_, at) =>
      audit.append([event()], { idempotencyKey: `pooled-${at % 4}` }),
    );
    const [many, few] = await Promise.all([Promise.all([...single, ...batches]), Promise.all(keyed)]);
    const results = many.flat();
    expect(results.map(({ outcome }) => outcome)).toEqual(results.map(() => "stored"));
    expect(new Set(few.flat().map(({ id }) => id)).size).toBe(4);
    const [row] = await database.sql`select count(*)::int as n from audit_log`;
    expect(row?.n).toBe(200 + 8 * 300 + 4);
  } finally {
    await audit.close();
    await pooler.stop();
  }
});
