import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { systemActor } from "../auth/actor.ts";
import { replaceEnv } from "../env.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createConsole } from "../testing/people.ts";
import { startTestJobs } from "../testing/run-job.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { getIdleInTransaction } from "./get-idle-in-transaction.ts";
import { tryIdle } from "./try-idle.ts";
import { triedName, tryIdleJob } from "./try-idle-job.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let given: Awaited<ReturnType<typeof createConsole>>;
let database: TestDatabase;
let audit: AuditDb;
const auditTargets = ["audit", "other"];

beforeAll(async () => {
  [given, database] = await Promise.all([createConsole(), createDatabase({ template: "audit" })]);
  audit = connect({ target: "audit", urls: { watch: await database.login(["pg_monitor"]) }, logger: silent });
  const watch = await database.login(["pg_monitor", "audit_reader"]);
  replaceEnv({
    CONSOLE_DATABASE_URL: given.test.url,
    AUDIT_DATABASES: JSON.stringify(
      Object.fromEntries(auditTargets.map((name) => [name, { database_url: watch }])),
    ),
    DEMO_TARGET: "audit",
    NEXTAUTH_SECRET: "a".repeat(64),
    LOG_LEVEL: "silent",
  });
});
afterAll(async () => {
  await audit?.close();
  await Promise.all([given?.drop(), database?.drop()]);
});

test("a forgotten transaction stands on the demo until the work ends, seen as an application's", async () => {
  await given.console.db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, tryIdleJob, { target: "audit" }),
  );
  const working = startTestJobs(given, { jobs: [tryIdleJob], targets: { audit } });
  const idle = async () => {
    await audit.dropAnswers({ tags: ["*"] });
    const { data } = await getIdleInTransaction(audit, { hideOwn: true, limit: 10 });
    return data.map(({ application, state }) => [application, state]);
  };
  try {
    await expect.poll(idle, { timeout: 20_000 }).toEqual([[triedName, "idle in transaction"]]);
  } finally {
    await working.stop();
  }
  await expect.poll(idle, { timeout: 30_000 }).toEqual([]);
});

test("any other target is refused", async () => {
  const refused = await runAdminAction(
    tryIdle,
    { console: given.console, actor: systemActor("test"), auditTargets, openTarget: () => audit },
    { target: "other" },
  );
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "UNSUPPORTED", message: "other is not the demo: nothing is left idle there on purpose." },
  });
});
