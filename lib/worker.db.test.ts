import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createMasterKeyFile, openMasterKeyFile } from "./audit-db/vault/file-master-keys.ts";
import { openConsoleDb } from "./db/console-db.ts";
import { expectedDuties } from "./duties/expected-duties.ts";
import { listDuties } from "./duties/list-duties.ts";
import { vaultOn } from "./key-store/open-vault.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { kill, startProgram } from "./testing/start-program.ts";
import { testPlace } from "./testing/vault.ts";

let state: TestDatabase;
let watched: TestDatabase;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [state, watched] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ template: "audit", server: 15 }),
  ]);
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
});
afterAll(async () => {
  await state.drop();
  await watched.drop();
});

/** Twelve seconds of leases and ticks, and what busy cores add. */
const takesOverWithinMs = 20_000;

function startWorker(more: Record<string, string> = {}): ChildProcess {
  const child = startProgram("lib/worker.ts", {
    PATH: "/usr/bin:/bin",
    AUDIT_DATABASE_URL: watched.url,
    CONSOLE_DATABASE_URL: state.url,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "error",
    ...more,
  });
  children.push(child);
  return child;
}

const leaderPid = async () => {
  const [row] = await state.sql<{ holder: string }[]>`
    select l.holder from history.leader l
    join pg_stat_activity a on a.pid = l.backend_pid and a.application_name like '%leadership'
    where l.duty = 'collector'`;
  return Number(row?.holder.split(":")[1] ?? 0);
};
const samples = async () => {
  const [row] = await state.sql<{ raw: number; distinct: number }[]>`
    select count(*)::int as raw, count(distinct (sampler_id, slot))::int as distinct from history.total_raw`;
  return row ?? { raw: 0, distinct: 0 };
};

test("two workers: one collects, and when it is killed or frozen the other soon does", async () => {
  const [first, second] = [startWorker(), startWorker()];
  await vi.waitFor(async () => expect((await samples()).raw).toBeGreaterThan(3), {
    timeout: 60_000,
    interval: 250,
  });
  const led = await leaderPid();
  const [leader, follower] = led === first.pid ? [first, second] : [second, first];
  expect(leader.pid).toBe(led);
  const killedAt = Date.now();
  leader.kill("SIGKILL");
  await vi.waitFor(async () => expect(await leaderPid()).toBe(follower.pid), {
    timeout: 30_000,
    interval: 100,
  });
  expect(Date.now() - killedAt).toBeLessThan(takesOverWithinMs);

  const third = startWorker();
  const before = await samples();
  await vi.waitFor(async () => expect((await samples()).raw).toBeGreaterThan(before.raw + 3), {
    timeout: 60_000,
    interval: 250,
  });
  await vi.waitFor(
    async () =>
      expect(await state.sql`select from history.instance where pid = ${third.pid ?? 0}`).toHaveLength(1),
    { timeout: 60_000, interval: 100 },
  );
  const frozenAt = Date.now();
  follower.kill("SIGSTOP");
  await vi.waitFor(async () => expect(await leaderPid()).toBe(third.pid), { timeout: 30_000, interval: 100 });
  expect(Date.now() - frozenAt).toBeLessThan(takesOverWithinMs);
  // Thawed, the deposed leader finds its session gone and writes nothing twice.
  follower.kill("SIGCONT");
  const thawed = await samples();
  await vi.waitFor(async () => expect((await samples()).raw).toBeGreaterThan(thawed.raw + 3), {
    timeout: 60_000,
    interval: 250,
  });
  expect(await leaderPid()).toBe(third.pid);
  const all = await samples();
  expect(all.raw).toBe(all.distinct);
}, 240_000);

test("ends soon after SIGTERM, and after losing its parent, and takes itself off the list", async () => {
  for (const end of [
    (child: ChildProcess) => child.kill("SIGTERM"),
    (child: ChildProcess) => child.disconnect(),
  ]) {
    const child = startWorker();
    await vi.waitFor(
      async () =>
        expect(await state.sql`select from history.instance where pid = ${child.pid ?? 0}`).toHaveLength(1),
      { timeout: 60_000, interval: 100 },
    );
    const exited = once(child, "exit");
    const began = Date.now();
    end(child);
    const [code] = await exited;
    // Three seconds, and what busy cores add.
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(code).toBe(0);
    expect(await state.sql`select from history.instance where pid = ${child.pid ?? 0}`).toHaveLength(0);
  }
});

test("replaces a master key whose days are over, and wraps everybody's key under the new one", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "worker-vault-"));
  const file = path.join(folder, "master-keys.json");
  createMasterKeyFile(file);
  const console_ = openConsoleDb(state.url, { max: 2 });
  const vault = vaultOn(console_, openMasterKeyFile(file));
  const [sealed] = await vault.protect([{ ...testPlace, person: { id: "u-1" }, context: "e/actor" }]);
  const first = await openMasterKeyFile(file).activeId();
  await state.sql`
    insert into vault.master_key (id, state, created_at) values (${first}, 'active', now() - interval '31 days')`;
  startWorker({ MASTER_KEY_FILE: file });
  const wrappedBy = async () => (await state.sql`select master_key_id as id from vault.subject_key`)[0]?.id;
  await vi.waitFor(async () => expect(await wrappedBy()).not.toBe(first), { timeout: 60_000, interval: 100 });
  expect(await openMasterKeyFile(file).activeId()).toBe(await wrappedBy());
  const fresh = vaultOn(console_, openMasterKeyFile(file));
  expect(sealed && (await fresh.reveal([{ ...sealed, ...testPlace, context: "e/actor" }]))).toEqual([
    { state: "readable", person: { id: "u-1" } },
  ]);
  // Whatever it is expected to do it does, and says so.
  const expected = expectedDuties({
    CHECKS_EVERY_SECONDS: 30,
    targets: [{ name: "audit", watchUrl: watched.url, replicaUrls: [], demo: false }],
    MASTER_KEY_FILE: file,
  });
  const fares = async () =>
    (await listDuties(state.sql, expected)).map(
      ({ duty, state, lastBeat }) => `${duty} ${state}${lastBeat ? "" : " unheard"}`,
    );
  await expect
    .poll(fares, { timeout: 60_000 })
    .toEqual([
      "collector running",
      "outbox running",
      "housekeeping running",
      "effects running",
      "holds running",
      "approvals running",
      "requests running",
      "executions running",
      "incidents running",
      "tellings running",
      "deliveries running",
      "vault running",
      "erasures running",
      "ledger running",
      "checks running",
    ]);
  await Promise.all([vault.close(), fresh.close()]);
  await console_.close();
  rmSync(folder, { recursive: true });
});

test("a worker older than the console database ends at once", async () => {
  await state.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 32503680000000)`;
  try {
    const [code] = await once(startWorker({ LOG_LEVEL: "silent" }), "exit");
    expect(code).toBe(1);
  } finally {
    await state.sql`delete from drizzle.__drizzle_migrations where hash = 'later'`;
  }
});
