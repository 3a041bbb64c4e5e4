import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { append } from "./audit-db/append/append.ts";
import { connect } from "./audit-db/connect.ts";
import { migrateAudit } from "./audit-db/schema/migrate.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { checks } from "./checks.ts";
import { createHistory } from "./collector/history/history.ts";
import { createPartitions } from "./collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "./collector/sampling/catalogue.ts";
import { createCostMeter } from "./collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "./collector/sampling/run-sampler.ts";
import type { History } from "./collector/types.ts";
import { usedConnections } from "./connections/check-used.ts";
import { checksumFailures } from "./maintenance/check-checksums.ts";
import { archiving } from "./replication/check-archiving.ts";
import { lostSlot, slotAtRisk, slotRetained } from "./replication/check-slots.ts";
import { samplers } from "./samplers.ts";
import { collectedSamples } from "./targets/check-collector.ts";
import { reachable } from "./targets/check-reachable.ts";
import { type Cluster, protectedSettings, startCluster } from "./testing/cluster.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { judge, stateOf } from "./testing/judge.ts";
import { lookAt } from "./testing/look.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const maxConnections = 24;

let server: Cluster;
let console: TestDatabase;
let sql: Sql;
let audit: AuditDb;
let history: History;
let plain: string;

/** A server as the guide has people run it, with our schema, events and what the collector keeps of it. */
beforeAll(async () => {
  [server, console] = await Promise.all([
    startCluster(18, {
      ...protectedSettings,
      max_connections: String(maxConnections),
      archive_mode: "on",
      // Run in the data folder.
      archive_command: "test ! -e refuse",
      max_slot_wal_keep_size: "48MB",
      checkpoint_timeout: "1h",
      max_wal_size: "10GB",
    }),
    createDatabase({ template: "console" }),
  ]);
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin.end();
  const owner = server.url.replace(/postgres$/, "audit");
  await migrateAudit(owner);
  sql = postgres(owner, { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    create extension pg_stat_statements;
    create role watcher login password 'test' in role pg_monitor, audit_reader;
    create role writer login password 'test' in role audit_writer;
    grant select on all sequences in schema public to watcher;
    checkpoint`);
  const urlOf = (role: string) => owner.replace("postgres:test@", `${role}:test@`);
  plain = urlOf("writer");
  audit = connect({ target: "audit", urls: { watch: urlOf("watcher"), write: plain }, logger });
  const event = { organizationId: "o", action: "record.viewed", status: "success" } as const;
  await append(
    audit,
    Array.from({ length: 200 }, () => ({ ...event, occurredAt: new Date().toISOString() })),
  );
  await sql`analyze`;
  history = createHistory(console.sql);
  await collect();
});
afterAll(async () => {
  await audit?.close();
  await sql?.end({ timeout: 1 });
  await Promise.all([server?.destroy(), console?.drop()]);
});

/** The last three samples of each sampler, as the worker would have taken them. */
async function collect(until = Date.now()): Promise<void> {
  await createPartitions(console.sql, new Date(until));
  const options = {
    sql: console.sql,
    audit,
    catalogue: createCatalogue(console.sql),
    context: { instances: async () => [] },
    meter: createCostMeter(),
    clock: () => until,
  };
  for (const sampler of samplers) {
    const run = createSamplerRun(sampler, options);
    const step = sampler.everySeconds * 1_000;
    const last = Math.floor(until / step) * step;
    for (const slot of [last - 2 * step, last - step, last]) await run.take(slot, Number.POSITIVE_INFINITY);
  }
}

const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

/** Waits until the server says what makes it sick. */
const until = (condition: () => Promise<boolean | undefined>) =>
  vi.waitFor(async () => expect(await condition()).toBe(true), { timeout: 20_000, interval: 100 });

test("a healthy server raises no check, and every check can look at it", async () => {
  const evaluations = await lookAt(checks, { audit, history });
  const raised = evaluations.flatMap(({ check, answer, error }) => [
    ...(error ? [`${check.id}: ${error.message}`] : []),
    ...(answer?.objects ?? [])
      .filter(({ state }) => !["ok", "unavailable", "no_data"].includes(state))
      .map(({ state, words }) => `${check.id}: ${state}: ${words.title}`),
  ]);
  expect(raised).toEqual([]);
  const green = evaluations.filter(({ answer }) => answer?.objects.some(({ state }) => state === "ok"));
  expect(green.length).toBeGreaterThan(checks.length / 3);
});

describe("made sick, it raises", () => {
  test("its collector, when that took no sample for minutes", async () => {
    const now = later(30);
    const [silent] = (await judge(collectedSamples, audit, { history, now })).objects;
    expect(silent?.state).toBe("critical");
    await collect(now.getTime());
    const [again] = (await judge(collectedSamples, audit, { history, now })).objects;
    expect(again?.state).toBe("ok");
  });

  test("connections near their limit", async () => {
    const clients = Array.from({ length: 16 }, () => postgres(plain, { max: 1, onnotice: () => {} }));
    try {
      await Promise.all(clients.map((client) => client`select 1`));
      expect((await judge(usedConnections, audit)).objects[0]?.state).toMatch(/warning|critical/);
    } finally {
      await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
    }
    await until(async () => (await judge(usedConnections, audit)).objects[0]?.state === "ok");
  });

  test("a slot that keeps much, is about to be lost, and is lost", async () => {
    await sql`select pg_create_physical_replication_slot('forgotten', true)`;
    const statusIs = (status: string) => async () => {
      const [slot] = await sql<{ status: string }[]>`select wal_status as status from pg_replication_slots`;
      return slot?.status === status;
    };
    const fill = async () => {
      await sql`select pg_logical_emit_message(false, 'fill', repeat('x', 12000000))`;
      await sql`select pg_switch_wal()`;
    };
    await fill();
    const limits = { warning: 1e7, critical: null };
    expect(stateOf(await judge(slotRetained, audit, { limits }), "forgotten")?.state).toBe("warning");
    expect(stateOf(await judge(slotAtRisk, audit), "forgotten")?.state).toBe("ok");
    for (let times = 0; times < 4; times++) await fill();
    await until(statusIs("unreserved"));
    expect(stateOf(await judge(slotAtRisk, audit), "forgotten")?.state).toBe("critical");
    expect(stateOf(await judge(lostSlot, audit), "forgotten")?.state).toBe("ok");
    await sql`checkpoint`;
    await until(statusIs("lost"));
    expect(stateOf(await judge(lostSlot, audit), "forgotten")?.state).toBe("critical");
    await sql`select pg_drop_replication_slot('forgotten')`;
    for (const check of [lostSlot, slotAtRisk, slotRetained]) {
      const answer = await judge(check, audit, check === slotRetained ? { limits } : {});
      expect(answer).toEqual({ objects: [], complete: true });
    }
  });

  test("archiving that fails", async () => {
    // Once all that the tests before have written is archived.
    await vi.waitFor(
      async () => expect((await judge(archiving, audit, { now: later(60) })).objects[0]?.state).toBe("ok"),
      20_000,
    );
    writeFileSync(path.join(server.dataDir, "refuse"), "");
    await sql`select pg_logical_emit_message(true, 'fill', 'x')`;
    await sql`select pg_switch_wal()`;
    await until(async () => {
      const [archiver] = await sql<
        { failed: boolean }[]
      >`select failed_count > 0 as failed from pg_stat_archiver`;
      return archiver?.failed;
    });
    expect((await judge(archiving, audit, { now: later(60) })).objects[0]?.state).toMatch(/warning|critical/);
    rmSync(path.join(server.dataDir, "refuse"));
    // It would try again by itself after a minute; a further segment wakes it.
    await sql`select pg_logical_emit_message(true, 'fill', 'x')`;
    await sql`select pg_switch_wal()`;
    await until(async () => (await judge(archiving, audit, { now: later(60) })).objects[0]?.state === "ok");
  });

  test("a page that was damaged on disk, once it is read", async () => {
    await sql`create table ledger as select 'entry' as text from generate_series(1, 1000)`;
    const [file] = await sql<{ path: string }[]>`select pg_relation_filepath('ledger') as path`;
    await server.stop();
    const disk = openSync(path.join(server.dataDir, file?.path ?? ""), "r+");
    writeSync(disk, "damage", 4_000);
    closeSync(disk);
    await server.start();
    const failures = async () => stateOf(await judge(checksumFailures, audit), "audit");
    // The engine notices in its own time that the server is back.
    await vi.waitFor(async () => expect(await failures()).toMatchObject({ state: "ok", value: 0 }), 30_000);
    await expect(sql`select count(*) from ledger`).rejects.toMatchObject({ code: "XX001" });
    expect(await failures()).toMatchObject({
      state: "critical",
      value: 1,
      words: { title: "1 page of audit failed its checksum." },
    });
    await sql`drop table ledger`;
    await sql`select pg_stat_reset()`;
    expect(await failures()).toMatchObject({ state: "ok", value: 0 });
  });

  test("itself, when it is stopped", async () => {
    await server.stop();
    await expect(audit.use("watch", "test", (client) => client`select 1`)).rejects.toThrow();
    await until(async () => audit.status().state === "down");
    const [object] = (await judge(reachable, audit, { now: later(5), kept: true })).objects;
    expect(object?.state).toBe("critical");
    await server.start();
    await until(async () => audit.status().state === "up");
    const back = await judge(reachable, audit, { now: later(5), kept: true });
    expect(back.objects[0]?.state).toBe("ok");
  });
});
