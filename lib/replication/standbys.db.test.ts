import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { checkpointAge } from "../buffers/check-checkpoint-age.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge, notOk, stateOf } from "../testing/judge.ts";
import { findingsOf } from "../testing/look.ts";
import { startLossyProxy } from "../testing/lossy-proxy.ts";
import { type Standby, startStandby } from "../testing/standby.ts";
import { lagBytes, lagSeconds } from "./check-lag.ts";
import { foreignServer, replicaDown } from "./check-nodes.ts";
import { receiver } from "./check-receiver.ts";
import { replicationChecks } from "./checks.ts";
import { getConflicts } from "./get-conflicts.ts";
import { getStandbyLag, getStandbyStages } from "./get-standby-history.ts";
import { getTopology } from "./get-topology.ts";
import { recallTopology } from "./recall-topology.ts";
import { replicationSamplers } from "./samplers.ts";

/** A primary, a standby, and a standby of that one: the tests stand in the order of what happens to them. */
// Every wait below ends as soon as it may; a busy machine gets its time.
vi.setConfig({ testTimeout: 120_000 });
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let primary: Cluster;
let near: Standby;
let far: Standby;
let audit: AuditDb;
let store: TestDatabase;
let sql: Sql;
let start: number;
let clock: () => number;
const clients: Sql[] = [];

const client = (server: Cluster) => {
  const made = postgres(server.url, { max: 1, onnotice: () => {}, onclose: () => {} });
  clients.push(made);
  return made;
};
const named = (server: Cluster) => new URL(server.url).host;

beforeAll(async () => {
  primary = await startCluster(18, { wal_keep_size: "128MB" });
  sql = client(primary);
  await sql`create table note as select 1 as id`;
  near = await startStandby(primary, {
    name: "near",
    settings: { max_standby_streaming_delay: "100ms", hot_standby_feedback: "off" },
  });
  far = await startStandby(primary, { name: "far", upstream: near });
  store = await createDatabase({ template: "console" });
  start = Math.floor(Date.now() / 10_000) * 10_000 - 600_000;
  clock = () => start;
  await createPartitions(store.sql, new Date(start));
  audit = connect({
    target: "copies",
    urls: { watch: primary.url, replicas: [near.url, far.url] },
    replicas: { probeIntervalMs: 200, drainLagSeconds: 2 },
    logger: quiet,
  });
  await vi.waitFor(() => expect(audit.nodes().map(({ state }) => state)).toEqual(["up", "up", "up"]), 30_000);
});
afterAll(async () => {
  await audit?.close();
  await Promise.all(clients.map((each) => each.end({ timeout: 1 })));
  await store?.drop();
  for (const server of [far, near, primary]) await server?.destroy();
});

test("each server hangs from the one that feeds it, under the name it has there", async () => {
  await vi.waitFor(async () => {
    const { data } = await getTopology(audit);
    expect(
      data.map(({ key, name, role, upstream, standby }) => ({
        key,
        name,
        role,
        upstream,
        state: standby?.state,
      })),
    ).toEqual([
      { key: named(primary), name: named(primary), role: "primary", upstream: null, state: undefined },
      { key: named(near), name: "near", role: "standby", upstream: named(primary), state: "streaming" },
      { key: named(far), name: "far", role: "standby", upstream: named(near), state: "streaming" },
    ]);
  }, 30_000);
});

test("checkpoints are the primary's: on a standby their check says so", async () => {
  const standing = connect({ target: "near", urls: { watch: near.url }, logger: quiet });
  try {
    expect(await judge(checkpointAge, standing)).toMatchObject({
      complete: false,
      objects: [{ state: "unavailable", unavailable: { code: "unsupported" } }],
    });
  } finally {
    await standing.close();
  }
});

