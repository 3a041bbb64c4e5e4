import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createUser } from "../accounts/create-user.ts";
import { setUserRole } from "../accounts/set-user-role.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { personToken } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { pruneConsole } from "../jobs/prune-console.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addActor, createConsole } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { deliverOutbox } from "./deliver-outbox.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let given: Awaited<ReturnType<typeof createConsole>>;
let audit: TestDatabase;
let plain: TestDatabase;
let admin: Actor;
const engines: AuditDb[] = [];

function engine(target: string, watch: string, write?: string): AuditDb {
  const made = connect({ target, urls: { watch, ...(write && { write }) }, logger: quiet });
  engines.push(made);
  return made;
}

beforeAll(async () => {
  [given, audit, plain] = await Promise.all([
    createConsole(),
    createDatabase({ template: "audit" }),
    createDatabase({ template: "empty" }),
  ]);
  admin = await addActor(given.console, "admin");
});
afterAll(async () => {
  await Promise.all(engines.map((one) => one.close()));
  await Promise.all([given.drop(), audit.drop(), plain.drop()]);
});
beforeEach(() => given.test.sql`delete from outbox`);

const act = (auditTargets: string[], role = "viewer") =>
  runAdminAction(
    createUser,
    { console: given.console, actor: admin, auditTargets },
    { email: `${uuidV7()}@example.test`, name: "Somebody", role },
  );
const deliver = (targets: Record<string, AuditDb>, now?: Date) =>
  deliverOutbox({ console: given.console, openTarget: (name) => targets[name], ...(now && { now }) });
const outbox = () => given.test.sql`select * from outbox order by id`;

test("a verb becomes an audit event under its activity row's id, through the writer's role, once", async () => {
  const target = engine("audit", await audit.login(["pg_monitor"]), await audit.login(["audit_writer"]));
  const made = await act(["audit"], "operator");
  if (!made.ok) throw new Error(made.error.message);
  await runAdminAction(
    setUserRole,
    { console: given.console, actor: admin, auditTargets: ["audit"] },
    { userId: made.data.id, role: "viewer" },
  );
  expect(await deliver({ audit: target })).toEqual({ delivered: 2, notApplicable: 0, failed: 0 });

  const events = await audit.sql`select * from audit_log where organization_id = 'console' order by id`;
  const rows = await given.test.sql`select id from activity where action like 'user.%' order by id`;
  expect(events.map((event) => event.id)).toEqual(rows.map((row) => row.id));
  expect(events[1]).toMatchObject({
    action: "console.user.set_role",
    status: "success",
    actor_token: personToken(admin.id),
    target_type: "console_user",
    target_id: personToken(made.data.id),
    details: { from: "operator", to: "viewer" },
  });
  expect(JSON.stringify(events)).not.toMatch(/@|Somebody/);

  // As if the answer of the first delivery had been lost.
  await given.test.sql`update outbox set state = 'pending'`;
  expect(await deliver({ audit: target })).toMatchObject({ delivered: 2 });
  const [again] =
    await audit.sql`select count(*)::int as count from audit_log where organization_id = 'console'`;
  expect(again?.count).toBe(2);
});

test("an event under whose id another stands is not called delivered", async () => {
  const target = engine("taken", audit.url, audit.url);
  await act(["taken"]);
  await deliver({ taken: target });
  await given.test.sql`
    update outbox set state = 'pending', payload = jsonb_set(payload, '{action}', '"console.other"')`;
  expect(await deliver({ taken: target })).toEqual({ delivered: 0, notApplicable: 1, failed: 0 });
  const [row] = await outbox();
  expect(row).toMatchObject({ state: "not_applicable", last_error: expect.stringContaining("under its id") });
});

test("without a writer, without our schema or without the target it is recorded as not applicable", async () => {
  const noWriter = engine("no-writer", audit.url);
  const foreign = engine("foreign", plain.url, plain.url);
  await act(["no-writer", "foreign", "gone"]);
  expect(await deliver({ "no-writer": noWriter, foreign })).toEqual({
    delivered: 0,
    notApplicable: 3,
    failed: 0,
  });
  const reasons = Object.fromEntries((await outbox()).map((row) => [row.target, row.last_error]));
  expect(reasons).toEqual({
    "no-writer": "The target has no writer connection.",
    foreign: "The target has no audit schema of ours.",
    gone: "This target is not configured any more.",
  });
  expect((await outbox()).every((row) => row.state === "not_applicable" && row.settled_at)).toBe(true);
});

test("an outage is waited out with growing pauses and holds up no other target", async () => {
  const dead = new URL(audit.url);
  dead.port = "1";
  const down = engine("down", dead.href, dead.href);
  const up = engine("up", audit.url, audit.url);
  await act(["down", "up"]);
  const start = new Date(Date.now() + 1_000);
  expect(await deliver({ down, up }, start)).toEqual({ delivered: 1, notApplicable: 0, failed: 1 });
  const pending = async () => (await outbox()).find((row) => row.target === "down");
  const pauses: number[] = [];
  let now = start;
  for (let i = 0; i < 9; i += 1) {
    const row = await pending();
    expect(row).toMatchObject({ state: "pending", attempts: i + 1, last_error: expect.any(String) });
    expect(row?.last_error).not.toContain("test@");
    pauses.push((row?.next_attempt_at.getTime() - now.getTime()) / 1_000);
    expect(await deliver({ down, up }, new Date(row?.next_attempt_at.getTime() - 1))).toMatchObject({
      failed: 0,
    });
    now = row?.next_attempt_at;
    await deliver({ down, up }, now);
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600]);
  expect(await deliver({ down: up }, new Date(now.getTime() + 600_000))).toMatchObject({ delivered: 1 });
});

test("an event the log can never take does not hold up those behind it", async () => {
  const target = engine("poison", audit.url, audit.url);
  await act(["poison"]);
  await given.test.sql`update outbox set payload = payload || '{"action": ""}'`;
  await act(["poison"]);
  expect(await deliver({ poison: target })).toEqual({ delivered: 1, notApplicable: 1, failed: 0 });
  expect((await outbox())[0]?.last_error).toMatch(/refuses it/);
});

test("pruning drops what is settled, ended and forgotten, and nothing else", async () => {
  await act(["old"]);
  await act(["waiting"]);
  await deliver({}, new Date());
  await given.test.sql`update outbox set state = 'pending' where target = 'waiting'`;
  const [{ activities } = { activities: 0 }] = await given.test
    .sql`select count(*)::int as activities from activity`;
  await given.console.db.insert(schema.signInGuesses).values({ key: "k", points: 2, expire: new Date() });
  await pruneConsole(given.console);
  expect(await outbox()).toHaveLength(2);
  await pruneConsole(given.console, new Date(Date.now() + 40 * 86_400_000));
  expect((await outbox()).map((row) => row.target)).toEqual(["waiting"]);
  const [left] = await given.test.sql`
    select (select count(*)::int from sign_in_guesses) as throttled, (select count(*)::int from sessions) as sessions,
      (select count(*)::int from activity) as activities`;
  expect(left).toEqual({ throttled: 0, sessions: 0, activities });
});
