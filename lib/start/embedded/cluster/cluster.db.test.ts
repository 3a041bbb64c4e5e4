import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { processBegan } from "../../process-identity.ts";
import { Refusal } from "../../refusal.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { readPostmaster } from "./postmaster.ts";

let parent: string;
let running: Cluster[] = [];

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "audit-cluster-"));
  chmodSync(parent, 0o711);
});
afterEach(async () => {
  await Promise.all(running.map((cluster) => cluster.stop()));
  running = [];
  rmSync(parent, { recursive: true, force: true });
});

async function start(folder = path.join(parent, "audit"), port?: number): Promise<Cluster> {
  const cluster = await startCluster({
    folder,
    superuserPassword: "a-password",
    ...(port && { port }),
    settings: {
      shared_preload_libraries: "pg_stat_statements",
      max_connections: "20",
      shared_buffers: "16MB",
    },
  });
  running.push(cluster);
  return cluster;
}

async function ask<T>(cluster: Cluster, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(cluster.url("postgres"), { max: 1, onnotice: () => {} });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function pidOf(cluster: Cluster): number {
  const state = cluster.state();
  if (state.state !== "running") throw new Error(`the server is ${state.state}`);
  return state.pid;
}

describe("an embedded cluster", () => {
  test("starts as PostgreSQL 18 on loopback alone, with checksums and its settings", async () => {
    const cluster = await start();
    const settings = await ask(
      cluster,
      (sql) => sql`select name, setting from pg_settings
        where name in ('listen_addresses', 'data_checksums', 'shared_preload_libraries', 'unix_socket_directories')
        order by name`,
    );
    expect(settings.map((row) => row.setting)).toEqual(["on", "127.0.0.1", "pg_stat_statements", ""]);
    expect(statSync(cluster.folder).mode & 0o777).toBe(0o700);
    await expect(
      postgres(`postgres://postgres:wrong@127.0.0.1:${cluster.port}/postgres`, { max: 1 })`select 1`,
    ).rejects.toMatchObject({ code: "28P01" });
  });

  test("stops without leaving a process and starts again on its port with its data", async () => {
    const cluster = await start();
    await ask(cluster, (sql) => sql`create table kept as select 42 as answer`);
    const pid = pidOf(cluster);
    await cluster.stop();
    expect(processBegan(pid)).toBeNull();
    expect(cluster.state()).toEqual({ state: "stopped" });
    const again = await start(cluster.folder, cluster.port);
    expect(again).toMatchObject({ port: cluster.port, orphanStopped: false });
    expect(await ask(again, (sql) => sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  });

  test("a server that a killed instance left running is stopped and started anew, its data intact", async () => {
    const orphan = await start();
    await ask(orphan, (sql) => sql`create table kept as select 42 as answer`);
    const orphanPid = pidOf(orphan);
    const next = await start(orphan.folder, orphan.port);
    expect(next).toMatchObject({ orphanStopped: true, port: orphan.port });
    expect(processBegan(orphanPid)).toBeNull();
    expect(await ask(next, (sql) => sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  });

  test("a server killed with -9 is noticed as crashed, and started again with what was committed", async () => {
    const cluster = await start();
    await ask(cluster, (sql) => sql`create table kept as select 42 as answer`);
    process.kill(pidOf(cluster), "SIGKILL");
    for (let i = 0; i < 50 && cluster.state().state === "running"; i++) await sleep(50);
    expect(cluster.state()).toEqual({ state: "crashed" });
    await cluster.restart();
    expect(await ask(cluster, (sql) => sql`select answer from kept`)).toEqual([{ answer: 42 }]);
  });

  test("a pid file that names a stranger is a crash's, and the stranger is left alone", async () => {
    const cluster = await start();
    await cluster.stop();
    const file = path.join(cluster.folder, "postmaster.pid");
    writeFileSync(file, `${process.pid}\n${cluster.folder}\n0\n${cluster.port}\n`);
    expect(readPostmaster(cluster.folder)).toEqual({ state: "crashed" });
    const again = await start(cluster.folder, cluster.port);
    expect(again.orphanStopped).toBe(false);
  });

  test("an initialisation that was cut off leaves nothing in the way", async () => {
    mkdirSync(path.join(parent, "audit.new", "base"), { recursive: true });
    const cluster = await start();
    expect(cluster.state().state).toBe("running");
  });

  test("a cluster of another release is refused in words", async () => {
    const folder = path.join(parent, "audit");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "PG_VERSION"), "17\n");
    if (process.getuid?.() === 0) chownSync(folder, statSync(parent).uid, statSync(parent).gid);
    await expect(start(folder)).rejects.toThrow(/PostgreSQL 17 cluster/);
  });

  test("a server that cannot start says why, in its own words", async () => {
    const cluster = await start();
    await cluster.stop();
    rmSync(path.join(cluster.folder, "global", "pg_control"));
    const failure = await start(cluster.folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect((failure as Refusal).message).toMatch(/could not find the database system|pg_control/);
  });

  test.runIf(process.getuid?.() === 0)(
    "as root, a folder closed to others works in a user namespace",
    async () => {
      const home = path.join(parent, "home");
      mkdirSync(home, { mode: 0o700 });
      const cluster = await start(path.join(home, "audit"));
      await ask(cluster, (sql) => sql`create table kept as select 42 as answer`);
      expect(statSync(cluster.folder).uid).toBe(0);
      await cluster.stop();
      const again = await start(cluster.folder);
      expect(await ask(again, (sql) => sql`select answer from kept`)).toEqual([{ answer: 42 }]);
    },
  );
});
