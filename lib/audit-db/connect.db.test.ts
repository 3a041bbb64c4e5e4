import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { connect } from "./connect.ts";
import type { EngineLogger } from "./engine-logger.ts";
import type { AuditDb } from "./types.ts";

const logger: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };
let cluster: Cluster;
const engines: AuditDb[] = [];

beforeAll(async () => {
  cluster = await startCluster(18);
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await cluster.destroy();
});

function open(url = cluster.url, config: Partial<Parameters<typeof connect>[0]> = {}): AuditDb {
  const engine = connect({ target: "test", urls: { watch: url }, logger, ...config });
  engines.push(engine);
  return engine;
}

test("a hundred callers of one question run it once", async () => {
  const engine = open();
  let runs = 0;
  const statement = {
    name: "test.count",
    source: "none",
    run: async (sql: Parameters<Parameters<AuditDb["use"]>[2]>[0]) => {
      runs++;
      await sql`select pg_sleep(0.1)`;
      return runs;
    },
  };
  const answers = await Promise.all(Array.from({ length: 100 }, () => engine.read(statement)));
  expect(new Set(answers.map((a) => a.data))).toEqual(new Set([1]));
  expect(await engine.read(statement)).toMatchObject({ data: 1 });
  expect(engine.stats().cache).toMatchObject({ misses: 1, joined: 99, hits: 1 });
});

test("parameters tell answers apart, and errors are not cached", async () => {
  const engine = open();
  const ask = (n: number) =>
    engine.read({
      name: "test.divide",
      key: [n],
      source: "none",
      run: async (sql) => (await sql`select 10 / ${n}::int as q`)[0]?.q,
    });
  expect((await ask(2)).data).toBe(5);
  expect((await ask(5)).data).toBe(2);
  await expect(ask(0)).rejects.toMatchObject({ cause: { message: "division by zero" } });
  await expect(ask(0)).rejects.toMatchObject({ cause: { message: "division by zero" } });
});

test("tells the server's facts", async () => {
  const facts = await open().server();
  expect(facts).toMatchObject({
    database: "postgres",
    user: "postgres",
    isSuperuser: true,
    hasMonitor: true,
    inRecovery: false,
    hasAuditSchema: false,
  });
  expect(Math.floor(facts.versionNum / 10_000)).toBe(18);
  const sql = postgres(cluster.url, { max: 1 });
  const [direct] = await sql<{ at: Date }[]>`select pg_postmaster_start_time() as at`;
  await sql.end();
  expect(facts.startedAt).toEqual(direct?.at);
});

test("an outage is noticed, last figures are shown as stale, and the end is noticed by itself", async () => {
  const engine = open();
  const ask = () =>
    engine.read({
      name: "test.one",
      source: "none",
      ttlMs: 1,
      run: async (sql) => (await sql`select 1 as one`)[0]?.one,
    });
  const unseen = () => engine.read({ name: "test.unseen", source: "none", run: (sql) => sql`select 2` });
  const states: string[] = [];
  engine.onStatus((status) => states.push(status.state));
  const first = await ask();
  await cluster.stop();
  await vi.waitFor(() => expect(engine.status().state).toBe("down"), 30_000);
  const stale = await ask();
  expect(stale).toMatchObject({ data: 1, observedAt: first.observedAt });
  expect(stale.stale?.since).toEqual(engine.status().since);
  await expect(unseen()).rejects.toMatchObject({ code: "UNAVAILABLE", since: engine.status().since });
  await cluster.start();
  await vi.waitFor(() => expect(engine.status().state).toBe("up"), 30_000);
  expect((await ask()).stale).toBeUndefined();
  expect(states).toContain("down");
  expect(states.at(-1)).toBe("up");
});

