import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createLogger } from "../log/log.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createConsole } from "../testing/people.ts";
import { runJob } from "../testing/run-job.ts";
import { purgeIdempotencyJob } from "./jobs.ts";

const logger = createLogger({ level: "error", name: "test" });
let given: Awaited<ReturnType<typeof createConsole>>;
let database: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  [given, database] = await Promise.all([createConsole(), createDatabase({ template: "audit" })]);
  const [watch, write, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_writer"]),
    await database.login(["audit_maintainer"]),
  ];
  audit = connect({ target: "audit", urls: { watch, write, maintenance }, logger });
});
afterAll(async () => {
  await audit.close();
  await Promise.all([given.drop(), database.drop()]);
});

test("an expired answer goes, a younger one stays, and the events stay in any case", async () => {
  const event = { organizationId: "org-1", action: "record.viewed", status: "success" } as const;
  for (const idempotencyKey of ["old", "young"])
    await audit.append([event], { idempotencyKey, idempotencyScope: "test" });
  await database.sql`
    update audit_idempotency set created_at = now() - interval '7 days 1 minute' where key = 'old'`;
  const run = () => runJob(given, purgeIdempotencyJob, { target: "audit" }, { audit });
  expect(await run()).toMatchObject({ state: "done", result: { purged: 1 } });
  expect(await database.sql`select key from audit_idempotency`).toEqual([{ key: "young" }]);
  expect(await database.sql`select count(*)::int as n from audit_log`).toEqual([{ n: 2 }]);
  expect(await run()).toMatchObject({ state: "done", result: { purged: 0 } });
});

test("a database without our tables has nothing to forget", async () => {
  const empty = await createDatabase({ template: "empty" });
  const plain = connect({ target: "plain", urls: { watch: empty.url, maintenance: empty.url }, logger });
  try {
    const run = runJob(given, purgeIdempotencyJob, { target: "plain" }, { plain });
    expect(await run).toMatchObject({ state: "done", result: { purged: 0 } });
  } finally {
    await plain.close();
    await empty.drop();
  }
});
