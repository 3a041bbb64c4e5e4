import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { adminActions } from "../lib/admin.ts";
import { systemActor } from "../lib/auth/actor.ts";
import { openConsoleDb } from "../lib/db/console-db.ts";
import { freePort } from "../lib/testing/cluster.ts";
import { runAdminAction } from "../lib/verbs/run-admin-action.ts";
import { startAppendServer } from "./support/append-server.ts";
import { fillEvents } from "./support/fill-events.ts";
import { findDescendant, memoryOfTree, watchMemory } from "./support/process-memory.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Rows a second of `GET …/events/export` from the built product in production mode, taken by curl, against psql's
 * `COPY (SELECT every column … ORDER BY occurred_at, id) TO STDOUT` of the same rows: COPY's own text, times and bytes
 * as the server writes them, no JSON. Both write to /dev/null, in turns, from one PostgreSQL 18 with every index. The
 * ratio is that of the slower of NDJSON and CSV. Parquet and memory (the web process and what it starts, above what it
 * held before) are told beside. EXPORT_ROWS=5000000 EXPORT_ROUNDS=1 for the run that shows that memory stays level.
 */
const rows = Number(process.env.EXPORT_ROWS ?? 300_000);
const rounds = Number(process.env.EXPORT_ROUNDS ?? 5);
const root = path.resolve(import.meta.dirname, "..");
const psql = "/usr/lib/postgresql/15/bin/psql";
const columns =
  "occurred_at, id, recorded_at, organization_id, action, status, target_type, target_id, outcome, correlation_id, " +
  "event_version, data_classification, retention_policy, processing_ms, details, actor_token, actor_personal, " +
  "actor_digest, target_token, target_personal, target_digest, leaf_version, leaf, salts";
const formats = ["ndjson", "csv", "parquet"] as const;
type Format = (typeof formats)[number];

if (!existsSync(psql)) throw new Error(`${psql} is not there: the other side cannot be measured`);
const server = await startAppendServer(2);
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-bench-export-"));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const product = spawn("node", ["scripts/start.mjs"], {
  cwd: root,
  env: {
    ...process.env,
    AUDIT_DATABASES: JSON.stringify({ bench: { database_url: server.auditUrl } }),
    CONSOLE_DATABASE_URL: server.consoleUrl,
    MASTER_KEY_FILE: server.masterKeyFile,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
    NEXTAUTH_URL: address,
    ADMIN_PASSWORD: randomBytes(16).toString("hex"),
    ROLE: "web",
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: "warn",
  },
  stdio: ["ignore", "ignore", "inherit"],
});
try {
  const { from, to } = await fillEvents(server, rows);
  const token = await makeToken();
  await ready();
  const web =
    findDescendant(product.pid ?? 0, "next-server") ?? findDescendant(product.pid ?? 0, "next/dist/bin/next");
  if (!web) throw new Error("the web process was not found");
  const urlOf = (format: Format, end = to) =>
    `${address}/api/v1/targets/bench/events/export?from=${from.toISOString()}&to=${end.toISOString()}&format=${format}`;
  await check(urlOf("ndjson"), token);
  // What a process loads and compiles once is its own, not an export's.
  const early = new Date(from.getTime() + (to.getTime() - from.getTime()) / 50);
  for (const format of formats) await download(urlOf(format, early), token);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const idle = memoryOfTree(web);
  const rates: Record<Format | "psql", number[]> = { ndjson: [], csv: [], parquet: [], psql: [] };
  const most: Record<string, { rss: number; pss: number }> = {};
  // One round alone is for its memory; else the first warms all sides up.
  const warmUps = rounds > 1 ? 1 : 0;
  for (let round = 0; round < rounds + warmUps; round++) {
    const took: Partial<Record<Format | "psql", number>> = { psql: await timed(() => copyByPsql(from, to)) };
    for (const format of formats) {
      const stop = watchMemory(web, 200);
      took[format] = await timed(() => download(urlOf(format), token));
      const { rssBytes, pssBytes } = stop();
      const above = { rss: rssBytes - idle.rssBytes, pss: pssBytes - idle.pssBytes };
      if (above.rss > (most[format]?.rss ?? 0)) most[format] = above;
    }
    const rated = Object.entries(took).map(([name, seconds]) => [name, Math.round(rows / seconds)] as const);
    step(`round ${round}: ${rated.map(([name, rate]) => `${name} ${rate}`).join(", ")} rows/s`);
    if (round >= warmUps) for (const [name, rate] of rated) rates[name as Format | "psql"].push(rate);
  }
  for (const format of formats) {
    const { rss = 0, pss = 0 } = most[format] ?? {};
    step(
      `${format}: ${Math.round(median(rates[format]))} rows/s, ${(median(rates[format]) / median(rates.psql)).toFixed(2)} of psql; ` +
        `at most ${Math.round(rss / 1e6)} MB RSS (${Math.round(pss / 1e6)} MB PSS) above idle`,
    );
  }
  const slower = Math.min(median(rates.ndjson), median(rates.csv));
  report({
    name: "export",
    ratio: slower / median(rates.psql),
    aim: ">= 0.60",
    ours:
      `${Math.round(median(rates.ndjson))} rows/s as NDJSON, ${Math.round(median(rates.csv))} as CSV, ` +
      `${Math.round(median(rates.parquet))} as Parquet over HTTP`,
    other: `${Math.round(median(rates.psql))} rows/s psql COPY TO of the same ${rows} rows in the same order`,
  });
} finally {
  const ended = new Promise((resolve) => product.once("exit", resolve));
  product.kill("SIGTERM");
  await ended;
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Every row comes, once, in order. */
async function check(url: string, token: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  let lines = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  if (lines !== rows) throw new Error(`${lines} lines came, not ${rows}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}

function copyByPsql(from: Date, to: Date): Promise<void> {
  const range = `occurred_at >= '${from.toISOString()}' and occurred_at < '${to.toISOString()}'`;
  const copy = `copy (select ${columns} from audit_log where ${range} order by occurred_at, id) to stdout`;
  return run(psql, [server.auditUrl, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", copy]);
}

function download(url: string, token: string): Promise<void> {
  return run("curl", [
    "--silent",
    "--show-error",
    "--fail",
    "--header",
    `authorization: Bearer ${token}`,
    url,
  ]);
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`)),
    );
  });
}

async function makeToken(): Promise<string> {
  const console = openConsoleDb(server.consoleUrl, { max: 1 });
  const made = await runAdminAction(
    adminActions.createToken,
    { console, actor: systemActor("bench"), auditTargets: [] },
    { name: "bench", scopes: ["read"] },
  );
  await console.close();
  if (!made.ok) throw new Error(made.error.message);
  return made.data.secret;
}

async function ready(): Promise<void> {
  const until = Date.now() + 240_000;
  while (Date.now() < until) {
    const response = await fetch(`${address}/api/health/ready`).catch(() => null);
    if (response?.ok) return;
    if (product.exitCode !== null) throw new Error("the product ended before it was ready");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error("the product was not ready in time");
}
