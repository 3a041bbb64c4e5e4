import { afterAll, beforeAll, expect, test } from "vitest";
import { GET } from "@/app/api/v1/targets/[target]/events/route";
import { adminActions } from "@/lib/admin";
import { closeTargets } from "@/lib/audit-db/registry";
import { systemActor } from "@/lib/auth/actor";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { openConfiguredTarget } from "@/lib/engines/open-target";
import { replaceEnv } from "@/lib/env";
import { closeVault } from "@/lib/key-store/open-vault";
import { runRead } from "@/lib/run-read";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { addActor } from "@/lib/testing/people";
import { createTestVault, type TestVault } from "@/lib/testing/vault";
import { runAdminAction } from "@/lib/verbs/run-admin-action";

const hourMs = 3_600_000;
const now = Date.now();
let audit: TestDatabase;
let keys: TestVault;
let token = "";

beforeAll(async () => {
  [audit, keys] = await Promise.all([
    createDatabase({ template: "audit", since: now - hourMs }),
    createTestVault(),
  ]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_READER_URL: await audit.login(["audit_reader"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
  const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
  const made = await runAdminAction(adminActions.createToken, context, { name: "b", scopes: ["read"] });
  if (made.ok) token = made.data.secret;
  await openConfiguredTarget("audit").append([
    { occurredAt: new Date(now - hourMs / 2), organizationId: "o", action: "a.b", status: "success" },
  ]);
  // A process compares the log with the privacy ledger before its first read, and waits for whoever locks a partition.
  expect((await lastHour()).status).toBe(200);
});
afterAll(async () => {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await Promise.all([audit.drop(), keys.drop()]);
});

/** The events of the last hour as somebody else asks for them. */
function lastHour(): Promise<Response> {
  const query = `from=${new Date(now - hourMs).toISOString()}&to=${new Date(now).toISOString()}`;
  const request = new Request(`http://console/?${query}`, { headers: { authorization: `Bearer ${token}` } });
  return GET(request, { params: Promise.resolve({ target: "audit" }) });
}

const blocked = async () =>
  (
    await audit.sql<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%dashboard:events.search%'`
  )[0]?.n;

test("24 long searches of one viewer leave room for others, and each is answered or told to wait", async () => {
  const viewer = await addActor(consoleDb(), "viewer");
  // A year-long search meets this partition, one of the last hour does not.
  const [last] = await audit.sql<{ name: string }[]>`
    select relid::text as name from pg_partition_tree('audit_log') where isleaf order by relid::text desc limit 1`;
  const far = new Date(now + 300 * 24 * hourMs);
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = audit.sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${last?.name} in access exclusive mode`);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const long = Array.from({ length: 24 }, () =>
    runRead(viewer, {
      name: "searchEvents",
      target: "audit",
      input: { range: { from: new Date(now - hourMs), to: far }, text: "nothing like it" },
    }),
  );
  await expect.poll(blocked).toBe(2);
  const other = await lastHour();
  expect(other.status).toBe(200);
  expect((await other.json()).data.events).toHaveLength(1);
  expect(await blocked()).toBe(2);
  release.resolve();
  await holder;
  const answers = (await Promise.all(long)).map((answer) => (answer.ok ? "answered" : answer.error.code));
  expect(
    [...Map.groupBy(answers, (answer) => answer)].map(([answer, some]) => [answer, some.length]),
  ).toEqual([
    ["answered", 10],
    ["RATE_LIMITED", 14],
  ]);
});
