import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { replaceEnv } from "../env.ts";
import { closeVault, openVault } from "../key-store/open-vault.ts";
import { markKey } from "../key-store/subject-keys.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addActor } from "../testing/people.ts";
import { createTestVault, type TestVault } from "../testing/vault.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { revealEvent } from "./reveal-event.ts";

const occurredAt = new Date().toISOString();
const id = uuidV7(Date.now());
let database: TestDatabase;
let keys: TestVault;

beforeAll(async () => {
  [database, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  replaceEnv({
    AUDIT_DATABASE_URL: await database.login(["pg_monitor", "audit_reader"]),
    AUDIT_WRITER_URL: await database.login(["audit_writer"]),
    AUDIT_MAINTENANCE_URL: await database.login(["audit_maintainer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
  });
  await openConfiguredTarget("audit").append([
    {
      id,
      occurredAt,
      organizationId: "o",
      action: "record.viewed",
      status: "success",
      actor: { id: "u-1", name: "Ada Example", ip: "192.0.2.1" },
      targetPerson: { id: "u-2", name: "Bo Example" },
    },
  ]);
});
afterAll(async () => {
  await closeTargets();
  await closeVault();
  await closeConsoleDb();
  await Promise.all([database.drop(), keys.drop()]);
});

async function reveal(role: Role, input: object = {}) {
  const context = { console: consoleDb(), actor: await addActor(consoleDb(), role), auditTargets: ["audit"] };
  return runAdminAction(revealEvent, context, {
    target: "audit",
    id,
    occurredAt,
    reason: " asked by\tthe person\u202e ",
    ...input,
  });
}
const activity = () => keys.console.sql`
  select a.outcome, a.detail::text as detail, a.object_id as object, o.payload::text as payload
  from activity a left join outbox o using (id) where action = 'event.reveal' order by a.id`;

test("a privacy officer sees the people, and that is on record without what was seen", async () => {
  const before = (await activity()).length;
  const result = await reveal("privacy_officer");
  expect(result).toMatchObject({
    ok: true,
    data: {
      actor: { state: "readable", person: { id: "u-1", name: "Ada Example", ip: "192.0.2.1" } },
      target: { state: "readable", person: { id: "u-2", name: "Bo Example" } },
    },
  });
  const entry = (await activity())[before];
  expect(entry).toMatchObject({ outcome: "success", object: id });
  expect(entry?.detail).toContain("asked by the person");
  expect(entry?.payload).not.toContain("asked by");
  for (const secret of ["Ada", "Bo Example", "192.0.2.1", "u-1"])
    expect(`${entry?.detail} ${entry?.payload}`).not.toContain(secret);
});

test.each(["viewer", "operator"] as const)("a %s is refused, and the refusal is on record", async (role) => {
  const before = (await activity()).length;
  expect(await reveal(role)).toMatchObject({ ok: false, error: { code: "FORBIDDEN" } });
  expect((await activity())[before]).toMatchObject({ outcome: "refused" });
});

test("without a reason, or for an event that is not there, nothing is shown", async () => {
  for (const reason of [" ", "aaaaa", "asdf asdf"])
    expect(await reveal("admin", { reason }), reason).toMatchObject({
      ok: false,
      error: { code: "BAD_INPUT", fields: { reason: expect.stringContaining("Ticket AUD-1234") } },
    });
  expect(await reveal("admin", { id: uuidV7(Date.now()) })).toMatchObject({
    ok: false,
    error: { code: "NOT_FOUND" },
  });
});

test("who was erased is erased, and the other person stands", async () => {
  const [[token] = []] = (await openVault()?.tokensOf(["u-1"], "audit")) ?? [];
  await keys.console.sql.begin((tx) => markKey(tx as unknown as Sql, token ?? ""));
  expect(await reveal("privacy_officer")).toMatchObject({
    ok: true,
    data: { actor: { state: "erased" }, target: { state: "readable" } },
  });
});
