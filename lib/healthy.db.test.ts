import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { recordRound } from "./alerting/record-round.ts";
import { append } from "./audit-db/append/append.ts";
import { connect } from "./audit-db/connect.ts";
import { extendPartitions, intervalsAhead } from "./audit-db/schema/extend-partitions.ts";
import { migrateAudit } from "./audit-db/schema/migrate.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { checks } from "./checks.ts";
import { createHistory } from "./collector/history/history.ts";
import { collectTarget } from "./collector/sampling/collect-target.ts";
import { instanceBoard } from "./collector/sampling/instance-board.ts";
import { listInstances, publishInstance } from "./collector/sampling/instances.ts";
import { type ConsoleDb, openConsoleDb } from "./db/console-db.ts";
import { historySpan, policyBeginning } from "./demo/history.ts";
import { leaveGap } from "./demo/leave-gap.ts";
import { seedRequests } from "./demo/seed-requests.ts";
import { demoPools, runWorkload } from "./demo/workload.ts";
import { pause } from "./duties/pause.ts";
import { replaceEnv } from "./env.ts";
import { evaluationRound } from "./evaluation/evaluation-round.ts";
import { createLogger } from "./log/log.ts";
import { listOpenRequests } from "./requests/list-open-requests.ts";
import { samplers } from "./samplers.ts";
import { type Cluster, protectedSettings, startCluster } from "./testing/cluster.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { createTestVault, type TestVault } from "./testing/vault.ts";

const logger = createLogger({ level: "silent", name: "test" });
const healthyForMs = 38_000;

let server: Cluster;
let console: TestDatabase;
let own: ConsoleDb;
let keys: TestVault;
let sql: Sql;
let audit: AuditDb;

beforeAll(async () => {
  [server, console, keys] = await Promise.all([
    startCluster(18, { ...protectedSettings, autovacuum_naptime: "10s", max_wal_size: "1GB" }),
    createDatabase({ template: "console" }),
    createTestVault(),
  ]);
  own = openConsoleDb(console.url, { max: 1 });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin`create database audit`;
  await admin.end();
  const owner = server.url.replace(/postgres$/, "audit");
  await migrateAudit(owner);
  sql = postgres(owner, { max: 1, onnotice: () => {} });
  await sql.unsafe(`
    create extension pg_stat_statements;
    create role watcher login password 'test' in role pg_monitor, audit_reader;
    create role reader login password 'test' in role audit_reader;
    create role writer login password 'test' in role audit_writer;
    create role keeper login password 'test' in role audit_maintainer;
    grant select on all sequences in schema public to watcher`);
  const urlOf = (role: string) => owner.replace("postgres:test@", `${role}:test@`);
  const urls = {
    watch: urlOf("watcher"),
    read: urlOf("reader"),
    write: urlOf("writer"),
    maintenance: urlOf("keeper"),
  };
  audit = connect({ target: "audit", urls, pools: demoPools, logger, vault: keys.vault });
  // The demo's own come seldom at the bottom of its wave.
  const event = { organizationId: "o", action: "record.viewed", status: "success" } as const;
  await append(
    audit,
    Array.from({ length: 200 }, () => ({ ...event, occurredAt: new Date().toISOString() })),
  );
});
afterAll(async () => {
  await audit?.close();
  await own?.close();
  await sql?.end({ timeout: 1 });
  await Promise.all([server?.destroy(), console?.drop(), keys?.drop()]);
});

const incidents = async () =>
  (
    await console.sql`
      select check_id, severity, words ->> 'title' as title from incident order by check_id`
  ).map((row) => Object.values(row));

/** Nothing waits for its time: whatever is bad in one look is an incident. */
const impatient = checks.map((check) => ({ ...check, for: 0 }));

test("an application at work raises no incident, and the demo those that it is seeded with", async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const board = instanceBoard(console.sql);
  const unpublish = publishInstance({ board, kind: "worker", engines: () => ({}), onError: () => {} });
  const round = evaluationRound({
    ...{ sql: console.sql, audit, checks: impatient, history: createHistory(console.sql), logger },
    ...{ instances: () => listInstances(board), upkeep: async () => [], record: recordRound },
    requests: () => listOpenRequests(console.sql),
  });
  const working = Promise.all([
    runWorkload(audit, { signal, logger }),
    collectTarget({ sql: console.sql, audit, samplers, logger }, signal),
  ]);
  try {
    const until = Date.now() + healthyForMs;
    let rounds = 0;
    while (Date.now() < until) {
      await round(signal);
      rounds += 1;
      expect(await incidents()).toEqual([]);
      await pause(2_000, signal);
    }
    expect(rounds).toBeGreaterThan(5);
    const [judged] = await console.sql<{ n: number }[]>`
      select count(distinct check_id)::int as n from check_state where state = 'ok'`;
    expect(judged?.n).toBeGreaterThan(checks.length / 3);

    const span = historySpan(new Date(), 2);
    const past = { from: (policy: string) => policyBeginning(policy, span), now: new Date() };
    await extendPartitions(sql, { ...past, ahead: intervalsAhead });
    await leaveGap(sql, span);
    replaceEnv({ MASTER_KEY_FILE: keys.masterKeyFile });
    await seedRequests({ console: own, audit, auditTargets: ["audit"], now: new Date() });
    await vi.waitFor(
      async () => {
        await round(signal);
        expect(await incidents()).toEqual([
          ["partitions.gap", "warning", expect.any(String)],
          ["privacy.request_overdue", "critical", expect.stringMatching(/^Request #2 is \d+ days overdue/)],
        ]);
      },
      { timeout: 20_000, interval: 500 },
    );
  } finally {
    stop.abort();
    await working;
    await unpublish();
  }
}, 150_000);