test("a standby's lag over time is that of pg_stat_replication, and grows while it hangs though its sender hears nothing", async () => {
  const paused = client(near);
  const history = createHistory(store.sql, () => clock());
  const [totals, standbys] = replicationSamplers.map((sampler) =>
    createSamplerRun(sampler, {
      sql: store.sql,
      audit,
      catalogue: createCatalogue(store.sql),
      context: { instances: async () => [] },
      meter: createCostMeter(),
      clock: () => clock(),
    }),
  );
  let slot = start;
  const sample = async () => {
    clock = () => slot + 1_000;
    expect(await totals?.take(slot, slot + 9_000)).toBe("stored");
    expect(await standbys?.take(slot, slot + 9_000)).toBe("stored");
    slot += 10_000;
  };
  await sample();
  await paused`select pg_wal_replay_pause()`;
  await vi.waitFor(async () => {
    const [row] = await paused`select pg_get_wal_replay_pause_state() as state`;
    expect(row?.state).toBe("paused");
  }, 20_000);
  await sql`create table filler as select repeat('x', 1000) as text from generate_series(1, 2000)`;
  await vi.waitFor(
    () => expect(audit.nodes().find(({ name }) => name === named(near))?.state).toBe("drained"),
    30_000,
  );
  const [direct] = await sql<{ bytes: number; seconds: number | null }[]>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 as bytes,
           extract(epoch from replay_lag)::float8 as seconds
    from pg_stat_replication where application_name = 'near'`;
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  await sample();
  const range = { from: new Date(start), to: new Date(slot) };
  clock = () => slot;
  const context = { audit, history, now: new Date(slot) };
  const { data: lag } = await getStandbyLag(context, range);
  expect(lag.standbys).toEqual([
    { key: named(near), name: "near" },
    { key: named(far), name: "far" },
  ]);
  const seconds = lag.history.series[named(near)]?.map(([, value]) => value);
  expect(seconds?.[0]).toBe(0);
  expect(seconds?.[1]).toBeGreaterThan(2);
  // The trap: what the sender was told last.
  expect(direct?.seconds ?? 0).toBeLessThan(seconds?.[1] ?? 0);
  const { data: stages } = await getStandbyStages(context, named(near), range);
  const last = (metric: string) => stages.series[metric]?.at(-1)?.[1];
  expect(direct?.bytes).toBeGreaterThan(2_000_000);
  expect(Math.abs((last("lagBytes") ?? 0) - (direct?.bytes ?? 0))).toBeLessThan(100_000);
  expect([last("sentLagBytes"), last("writtenLagBytes"), last("flushedLagBytes")]).toEqual([0, 0, 0]);
  expect([last("writtenLagSeconds"), last("flushedLagSeconds")]).toEqual([0, 0]);
  const total = await history.totals("copies", ["replication.maxLagSeconds"], range);
  expect(total.series["replication.maxLagSeconds"]?.at(-1)?.[1]).toBeGreaterThan(2);
  expect(await findingsOf(replicationChecks, { audit })).toContainEqual(
    expect.objectContaining({ check: "replication.drained", severity: "warning", path: "replication" }),
  );
  const bytes = stateOf(
    await judge(lagBytes, audit, { limits: { warning: 2e6, critical: 1e9 } }),
    named(near),
  );
  expect(bytes).toMatchObject({
    state: "warning",
    words: { title: expect.stringContaining("Standby near is") },
  });
  expect(Math.abs((bytes?.value ?? 0) - (direct?.bytes ?? 0))).toBeLessThan(100_000);
  const old = stateOf(await judge(lagSeconds, audit, { limits: { warning: 1, critical: 2 } }), named(near));
  expect(old?.state).toBe("critical");
  expect(old?.value).toBeGreaterThan(2);
  await paused`select pg_wal_replay_resume()`;
  await vi.waitFor(() => expect(audit.nodes().map(({ state }) => state)).toEqual(["up", "up", "up"]), 30_000);
  await vi.waitFor(async () => {
    const answers = [
      await judge(lagBytes, audit, { limits: { warning: 2e6, critical: 1e9 } }),
      await judge(lagSeconds, audit, { limits: { warning: 1, critical: 2 } }),
    ];
    expect(answers.map((answer) => stateOf(answer, named(near))?.state)).toEqual(["ok", "ok"]);
  }, 30_000);
});

test("a server of another cluster in a standby's place is a critical finding, and no other server is", async () => {
  // The server that all database tests share.
  const address = await startLossyProxy(store.url);
  const elsewhere = connect({
    target: "elsewhere",
    urls: { watch: primary.url, replicas: [near.url, address.url(near.url)] },
    replicas: { probeIntervalMs: 200 },
    logger: quiet,
  });
  try {
    await vi.waitFor(
      () => expect(elsewhere.nodes().map(({ state }) => state)).toEqual(["up", "up", "foreign"]),
      30_000,
    );
    const { objects } = await judge(foreignServer, elsewhere);
    expect(objects.map(({ object, state }) => ["name" in object && object.name, state])).toEqual([
      [named(near), "ok"],
      [new URL(address.url(near.url)).host, "critical"],
    ]);
    expect(objects[1]?.words.title).toMatch(/ belongs to another cluster and is not used\.$/);
    address.leadTo(far.url);
    await vi.waitFor(
      () => expect(elsewhere.nodes().map(({ state }) => state)).toEqual(["up", "up", "up"]),
      30_000,
    );
    const mended = await judge(foreignServer, elsewhere);
    expect(mended.objects.map(({ state }) => state)).toEqual(["ok", "ok"]);
  } finally {
    await elsewhere.close();
    await address.close();
  }
});

test("a read that recovery cancelled is counted for its replica, with the settings that decide it", async () => {
  const reader = client(near);
  const cancelled = reader`select pg_sleep(20) from (select count(*) from note) counted`.catch(
    (thrown: unknown) => thrown,
  );
  const looking = client(near);
  await vi.waitFor(
    async () =>
      expect(
        await looking`select from pg_stat_activity where wait_event = 'PgSleep' and backend_type = 'client backend'`,
      ).toHaveLength(1),
    30_000,
  );
  await sql`truncate note`;
  expect(await cancelled).toMatchObject({ code: "40001" });
  await vi.waitFor(
    async () => {
      const [row] = await client(near)<{ total: number }[]>`
        select conflicts::int as total from pg_stat_database where datname = current_database()`;
      expect(row?.total).toBe(1);
      const { data } = await getConflicts(audit, new Date());
      expect(data).toMatchObject([
        {
          node: named(near),
          patience: "100ms",
          feedback: false,
          cancelled: { total: 1, lock: 1, snapshot: 0, slot: 0 },
        },
        { node: named(far), feedback: false, cancelled: { total: 0, lock: 0 } },
      ]);
    },
    { timeout: 30_000, interval: 1_000 },
  );
});

test("a standby that finds nobody to follow is a critical finding, however little it is behind", async () => {
  await far.follow({ url: "postgres://127.0.0.1:1/" });
  await vi.waitFor(async () => {
    // A change of roles is judged by what was collected.
    const live = replicationChecks.filter(({ id }) => id !== "replication.role_flip");
    const found = await findingsOf(live, { audit });
    expect(found.map(({ check, severity, title }) => [check, severity, title])).toEqual([
      ["replication.receiver", "critical", `Standby ${named(far)} receives nothing from its primary.`],
    ]);
  }, 30_000);
  expect(stateOf(await judge(receiver, audit), named(near))?.state).toBe("ok");
  await far.follow(near);
  await vi.waitFor(
    async () => expect(stateOf(await judge(receiver, audit), named(far))?.state).toBe("ok"),
    30_000,
  );
});

test("a standby that stops stays in the drawing as down, under its name, and is a critical finding", async () => {
  await far.stop();
  await vi.waitFor(
    () => expect(audit.nodes().find(({ name }) => name === named(far))?.state).toBe("down"),
    30_000,
  );
  const history = createHistory(store.sql, () => clock());
  await vi.waitFor(async () => {
    const { data } = await recallTopology({ audit, history, now: new Date() });
    expect(data).toHaveLength(3);
    expect(data[2]).toMatchObject({
      key: named(far),
      name: "far",
      upstream: null,
      standby: null,
      lagBytes: null,
      lagSeconds: null,
      node: { state: "down" },
    });
  }, 20_000);
  expect(await findingsOf(replicationChecks, { audit })).toContainEqual(
    expect.objectContaining({ check: "replication.replica_down", severity: "critical" }),
  );
  await far.start();
  await vi.waitFor(async () => expect(notOk(await judge(replicaDown, audit))).toEqual([]), 30_000);
});

test("while the primary is down the drawing is still answered, with what is left", async () => {
  await far.stop();
  await primary.stop("immediate");
  await vi.waitFor(() => expect(audit.nodes()[0]).toMatchObject({ state: "down", role: "primary" }), 30_000);
  await vi.waitFor(async () => {
    const observed = await getTopology(audit);
    expect(observed.stale).toBeUndefined();
    expect(observed.data.map(({ key, upstream, node }) => [key, upstream, node?.state])).toEqual([
      [named(primary), null, "down"],
      [named(near), null, expect.stringMatching(/up|drained/)],
      [named(far), null, "down"],
    ]);
    expect(observed.data[1]?.receiver).toMatchObject({ connected: false });
  }, 30_000);
});
