import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { migrateAudit } from "../audit-db/schema/migrate.ts";
import { createMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import { migrateConsole } from "../db/migrate.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { markDemoDatabase } from "./own-database.ts";
import { saveProgress } from "./progress-file.ts";

/** At the bottom of its wave the demo writes an event in twenty seconds: a minute without one is not rare. */
const quietMs = 150_000;
const root = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "audit-demo-main-"));
const masterKeyFile = path.join(folder, "data/master-keys.json");
let cluster: Cluster;
let url: string;
let demo: ChildProcess | undefined;

beforeAll(async () => {
  cluster = await startCluster(18);
  url = cluster.url;
  await migrateAudit(url);
  await ask((sql) => sql`create database console`);
  await migrateConsole(consoleUrl());
  await ask(async (sql) => {
    await markDemoDatabase(sql);
    const [row] = await sql<{ id: string }[]>`select system_identifier::text as id from pg_control_system()`;
    const dataDir = path.join(folder, "data");
    mkdirSync(dataDir);
    createMasterKeyFile(masterKeyFile);
    symlinkSync(cluster.dataDir, path.join(dataDir, "audit"));
    // The history has a test of its own.
    saveProgress(dataDir, {
      systemIdentifier: row?.id ?? "",
      anchor: new Date(),
      daysDone: 397,
      complete: true,
    });
    writeFileSync(
      path.join(dataDir, "secrets.json"),
      JSON.stringify({
        sessionSecret: "x",
        serverActionsKey: "x",
        clusters: { audit: { superuserPassword: "x" }, console: { superuserPassword: "x" } },
        roles: {},
      }),
    );
  });
});

afterEach(() => {
  demo?.kill("SIGKILL");
});

afterAll(async () => {
  await cluster.destroy();
  rmSync(folder, { recursive: true });
});

test("it writes, reads and holds connections, carries on after an outage, and ends when told", async () => {
  const { child, exited } = start();
  demo = child;
  await expect.poll(count, { timeout: quietMs }).toBeGreaterThan(0);
  await expect.poll(connections, { timeout: 20_000 }).toBeGreaterThanOrEqual(5);

  await cluster.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(child.exitCode).toBeNull();
  await cluster.start();
  const before = await count();
  await expect.poll(count, { timeout: quietMs }).toBeGreaterThan(before);
  expect(child.exitCode).toBeNull();

  child.kill("SIGTERM");
  expect(await exited).toBe(0);
  const bare = await ask(
    (sql) => sql`select id from audit_log where actor_token is not null and actor_personal is null`,
  );
  expect(bare).toHaveLength(0);
  const repeated = await ask((sql) => sql`select id from audit_log group by id having count(*) > 1`);
  expect(repeated).toHaveLength(0);
}, 400_000);

test("it ends when its parent is gone", async () => {
  const parent = spawn(
    process.execPath,
    [
      "-e",
      `const { spawn } = require("node:child_process");
       const child = spawn(process.execPath, ["lib/demo/main.ts"], { cwd: ${JSON.stringify(root)}, stdio: "ignore" });
       console.log(child.pid); setInterval(() => {}, 1000);`,
    ],
    { env: environment(), stdio: ["ignore", "pipe", "inherit"] },
  );
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  // It notices a parent that leaves, so it must have seen one.
  await expect.poll(connections, { timeout: 30_000 }).toBeGreaterThan(0);
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
});

test("on a database without its mark it says so and writes nothing", async () => {
  await ask((sql) => sql`comment on database postgres is null`);
  const before = await count();
  const { child, exited, output } = start();
  demo = child;
  await expect.poll(output, { timeout: 30_000 }).toContain("only to the database that it made itself");
  expect(await count()).toBe(before);
  child.kill("SIGTERM");
  expect(await exited).toBe(0);
});

async function connections(): Promise<number> {
  const [row] = await ask(
    (sql) => sql<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where application_name = 'audit-demo'`,
  );
  return row?.n ?? 0;
}

function consoleUrl(): string {
  const other = new URL(url);
  other.pathname = "/console";
  return other.href;
}

function environment(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: "production",
    ...compileCache,
    DATA_DIR: path.join(folder, "data"),
    DEMO_TARGET: "demo",
    LOG_LEVEL: "error",
    CONSOLE_DATABASE_URL: consoleUrl(),
    MASTER_KEY_FILE: masterKeyFile,
    NEXTAUTH_SECRET: "a-secret-for-this-test-alone-of-some-length",
    NEXTAUTH_URL: "http://127.0.0.1:3999",
    AUDIT_DATABASES: JSON.stringify({ demo: { database_url: url, writer_url: url, maintenance_url: url } }),
  };
}

function start() {
  let text = "";
  const child = spawn(process.execPath, ["lib/demo/main.ts"], {
    cwd: root,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, exited, output: () => text };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function count(): Promise<number> {
  const [row] = await ask((sql) => sql<{ n: number }[]>`select count(*)::int as n from audit_log`);
  return row?.n ?? 0;
}

async function ask<T>(question: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