test("a session ended by somebody is no outage: the read runs again", async () => {
  const engine = open();
  await engine.server();
  let runs = 0;
  const answer = engine.read({
    name: "test.victim",
    source: "none",
    run: async (sql) => {
      runs++;
      if (runs === 1) await sql`select pg_terminate_backend(pg_backend_pid())`;
      return (await sql`select 1 as one`)[0]?.one;
    },
  });
  expect((await answer).data).toBe(1);
  expect(runs).toBe(2);
  expect(engine.status().state).toBe("up");
});

test("a server that hangs is noticed, not waited for", async () => {
  const engine = open();
  await engine.server();
  const backends = await engine.use(
    "watch",
    "test.pids",
    (sql) => sql<{ pid: number }[]>`
    select pid from pg_stat_activity where backend_type = 'client backend'`,
  );
  const frozen = [cluster.pid(), ...backends.map((row) => row.pid)].filter((pid) => pid !== undefined);
  for (const p of frozen) process.kill(p, "SIGSTOP");
  try {
    await vi.waitFor(
      () => expect(engine.status()).toMatchObject({ state: "down", reason: "the server does not answer" }),
      30_000,
    );
  } finally {
    for (const p of frozen) process.kill(p, "SIGCONT");
  }
  await vi.waitFor(() => expect(engine.status().state).toBe("up"), 30_000);
});

test("says why it cannot connect", async () => {
  const wrong = new URL(cluster.url);
  wrong.password = "wrong";
  const missing = new URL(cluster.url);
  missing.pathname = "/no%20where%2Felse";
  const nobody = "postgres://x:y@127.0.0.1:1/x";
  const cases: [string, object][] = [
    [wrong.href, { cause: "refused", reason: "the server refused the password" }],
    [missing.href, { cause: "database", reason: 'the server has no database "no where/else"' }],
    [nobody, { cause: "unreachable", reason: "nothing listens at that host and port" }],
    [
      `${cluster.url}?sslmode=require`,
      { cause: "tls", reason: "the server offers no TLS, which sslmode=require demands" },
    ],
    [
      `${cluster.url}?target_session_attrs=standby`,
      {
        cause: "attributes",
        reason: "no server of the address is standby, which target_session_attrs demands",
      },
    ],
    [
      `${cluster.url}?options=-c%20nosuch%3D1`,
      { cause: "setting", reason: "the server does not know the setting nosuch in options" },
    ],
  ];
  for (const [url, expected] of cases) {
    const engine = open(url);
    await vi.waitFor(() => expect(engine.status()).toMatchObject({ state: "down", ...expected }), 30_000);
    expect(engine.status().reason).not.toContain("wrong");
    await engine.close();
  }
});

test("a purpose without a URL is a capability that is off and says so", async () => {
  const engine = open();
  expect(engine.can("write")).toBe(false);
  await expect(engine.use("write", "test.write", (sql) => sql`select 1`)).rejects.toMatchObject({
    code: "UNSUPPORTED",
  });
});

test("close leaves no timer and no socket, in any state", async () => {
  const silent = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await Promise.all(engines.map((engine) => engine.close()));
  await sleep(300);
  const before = process
    .getActiveResourcesInfo()
    .filter((r) => r === "Timeout" || r === "TCPSocketWrap").length;
  for (let i = 0; i < 20; i++) {
    const engine = connect({ target: "leak", urls: { watch: cluster.url, write: cluster.url }, logger });
    const stop = engine.onStatus(() => {});
    await engine.read({ name: "test.leak", source: "none", run: (sql) => sql`select 1` });
    await engine.use("write", "test.leak", (sql) => sql`select 1`);
    stop();
    await engine.close();
  }
  const hanging = connect({ target: "hang", urls: { watch: `postgres://x:y@127.0.0.1:${port}/x` }, logger });
  await sleep(50);
  await hanging.close();
  await new Promise((resolve) => silent.close(resolve));
  await vi.waitFor(() => {
    const after = process
      .getActiveResourcesInfo()
      .filter((r) => r === "Timeout" || r === "TCPSocketWrap").length;
    expect(after).toBeLessThanOrEqual(before + 1);
  }, 30_000);
});
