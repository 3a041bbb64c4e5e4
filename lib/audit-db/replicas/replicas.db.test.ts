import { appendFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { watchTarget } from "../../collector/watch-target.ts";
import { createLogger } from "../../log.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { canMakeNamespace, makeNamespace, type Namespace } from "../../testing/namespace.ts";
import { type Standby, signalServer, startStandby } from "../../testing/standby.ts";
import type { Appended } from "../append.ts";
import { connect } from "../connect.ts";
import { prepareEvents } from "../event.ts";
import { migrateAudit } from "../migrate.ts";
import type { AuditDb, EngineLogger, NodeEvent, NodeStatus } from "../types.ts";

/** One trio of servers, told as one story: the tests stand in the order of what happens to it. */
const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };
/** Reads that hold back the replay for longer are cancelled. */
const impatient = { max_standby_streaming_delay: "100ms" };
const namespaces = canMakeNamespace();
// Every wait below ends as soon as it may; a busy machine gets its time.
vi.setConfig({ testTimeout: 120_000 });
let namespace: Namespace | undefined;
let primary: Cluster;
let first: Standby;
let second: Standby;
/** The old primary, copied anew from its successor. */
let rejoined: Standby;
let audit: AuditDb;
let console: TestDatabase;
let recording: Promise<void>;
const stop = new AbortController();
const events: NodeEvent[] = [];
const clients: Sql[] = [];

beforeAll(async () => {
  if (namespaces) namespace = makeNamespace();
  primary = await startCluster(18, {
    listen_addresses: namespace ? `127.0.0.1,${namespace.gateway}` : "127.0.0.1",
    wal_keep_size: "256MB",
  });
  appendFileSync(
    path.join(primary.dataDir, "pg_hba.conf"),
    "host all,replication all 10.0.0.0/8 scram-sha-256\n",
  );
  await client(primary)`select pg_reload_conf()`;
  await migrateAudit(primary.url);
  await client(primary)`create table note (id int primary key)`;
  await client(primary)`create role writer login password 'test' in role audit_writer`;
  first = await startStandby(primary, {
    name: "standby_a",
    settings: {
      ...impatient,
      listen_addresses: namespace ? `127.0.0.1,${namespace.gateway}` : "127.0.0.1",
    },
  });
  second = await startStandby(primary, {
    name: "standby_b",
    settings: impatient,
    ...(namespace && {
      namespace: namespace.name,
      host: namespace.address,
      upstream: { url: reachable(primary) },
    }),
  });
  console = await createDatabase({ template: "console" });
  audit = open();
  audit.onNodes((event) => events.push(event));
  recording = watchTarget(
    console.sql,
    audit,
    async () => 1,
    createLogger({ level: "silent", name: "test" }),
    stop.signal,
  );
  await vi.waitFor(() => expect(audit.nodes().map((n) => n.state)).toEqual(["up", "up", "up"]), 30_000);
});

afterEach(() => {
  events.length = 0;
});

afterAll(async () => {
  stop.abort();
  await recording;
  await audit?.close();
  await console?.drop();
  await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
  for (const server of [second, first, primary]) {
    if (!server) continue;
    signalServer(server, "SIGCONT");
    await server.destroy();
  }
  namespace?.remove();
});

/** As the server in the namespace sees this one. */
function reachable(server: Cluster): string {
  const url = new URL(server.url);
  if (namespace) url.hostname = namespace.gateway;
  return url.href;
}

function client(server: Cluster): Sql {
  const sql = postgres(server.url, { max: 1, onnotice: () => {}, onclose: () => {} });
  clients.push(sql);
  return sql;
}

function as(server: Cluster, user: string): string {
  const url = new URL(server.url);
  url.username = user;
  return url.href;
}

function open(): AuditDb {
  return connect({
    target: "trio",
    urls: {
      watch: primary.url,
      read: primary.url,
      write: as(primary, "writer"),
      maintenance: primary.url,
      replicas: [first.url, second.url],
    },
    logger,
    replicas: {
      probeIntervalMs: 200,
      probeTimeoutMs: 600,
      drainLagSeconds: 1,
      lsnWaitMs: 500,
      failoverWaitMs: 4_000,
    },
  });
}

