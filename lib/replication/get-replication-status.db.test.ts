import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Cluster, freePort, startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getReplicationStatus } from "./get-replication-status.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const bin = "/usr/lib/postgresql/15/bin";

describe.each([15, 18] as const)("a primary without standbys on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
  });
  afterAll(() => database?.drop());

  test.each([[["pg_monitor"]], [[]]])("as a member of %j it has no lag to show", async (groups) => {
    const audit = connect({ target: "t", urls: { watch: await database.login(groups) }, logger: quiet });
    try {
      const { data, unavailable } = await getReplicationStatus(audit);
      expect(unavailable).toBeUndefined();
      expect(data).toEqual({
        role: "primary",
        standbys: [],
        receiver: null,
        maxLagBytes: null,
        maxLagSeconds: null,
      });
    } finally {
      await audit.close();
    }
  });
});

describe("a primary and its standby", () => {
  const open: AuditDb[] = [];
  let primary: Cluster;
  let standby: { url: string; stop(): Promise<void> };
  const watch = (url: string) => {
    const audit = connect({ target: "t", urls: { watch: url }, logger: quiet });
    open.push(audit);
    return audit;
  };

  beforeAll(async () => {
    primary = await startCluster(15, { wal_level: "replica", max_wal_senders: "4" });
    standby = await startStandby(primary.url);
  });
  afterAll(async () => {
    await Promise.all(open.map((audit) => audit.close()));
    await standby?.stop();
    await primary?.destroy();
  });

  test("both sides count 0 when everything is replayed, though nothing was written for a while", async () => {
    await until(
      async () => (await getReplicationStatus(watch(primary.url))).data.standbys[0]?.lagBytes === 0,
    );
    const { data: above } = await getReplicationStatus(watch(primary.url));
    expect(above).toMatchObject({ role: "primary", receiver: null, maxLagBytes: 0, maxLagSeconds: 0 });
    expect(above.standbys).toMatchObject([
      { state: "streaming", syncState: "async", lagBytes: 0, lagSeconds: 0 },
    ]);
    const { data: below } = await getReplicationStatus(watch(standby.url));
    expect(below.role).toBe("standby");
    expect(below.receiver).toMatchObject({
      connected: true,
      status: "streaming",
      lagBytes: 0,
      lagSeconds: 0,
    });
  });

  test("what the standby has not replayed is its lag on both sides", async () => {
    const paused = postgres(standby.url, { max: 1 });
    const writer = postgres(primary.url, { max: 1, onnotice: () => {} });
    try {
      await paused`select pg_wal_replay_pause()`;
      await until(async () => (await paused`select pg_get_wal_replay_pause_state() as s`)[0]?.s === "paused");
      await writer`create table lagging as select repeat('x', 1000) as text from generate_series(1, 2000)`;
      await until(
        async () => ((await getReplicationStatus(watch(standby.url))).data.maxLagBytes ?? 0) > 1_000_000,
      );
      const { data: above } = await getReplicationStatus(watch(primary.url));
      const [direct] = await writer<{ bytes: number }[]>`
        select pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::float8 as bytes from pg_stat_replication`;
      expect(above.maxLagBytes).toBeGreaterThan(1_000_000);
      expect(Math.abs((above.maxLagBytes ?? 0) - (direct?.bytes ?? 0))).toBeLessThan(100_000);
      const { data: below } = await getReplicationStatus(watch(standby.url));
      expect(below.maxLagSeconds === null || below.maxLagSeconds > 0).toBe(true);
    } finally {
      await paused`select pg_wal_replay_resume()`;
      await Promise.all([paused.end(), writer.end()]);
    }
  });

  test("a role whose transactions are serializable, which a standby refuses, finds it as healthy as any other", async () => {
    const admin = postgres(primary.url, { max: 1 });
    await admin.unsafe(`create role careful login password 'test' in role pg_monitor;
      alter role careful set default_transaction_isolation = 'serializable'`);
    await admin.end();
    const url = Object.assign(new URL(standby.url), { username: "careful" }).href;
    await until(async () => {
      const plain = postgres(url, { max: 1, fetch_types: false });
      const refusal = await plain`select 1`.catch((thrown: Error) => thrown.message);
      await plain.end();
      return refusal === "cannot use serializable mode in a hot standby";
    });
    const audit = watch(url);
    const { data } = await getReplicationStatus(audit);
    expect(data).toMatchObject({ role: "standby", receiver: { connected: true, status: "streaming" } });
    expect(audit.status()).toMatchObject({ state: "up" });
  });

  test("without pg_monitor the standby is listed, its lag unknown, the grant named", async () => {
    const admin = postgres(primary.url, { max: 1 });
    await admin`create role plain login password 'test'`;
    await admin.end();
    const url = new URL(primary.url);
    url.username = "plain";
    const { data, unavailable } = await getReplicationStatus(watch(url.href));
    expect(data.standbys).toMatchObject([{ state: null, lagBytes: null, lagSeconds: null }]);
    expect(data.maxLagBytes).toBeNull();
    expect(unavailable).toMatchObject({ code: "no_grant", enable: "GRANT pg_monitor TO plain;" });
  });

  test("a standby that lost its primary is not at 0, however little it had left to replay", async () => {
    const writer = postgres(primary.url, { max: 1 });
    await writer`create table last_words as select 1 as one`;
    await writer.end();
    await primary.stop();
    const reader = postgres(standby.url, { max: 1 });
    await until(async () => (await reader`select count(*)::int as n from pg_stat_wal_receiver`)[0]?.n === 0);
    await reader.end();
    const { data } = await getReplicationStatus(watch(standby.url));
    expect(data.receiver?.connected).toBe(false);
    expect(data.receiver?.lagSeconds).toBeGreaterThan(0);
  });
});

async function startStandby(primaryUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const root = mkdtempSync(path.join(tmpdir(), "audit-test-standby-"));
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
  const owner = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : null;
  if (owner) chownSync(root, owner.uid, owner.gid);
  const run = { ...owner, cwd: root };
  const data = path.join(root, "data");
  execFileSync(
    path.join(bin, "pg_basebackup"),
    ["-d", primaryUrl, "-D", data, "-R", "-X", "stream", "-c", "fast"],
    {
      ...run,
      stdio: "pipe",
    },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    fsync: "off",
    shared_preload_libraries: "pg_stat_statements",
    max_connections: "60",
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const server = spawn(path.join(bin, "postgres"), ["-D", data, ...flags], {
    ...run,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    let log = "";
    server.stderr.on("data", (chunk: Buffer) => {
      log = (log + chunk).slice(-4_000);
      if (log.includes("ready to accept")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`the standby ended with ${code}: ${log}`)));
  });
  const url = new URL(primaryUrl);
  url.port = String(port);
  return {
    url: url.href,
    async stop() {
      const exited = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGQUIT");
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("the condition did not come true within a minute");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
