import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { type Standby, startStandby } from "../testing/standby.ts";
import { getArchiver } from "./get-archiver.ts";
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
  await vi.waitFor(() => expect(audit.nodes().map(({ state }) => state)).toEqual(["up", "up"]), 30_000);
});
afterAll(async () => {
  await audit?.close();
  await sql?.end({ timeout: 1 });
  await standby?.destroy();
  await primary?.destroy();
});

test("the standby is listed with what waits at each stage, nothing on an idle primary", async () => {
  await expect
    .poll(async () => (await getReplicationStatus(audit)).data.standbys[0], { timeout: 30_000 })
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
  expect(slot).toMatchObject({
    name: "forgotten",
    type: "physical",
    active: false,
    walStatus: "reserved",
    reader: null,
    inactiveSince: expect.any(Date),
    lostBecause: null,
    temporary: false,
    synced: false,
  });
  expect(slot?.retainedBytes).toBeGreaterThan(1_000_000);
  expect(slot?.retainedBytes).toBeLessThanOrEqual(direct?.bytes);
  await sql`select pg_drop_replication_slot('forgotten')`;
});

test("an archive command that fails is failing, not archiving", async () => {
  await sql`select pg_switch_wal()`;
  await expect
    .poll(async () => (await sql`select failed_count::int as n from pg_stat_archiver`)[0]?.n, {
      timeout: 30_000,
    })
    .toBeGreaterThan(0);
  const { data } = await getArchiver(audit);
  expect(data).toMatchObject({ mode: "on", archived: 0, failing: true, segmentBytes: 16_777_216 });
  const [direct] =
    await sql`select count(*)::int as n from pg_ls_archive_statusdir() where name like '%.ready'`;
  expect(data.waiting).toBe(direct?.n);
  expect(data.waiting).toBeGreaterThan(0);
});

test("a slot that a standby reads says who", async () => {
  await sql`select pg_create_physical_replication_slot('used', true)`;
  const reader = await startStandby(primary, { name: "third", settings: { primary_slot_name: "used" } });
  try {
    await expect
      .poll(async () => (await getSlots(audit)).data.find(({ name }) => name === "used"), { timeout: 30_000 })
      .toMatchObject({ active: true, reader: "third", inactiveSince: null });
    const { data } = await getReplicationStatus(audit);
    expect(data.standbys.find(({ applicationName }) => applicationName === "third")).toMatchObject({
      slot: "used",
      slotType: "physical",
    });
  } finally {
    await reader.destroy();
    await expect
      .poll(
        async () => (await sql`select active from pg_replication_slots where slot_name = 'used'`)[0]?.active,
      )
      .toBe(false);
    await sql`select pg_drop_replication_slot('used')`;
  }
});

test("without pg_monitor what waits for the archive is not known, and nothing fails", async () => {
  await sql`create role onlooker login password 'test'`;
  const url = new URL(primary.url);
  url.username = "onlooker";
  const plain = connect({ target: "plain", urls: { watch: url.href }, logger: quiet });
  try {
    expect((await getArchiver(plain)).data).toMatchObject({ mode: "on", waiting: null });
    expect((await getSlots(plain)).data).toEqual([]);
  } finally {
    await plain.close();
  }
});