/** Where a standby's WAL ends. */
async function received(server: Cluster): Promise<string> {
  const [row] = await client(server)<{ lsn: string }[]>`
    select greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text as lsn`;
  return row?.lsn ?? "0/0";
}
/** Bytes of WAL that a standby lacks up to a place; negative when it has more. */
async function missing(server: Cluster, lsn: string): Promise<number> {
  const [row] = await client(server)<{ bytes: number }[]>`
    select pg_wal_lsn_diff(${lsn}::pg_lsn, ${await received(server)}::pg_lsn)::float8 as bytes`;
  return row?.bytes ?? Number.POSITIVE_INFINITY;
}
const named = (server: Cluster) => new URL(server.url).host;
const statusOf = (server: Cluster) => audit.nodes().find((node) => node.name === named(server)) as NodeStatus;
const where = (options: Parameters<AuditDb["use"]>[3] = {}) =>
  audit.use(
    "read",
    "test.where",
    async (sql) => (await sql`select inet_server_port() as port`)[0]?.port as number,
    options,
  );

let question = 0;
/** As `where`, by the executor, which asks elsewhere when a node fails in the middle. */
async function answeredBy(route: "replica" | "nearest"): Promise<string | undefined> {
  const answer = await audit.read({
    name: "test.answered",
    key: [question++],
    source: "none",
    route,
    run: (sql) => sql`select 1`,
  });
  return answer.node;
}

test("each node is told with its role and place, and a target without replicas has one", async () => {
  const nodes = audit.nodes();
  for (const { latencyMs, lagSeconds, role } of nodes) {
    expect(latencyMs).toBeGreaterThan(0);
    expect(lagSeconds).toBe(role === "primary" ? null : 0);
  }
  expect(nodes.map(({ name, role, breaker, timeline }) => ({ name, role, breaker, timeline }))).toEqual([
    { name: named(primary), role: "primary", breaker: "closed", timeline: 1 },
    { name: named(first), role: "replica", breaker: "closed", timeline: 1 },
    { name: named(second), role: "replica", breaker: "closed", timeline: 1 },
  ]);
  const single = connect({
    target: "one",
    urls: { watch: primary.url },
    logger,
    applicationName: "one-node",
  });
  await vi.waitFor(() => expect(single.status().state).toBe("up"), 12_000);
  expect(single.nodes()).toMatchObject([
    { name: named(primary), role: "primary", state: "up", breaker: null },
  ]);
  const routed = await single.read({
    name: "test.single",
    source: "none",
    route: "replica",
    run: async () => 1,
  });
  expect(routed).toMatchObject({ data: 1, node: named(primary) });
  expect(single.stats().nodes).toBeUndefined();
  const [open] = await client(primary)`
    select count(*)::int as count from pg_stat_activity where application_name = 'one-node'`;
  expect(open?.count).toBe(single.stats().pools.reduce((sum, pool) => sum + pool.total, 0));
  await single.close();
});

