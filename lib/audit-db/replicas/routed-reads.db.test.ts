import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { Cluster } from "../../testing/cluster.ts";
import { named, namespaces, startTrio, type Trio } from "../../testing/trio.ts";
import { connect } from "../connect.ts";
import type { EngineLogger } from "../engine-logger.ts";
import type { AuditDb } from "../types.ts";
import type { NodeEvent, NodeStatus } from "./types.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };
// Every wait below ends as soon as it may; a busy machine gets its time.
vi.setConfig({ testTimeout: 120_000 });
let trio: Trio;
let audit: AuditDb;
const events: NodeEvent[] = [];

beforeAll(async () => {
  trio = await startTrio();
  audit = trio.open();
  audit.onNodes((event) => events.push(event));
  await vi.waitFor(() => expect(audit.nodes().map((n) => n.state)).toEqual(["up", "up", "up"]), 30_000);
});

afterEach(() => {
  events.length = 0;
});

afterAll(async () => {
  await audit?.close();
  await trio?.close();
});

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
  const { primary, first, second, client } = trio;
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
  await vi.waitFor(() => expect(single.status().state).toBe("up"), 30_000);
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
  const { primary, first, second } = trio;
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
  const { primary, first, second, client } = trio;
  await sleep(1_500);
  expect(statusOf(first)).toMatchObject({ state: "up", lagSeconds: 0, lagBytes: 0 });
  const [sql, writer] = [client(first), client(primary)];
  await sql`select pg_wal_replay_pause()`;
  await writer`insert into note values (1)`;
  await vi.waitFor(() => expect(statusOf(first).state).toBe("drained"), 30_000);
  expect(statusOf(first).lagBytes).toBeGreaterThan(0);
  expect(statusOf(first).lagSeconds).toBeGreaterThan(1);
  expect(statusOf(first).reason).toMatch(/behind the primary/);
  for (let i = 0; i < 4; i++) expect(await where({ route: "replica" })).toBe(second.port);
  await sql`select pg_wal_replay_resume()`;
  await vi.waitFor(() => expect(statusOf(first)).toMatchObject({ state: "up", lagSeconds: 0 }), 30_000);
  expect(events.map((e) => [e.kind, e.node])).toEqual([
    ["replica_drained", named(first)],
    ["replica_back", named(first)],
  ]);
});

test("a reader of its own write sees it wherever it asks, and an age that is too old is not served", async () => {
  const { primary, first, second, client } = trio;
  const [writer, one, two] = [client(primary), client(first), client(second)];
  const seen = (id: number, afterLsn: string) =>
    audit.use(
      "read",
      "test.seen",
      async (sql) => ({
        found: (await sql`select 1 from public.note where id = ${id}`).length === 1,
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
    30_000,
  );
  await Promise.all([one`select pg_wal_replay_resume()`, two`select pg_wal_replay_resume()`]);
  await vi.waitFor(() => expect(audit.nodes().map((n) => n.state)).toEqual(["up", "up", "up"]), 30_000);
  await vi.waitFor(
    async () => expect(await where({ route: "replica", maxStalenessMs: 700 })).not.toBe(primary.port),
    30_000,
  );
  expect((await seen(11, lsn)).port).not.toBe(primary.port);
  await expect(seen(11, "not a position")).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a read that a replica cancels, because it holds back its replay, is answered by another node", async () => {
  const { primary, client } = trio;
  const writer = client(primary);
  const asked: string[] = [];
  const answer = audit.read({
    name: "test.conflict",
    source: "none",
    route: "replica",
    run: async (sql, server) => {
      asked.push(server.inRecovery ? "replica" : "primary");
      await sql`select pg_sleep(${asked.length === 1 ? 20 : 0}) from (select count(*) from public.note) counted`;
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
    const { primary, first, second, namespace } = trio;
    namespace?.cut();
    for (let i = 0; i < 6; i++) expect([primary, first].map(named)).toContain(await answeredBy("replica"));
    await vi.waitFor(
      () => expect(statusOf(second)).toMatchObject({ state: "down", breaker: "open" }),
      24_000,
    );
    const began = performance.now();
    for (let i = 0; i < 20; i++) expect(await answeredBy("replica")).toBe(named(first));
    // None waits for what does not answer: half a second each would be longer.
    expect(performance.now() - began).toBeLessThan(10_000);
    namespace?.mend();
    await vi.waitFor(
      () => expect(statusOf(second)).toMatchObject({ state: "up", breaker: "closed" }),
      30_000,
    );
  },
);

test("an engine with replicas ends every timer and socket", async () => {
  await sleep(300);
  const held = () =>
    process.getActiveResourcesInfo().filter((r) => r === "Timeout" || r === "TCPSocketWrap").length;
  const before = held();
  for (let i = 0; i < 8; i++) {
    const engine = trio.open();
    await engine.use("read", "test.leak", (sql) => sql`select 1`, { route: "nearest" });
    if (i % 2) await engine.use("write", "test.leak", (sql) => sql`select 1`);
    await engine.close();
  }
  await vi.waitFor(() => expect(held()).toBeLessThanOrEqual(before + 2), 30_000);
});
