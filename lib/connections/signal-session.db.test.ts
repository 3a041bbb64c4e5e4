import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { startAdministration } from "../testing/administration.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addActor } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { cancelSession, terminateSession } from "./signal-session.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const reason = "Ticket AUD-12 holds vacuum back";
let administration: Awaited<ReturnType<typeof startAdministration>>;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  let powerless: AuditDb;
  let watchOnly: AuditDb;
  const clients: Sql[] = [];

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const watch = await database.login(["pg_monitor"]);
    const maintenance = await database.login(["pg_read_all_stats", "pg_signal_backend"]);
    audit = connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
    powerless = connect({
      target: "audit",
      urls: { watch, maintenance: await database.login(["pg_read_all_stats"]) },
      logger: silent,
    });
    watchOnly = connect({
      target: "audit",
      urls: { watch, maintenance: await database.login() },
      logger: silent,
    });
  });
  afterAll(async () => {
    await Promise.all([audit, powerless, watchOnly].map((engine) => engine?.close()));
    await Promise.all(clients.map((client) => client.end({ timeout: 0 })));
    await database?.drop();
  });

  /** A client's session that sits in a transaction. */
  async function sitIdle() {
    const client = postgres(await database.login(), { max: 1, onnotice: () => {} });
    clients.push(client);
    const held = await client.reserve();
    await held`begin`;
    const [self] = await held<{ pid: number; backendStart: Date }[]>`
      select pid, backend_start as "backendStart" from pg_stat_activity where pid = pg_backend_pid()`;
    if (!self) throw new Error("a session does not see itself");
    return { ...self, held };
  }
  const signal = (
    verb: typeof cancelSession | typeof terminateSession,
    { pid, backendStart }: { pid: number; backendStart: Date },
    { engine = audit, actor = administration.admin } = {},
  ) =>
    runAdminAction(
      verb,
      { console: administration.console, actor, auditTargets: ["audit"], openTarget: () => engine },
      { target: "audit", pid, backendStart, reason },
    );
  const isThere = async (pid: number) =>
    (await database.sql`select from pg_stat_activity where pid = ${pid}`).length > 0;

  test("ends the session that was seen, with the reason on record", async () => {
    const idle = await sitIdle();
    expect(await signal(terminateSession, idle)).toEqual({ ok: true, data: { pid: idle.pid, ended: true } });
    expect(await isThere(idle.pid)).toBe(false);
    expect(await administration.lastActivity("session.terminate")).toMatchObject({
      outcome: "success",
      target: "audit",
      object_id: String(idle.pid),
      detail: { reason },
    });
  });

  test("ends a running statement and leaves its session", async () => {
    const busy = await sitIdle();
    const sleeping = busy.held`select pg_sleep(60)`.catch((thrown: { code: string }) => thrown.code);
    const active = () =>
      database.sql`select from pg_stat_activity where pid = ${busy.pid} and wait_event = 'PgSleep'`;
    await expect.poll(async () => (await active()).length).toBe(1);
    expect(await signal(cancelSession, busy)).toEqual({ ok: true, data: { pid: busy.pid, ended: false } });
    expect(await sleeping).toBe("57014");
    expect(await isThere(busy.pid)).toBe(true);
  });

  test("a session with the same pid and another start is left alone", async () => {
    const idle = await sitIdle();
    const other = { pid: idle.pid, backendStart: new Date(idle.backendStart.getTime() - 1) };
    for (const verb of [cancelSession, terminateSession])
      expect(await signal(verb, other)).toMatchObject({
        ok: false,
        error: {
          code: "NOT_FOUND",
          message: `Session ${idle.pid} is not there any more: it ended meanwhile.`,
        },
      });
    expect(await isThere(idle.pid)).toBe(true);
    expect(await administration.lastActivity("session.terminate")).toMatchObject({ outcome: "failed" });
  });

  test("the console's own sessions and the server's processes are left alone", async () => {
    const own = await audit.use("maintenance", "test.self", async (sql) => {
      const [self] = await sql<{ pid: number; backendStart: Date }[]>`
        select pid, backend_start as "backendStart" from pg_stat_activity where pid = pg_backend_pid()`;
      return self as { pid: number; backendStart: Date };
    });
    expect(await signal(terminateSession, own)).toMatchObject({ error: { code: "CONFLICT" } });
    const [writer] = await database.sql<{ pid: number; backendStart: Date }[]>`
      select pid, backend_start as "backendStart" from pg_stat_activity where backend_type = 'walwriter'`;
    expect(await signal(terminateSession, writer as never)).toMatchObject({
      error: { code: "UNSUPPORTED", message: expect.stringContaining("a process of the server's own") },
    });
  });

  test("without the grants it says which, and nothing happens", async () => {
    const idle = await sitIdle();
    expect(await signal(terminateSession, idle, { engine: powerless })).toMatchObject({
      error: { code: "UNSUPPORTED", hint: expect.stringContaining("GRANT pg_signal_backend") },
    });
    expect(await signal(terminateSession, idle, { engine: watchOnly })).toMatchObject({
      error: {
        code: "UNSUPPORTED",
        hint: expect.stringContaining("GRANT pg_read_all_stats, pg_signal_backend"),
      },
    });
    expect(await isThere(idle.pid)).toBe(true);
  });

  test("a viewer signals nobody", async () => {
    const idle = await sitIdle();
    const viewer = await addActor(administration.console, "viewer");
    expect(await signal(terminateSession, idle, { actor: viewer })).toMatchObject({
      error: { code: "FORBIDDEN" },
    });
    expect(await isThere(idle.pid)).toBe(true);
  });
});