test("reads go where their route says, and say which node answered", async () => {
  const before = Object.fromEntries(audit.nodes().map((node) => [node.name, node.reads]));
  for (let i = 0; i < 10; i++) {
    expect([first.port, second.port]).toContain(await where({ route: "replica" }));
    expect(await where({})).toBe(primary.port);
  }
  for (const node of audit.nodes())
    expect(node.reads - (before[node.name] ?? 0)).toBe(node.name === named(primary) ? 10 : 5);
  expect(audit.nodes().reduce((sum, node) => sum + node.readShare, 0)).toBeCloseTo(1);
  const lent = (node: Cluster) =>
    audit.stats().pools.filter((pool) => pool.node === named(node) && pool.acquired > 0);
  expect(audit.stats().pools[0]).toMatchObject({ node: named(primary), purpose: "watch" });
  for (const node of [first, second]) expect(lent(node)).toMatchObject([{ purpose: "read", total: 1 }]);
  const answer = await audit.read({
    name: "test.recovering",
    source: "pg_is_in_recovery",
    route: "replica",
    run: async (sql, server) => ({
      recovering: (await sql`select pg_is_in_recovery() as r`)[0]?.r,
      known: server.inRecovery,
    }),
  });
  expect(answer.data).toEqual({ recovering: true, known: true });
  expect([named(first), named(second)]).toContain(answer.node);
  expect(await where({ node: named(second) })).toBe(second.port);
  await expect(where({ node: "nowhere:1" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect([primary.port, first.port, second.port]).toContain(await where({ route: "nearest" }));
});

test("a replica that stops replaying is drained and comes back by itself; an idle primary makes no lag", async () => {
  await sleep(1_500);
  expect(statusOf(first)).toMatchObject({ state: "up", lagSeconds: 0, lagBytes: 0 });
  const [sql, writer] = [client(first), client(primary)];
  await sql`select pg_wal_replay_pause()`;
  await writer`insert into note values (1)`;
  await vi.waitFor(() => expect(statusOf(first).state).toBe("drained"), 18_000);
  expect(statusOf(first).lagBytes).toBeGreaterThan(0);
  expect(statusOf(first).lagSeconds).toBeGreaterThan(1);
  expect(statusOf(first).reason).toMatch(/behind the primary/);
  for (let i = 0; i < 4; i++) expect(await where({ route: "replica" })).toBe(second.port);
  await sql`select pg_wal_replay_resume()`;
  await vi.waitFor(() => expect(statusOf(first)).toMatchObject({ state: "up", lagSeconds: 0 }), 18_000);
  expect(events.map((e) => [e.kind, e.node])).toEqual([
    ["replica_drained", named(first)],
    ["replica_back", named(first)],
  ]);
});

test("a reader of its own write sees it wherever it asks, and an age that is too old is not served", async () => {
  const [writer, one, two] = [client(primary), client(first), client(second)];
  const seen = (id: number, afterLsn: string) =>
    audit.use(
      "read",
      "test.seen",
      async (sql) => ({
        found: (await sql`select 1 from note where id = ${id}`).length === 1,
        port: (await sql`select inet_server_port() as port`)[0]?.port,
      }),
      { route: "replica", afterLsn },
    );
  await writer`insert into note values (10)`;
  const soon = await seen(10, await audit.currentLsn());
  expect(soon.found).toBe(true);
  expect([first.port, second.port]).toContain(soon.port);
  await Promise.all([one`select pg_wal_replay_pause()`, two`select pg_wal_replay_pause()`]);
  await writer`insert into note values (11)`;
  const lsn = await audit.currentLsn();
  expect(await seen(11, lsn)).toEqual({ found: true, port: primary.port });
  await vi.waitFor(
    async () => expect(await where({ route: "replica", maxStalenessMs: 700 })).toBe(primary.port),
    18_000,
  );
  await Promise.all([one`select pg_wal_replay_resume()`, two`select pg_wal_replay_resume()`]);
  await vi.waitFor(() => expect(audit.nodes().map((n) => n.state)).toEqual(["up", "up", "up"]), 18_000);
  await vi.waitFor(
    async () => expect(await where({ route: "replica", maxStalenessMs: 700 })).not.toBe(primary.port),
    18_000,
  );
  expect((await seen(11, lsn)).port).not.toBe(primary.port);
  await expect(seen(11, "not a position")).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a read that a replica cancels, because it holds back its replay, is answered by another node", async () => {
  const writer = client(primary);
  const asked: string[] = [];
  const answer = audit.read({
    name: "test.conflict",
    source: "none",
    route: "replica",
    run: async (sql, server) => {
      asked.push(server.inRecovery ? "replica" : "primary");
      await sql`select pg_sleep(${asked.length === 1 ? 20 : 0}) from (select count(*) from note) counted`;
      return true;
    },
  });
  await vi.waitFor(() => expect(asked).toEqual(["replica"]), 30_000);
  await sleep(150);
  await writer`truncate note`;
  await writer`insert into note values (1), (10), (11)`;
  expect((await answer).data).toBe(true);
  expect(asked).toHaveLength(2);
});

test.runIf(namespaces)(
  "a replica behind a cut cable is drained, its circuit opens, reads go on; mended, it is back",
  async () => {
    namespace?.cut();
    for (let i = 0; i < 6; i++) expect([primary, first].map(named)).toContain(await answeredBy("replica"));
    await vi.waitFor(
      () => expect(statusOf(second)).toMatchObject({ state: "down", breaker: "open" }),
      24_000,
    );
    const began = performance.now();
    for (let i = 0; i < 20; i++) expect(await answeredBy("replica")).toBe(named(first));
    expect(performance.now() - began).toBeLessThan(1_000);
    namespace?.mend();
    await vi.waitFor(
      () => expect(statusOf(second)).toMatchObject({ state: "up", breaker: "closed" }),
      12_000,
    );
  },
);

test("a primary that is killed under load is followed, and nothing acknowledged is lost", async () => {
  const admin = client(primary);
  await admin`alter system set synchronous_standby_names = 'FIRST 1 (standby_b, standby_a)'`;
  await admin`select pg_reload_conf()`;
  await vi.waitFor(async () => {
    const rows = await admin<{ state: string }[]>`
      select application_name || ' ' || sync_state as state from pg_stat_replication where state = 'streaming' order by 1`;
    expect(rows.map((row) => row.state)).toEqual(["standby_a potential", "standby_b sync"]);
  }, 18_000);
  const load = startLoad();
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(200), 24_000);
  // What a caller does inside a lease is the caller's to repeat: nobody knows here whether it took effect.
  let begun = 0;
  const unsafe = audit
    .use("maintenance", "test.unsafe", async (sql) => {
      begun++;
      await sql`select pg_sleep(20)`;
    })
    .catch((thrown: unknown) => thrown);
  await vi.waitFor(() => expect(begun).toBe(1), 30_000);
  signalServer(primary, "SIGKILL");
  await vi.waitFor(() => expect(primary.pid()).toBeUndefined(), 30_000);
  // The synchronous one has all that was acknowledged. The other may have been sent more: who would follow a server
  // that knows less than it does could not, so that one is caught up first.
  const [promoted, other] = [second, first];
  await promoted.follow(other);
  await vi.waitFor(
    async () => expect(await missing(promoted, await received(other))).toBeLessThanOrEqual(0),
    24_000,
  );
  await promoted.promote();
  await vi.waitFor(
    () => expect(statusOf(promoted)).toMatchObject({ role: "primary", state: "up", timeline: 2 }),
    18_000,
  );
  await vi.waitFor(() => expect(audit.status().state).toBe("up"), 18_000);
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 200), 30_000);
  await load.stop();
  const stored = await client(promoted)<{ id: string }[]>`select id from audit_log`;
  expect(new Set(stored.map((row) => row.id)).size).toBe(stored.length);
  const ids = new Set(stored.map((row) => row.id));
  expect([...load.acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  expect(events.filter((e) => e.kind === "role_flip")).toMatchObject([
    { node: named(promoted), severity: "warning", detail: { from: named(primary), timeline: 2 } },
  ]);
  expect(events.filter((e) => e.kind === "split_brain")).toEqual([]);
  expect(load.failures).toEqual([]);
  expect(await unsafe).toMatchObject({ code: "UNAVAILABLE" });
  expect(begun).toBe(1);
  await other.follow(promoted);
  await vi.waitFor(
    () => expect(statusOf(other)).toMatchObject({ role: "replica", state: "up", timeline: 2 }),
    24_000,
  );
});

test("the old primary comes back read-write: noticed, recorded as critical, never written to", async () => {
  await primary.start();
  await vi.waitFor(() => expect(statusOf(primary).state).toBe("stale"), 18_000);
  expect(statusOf(primary).reason).toMatch(/read-write on timeline 1/);
  await vi.waitFor(() => expect(events.filter((e) => e.kind === "split_brain")).toHaveLength(1), 18_000);
  expect(events.find((e) => e.kind === "split_brain")).toMatchObject({
    severity: "critical",
    node: named(primary),
  });
  await expect(
    audit.use("write", "test.stale", (sql) => sql`select 1`, { node: named(primary) }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
  const [one] = await append(1);
  expect(await client(second)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(1);
  expect(await client(primary)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(0);
  const recorded = await console.sql`
    select kind, severity, detail->>'node' as node from history.target_event
    where target = 'trio' and kind in ('role_flip', 'split_brain', 'restart') order by at`;
  expect(recorded).toEqual([
    { kind: "role_flip", severity: "warning", node: named(second) },
    { kind: "split_brain", severity: "critical", node: named(primary) },
  ]);
  // A process that starts now has no memory, and learns from the standby's timeline all the same.
  const fresh = open();
  await vi.waitFor(
    () => expect(fresh.nodes()[0]).toMatchObject({ name: named(second), role: "primary", state: "up" }),
    18_000,
  );
  await fresh.close();
  // What an operator does about it: a new copy in its place.
  await primary.destroy();
  rejoined = await startStandby(second, { name: "standby_c", port: primary.port });
  primary = rejoined;
  await vi.waitFor(
    () => expect(statusOf(rejoined)).toMatchObject({ role: "replica", state: "up", timeline: 2 }),
    18_000,
  );
});

test.runIf(namespaces)("a primary behind a cut cable is replaced; mended, it is the stale one", async () => {
  const load = startLoad(4);
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(50), 18_000);
  namespace?.cut();
  await first.promote();
  await vi.waitFor(
    () => expect(statusOf(first)).toMatchObject({ role: "primary", state: "up", timeline: 3 }),
    18_000,
  );
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 50), 30_000);
  await vi.waitFor(() => expect(statusOf(second)).toMatchObject({ state: "down" }), 18_000);
  expect(events.filter((e) => e.kind === "split_brain")).toEqual([]);
  namespace?.mend();
  await vi.waitFor(() => expect(statusOf(second).state).toBe("stale"), 30_000);
  await vi.waitFor(
    () => expect(events.filter((e) => e.kind === "split_brain")).toMatchObject([{ node: named(second) }]),
    18_000,
  );
  await load.stop();
  expect(load.failures).toEqual([]);
  const [one] = await append(1);
  expect(await client(second)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(0);
  // It may have received from the old primary what the promoted one never had, so it is copied anew.
  await rejoined.destroy();
  rejoined = await startStandby(first, { name: "standby_c", port: rejoined.port });
  primary = rejoined;
  await vi.waitFor(
    () => expect(statusOf(rejoined)).toMatchObject({ role: "replica", state: "up", timeline: 3 }),
    18_000,
  );
});

test("a primary that hangs: writes wait and are refused, then follow the promoted", async () => {
  const leader = namespaces ? first : second;
  const { timeline } = statusOf(leader);
  const load = startLoad(2);
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(20), 18_000);
  signalServer(leader, "SIGSTOP");
  await vi.waitFor(() => expect(statusOf(leader).state).toBe("down"), 18_000);
  // The old primary is read-write and within reach; it is no way out.
  if (namespaces) expect(statusOf(second).state).toBe("stale");
  const refused = audit.use("write", "test.refused", (sql) => sql`select 1`);
  await expect(refused).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(
      namespaces ? `not the primary of timeline ${timeline}` : "does not answer",
    ),
  });
  await rejoined.promote();
  await vi.waitFor(
    () =>
      expect(statusOf(rejoined)).toMatchObject({
        role: "primary",
        state: "up",
        timeline: Number(timeline) + 1,
      }),
    18_000,
  );
  const atFlip = load.acknowledged.size;
  await vi.waitFor(() => expect(load.acknowledged.size).toBeGreaterThan(atFlip + 20), 30_000);
  await load.stop();
  expect(load.failures).toEqual([]);
  signalServer(leader, "SIGCONT");
  await vi.waitFor(() => expect(statusOf(leader).state).toBe("stale"), 18_000);
  await vi.waitFor(
    () => expect(events.filter((e) => e.kind === "split_brain").map((e) => e.node)).toContain(named(leader)),
    18_000,
  );
  const [one] = await append(1);
  expect(await client(rejoined)`select 1 from audit_log where id = ${one?.id ?? ""}`).toHaveLength(1);
});

test("an engine with replicas ends every timer and socket", async () => {
  await sleep(300);
  const held = () =>
    process.getActiveResourcesInfo().filter((r) => r === "Timeout" || r === "TCPSocketWrap").length;
  const before = held();
  for (let i = 0; i < 8; i++) {
    const engine = open();
    await engine.use("read", "test.leak", (sql) => sql`select 1`, { route: "nearest" });
    if (i % 2) await engine.use("write", "test.leak", (sql) => sql`select 1`);
    await engine.close();
  }
  await vi.waitFor(() => expect(held()).toBeLessThanOrEqual(before + 2), 15_000);
});

const prepare = (count: number) =>
  prepareEvents(
    Array.from({ length: count }, () => ({
      organizationId: "o",
      action: "test.failover",
      status: "success" as const,
    })),
  );
const append = (count: number): Promise<Appended[]> => audit.append(prepare(count));

/** Callers that append a few events, again under the same ids until they are acknowledged, and then the next. */
function startLoad(callers = 8) {
  const acknowledged = new Set<string>();
  const failures: unknown[] = [];
  let stopped = false;
  async function call(): Promise<void> {
    let events = prepare(3);
    while (!stopped) {
      try {
        for (const { id, outcome } of await audit.append(events)) {
          if (outcome === "stored" || outcome === "duplicate") acknowledged.add(id);
          else failures.push(outcome);
        }
        events = prepare(3);
      } catch (thrown) {
        const { code } = thrown as { code?: string };
        if (code !== "UNAVAILABLE" && code !== "TIMEOUT") failures.push(thrown);
        await sleep(50);
      }
    }
  }
  const running = Promise.all(Array.from({ length: callers }, call));
  return {
    acknowledged,
    failures,
    async stop() {
      stopped = true;
      await running;
    },
  };
}
