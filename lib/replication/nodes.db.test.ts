import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { type Standby, startStandby } from "../testing/standby.ts";
import { getArchiver } from "./get-archiver.ts";
import { getConflicts } from "./get-conflicts.ts";
import { getNodes } from "./get-nodes.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { getSlots } from "./get-slots.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let primary: Cluster;
let standby: Standby;
let audit: AuditDb;
let sql: postgres.Sql;

beforeAll(async () => {
  primary = await startCluster(18, {
    wal_level: "replica",
    max_wal_senders: "4",
    archive_mode: "on",
    archive_command: "false",
  });
  standby = await startStandby(primary, { name: "second" });
  sql = postgres(primary.url, { max: 1, onnotice: () => {} });
  audit = connect({
    target: "t",
    urls: { watch: primary.url, replicas: [standby.url] },
    replicas: { probeIntervalMs: 200 },
    logger: quiet,
  });
  await vi.waitFor(() => expect(audit.nodes().map(({ state }) => state)).toEqual(["up", "up"]), 10_000);
}, 60_000);
afterAll(async () => {
  await audit?.close();
  await sql?.end({ timeout: 1 });
  await standby?.destroy();
  await primary?.destroy();
});

test("the standby is listed with what waits at each stage, nothing on an idle primary", async () => {
  await expect
    .poll(async () => (await getReplicationStatus(audit)).data.standbys[0], { timeout: 10_000 })
    .toMatchObject({
      applicationName: "second",
      state: "streaming",
      sentLagBytes: 0,
      writtenLagBytes: 0,
      flushedLagBytes: 0,
      lagBytes: 0,
      lagSeconds: 0,
    });
});

test("reads are told apart by the server that answered them, over every process", async () => {
  await audit.read({ name: "test.here", source: "test", run: (one) => one`select 1` });
  await audit.read({ name: "test.there", source: "test", route: "replica", run: (one) => one`select 1` });
  const report = { engines: { t: audit.stats() } };
  const { data } = await getNodes({
    audit,
    instances: async () => [report, report] as never,
    now: new Date(),
  });
  expect(data.map(({ role }) => role)).toEqual(["primary", "replica"]);
  for (const node of data) {
    expect(node.readsByAll).toBe(2 * node.reads);
    expect(node.readsByAll).toBeGreaterThan(0);
  }
  expect(data.reduce((sum, { shareOfAll }) => sum + shareOfAll, 0)).toBeCloseTo(1);
});

test("a slot that nobody reads holds WAL back, and says how much", async () => {
  await sql`select pg_create_physical_replication_slot('forgotten', true)`;
  await sql`create table filler as select repeat('x', 1000) from generate_series(1, 2000)`;
  const [slot] = (await getSlots(audit)).data;
  const [direct] = await sql`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as bytes from pg_replication_slots`;
  expect(slot).toMatchObject({ name: "forgotten", type: "physical", active: false, walStatus: "reserved" });
  expect(slot?.retainedBytes).toBeGreaterThan(1_000_000);
  expect(slot?.retainedBytes).toBeLessThanOrEqual(direct?.bytes);
  await sql`select pg_drop_replication_slot('forgotten')`;
});

test("an archive command that fails is failing, not archiving", async () => {
  await sql`select pg_switch_wal()`;
  await expect
    .poll(async () => (await sql`select failed_count::int as n from pg_stat_archiver`)[0]?.n, {
      timeout: 10_000,
    })
    .toBeGreaterThan(0);
  expect((await getArchiver(audit)).data).toMatchObject({ mode: "on", archived: 0, failing: true });
});

test("each replica is asked for the reads that recovery cancelled there", async () => {
  const { data } = await getConflicts(audit, new Date());
  expect(data).toEqual([
    {
      node: audit.nodes().find(({ role }) => role === "replica")?.name,
      cancelled: { tablespace: 0, lock: 0, snapshot: 0, bufferpin: 0, deadlock: 0 },
      since: null,
    },
  ]);
});
