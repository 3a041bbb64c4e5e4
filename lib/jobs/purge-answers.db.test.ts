import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createLogger } from "../log/log.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { purgeAnswers } from "./purge-answers.ts";

const logger = createLogger({ level: "error", name: "test" });
let database: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  database = await createDatabase({ template: "audit" });
  const [watch, write, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_writer"]),
    await database.login(["audit_maintainer"]),
  ];
  audit = connect({ target: "audit", urls: { watch, write, maintenance }, logger });
});

afterAll(async () => {
  await audit.close();
  await database.drop();
});

test("an expired answer goes, a younger one stays, and the events stay in any case", async () => {
  const event = { organizationId: "org-1", action: "record.viewed", status: "success" } as const;
  for (const idempotencyKey of ["old", "young"])
    await audit.append([event], { idempotencyKey, idempotencyScope: "test" });
  await database.sql`
    update audit_idempotency set created_at = now() - interval '7 days 1 minute' where key = 'old'`;
  const stop = new AbortController();
  const purging = purgeAnswers(audit, logger, stop.signal);
  const keys = async () => (await database.sql`select key from audit_idempotency`).map(({ key }) => key);
  await expect.poll(keys, { timeout: 10_000 }).toEqual(["young"]);
  stop.abort();
  await purging;
  expect(await database.sql`select count(*)::int as n from audit_log`).toEqual([{ n: 2 }]);
});
