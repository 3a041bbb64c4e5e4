import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { adminActions } from "../lib/admin.ts";
import { systemActor } from "../lib/auth/actor.ts";
import { openConsoleDb } from "../lib/db/console-db.ts";
import { freePort } from "../lib/testing/cluster.ts";
import { runAdminAction } from "../lib/verbs/run-admin-action.ts";
import { benchEvent, startAppendServer } from "./support/append-server.ts";
import { median, report, step } from "./support/report.ts";

/**
 * Events a second over `POST /api/v1/targets/{target}/events` (JSON batches of 1,000 on two connections, to the built
 * product in production mode) against `AuditDb.append` of the same batches in this process. Both write to the same
 * tables of one durable PostgreSQL 18, in turns; both encrypt a person and make a leaf for each event.
 */
const batches = 20;
const batch = 1_000;
const rounds = 5;
const root = path.resolve(import.meta.dirname, "..");

const server = await startAppendServer(2);
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-bench-http-"));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const product = spawn("node", ["scripts/start.mjs"], {
  cwd: root,
  env: {
    ...process.env,
    AUDIT_DATABASES: JSON.stringify({
      bench: { database_url: server.auditUrl, writer_url: server.writerUrl },
    }),
    CONSOLE_DATABASE_URL: server.consoleUrl,
    MASTER_KEY_FILE: server.masterKeyFile,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
    NEXTAUTH_URL: address,
    INGEST_EVENTS_PER_SECOND: "1000000",
    ADMIN_PASSWORD: randomBytes(16).toString("hex"),
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: "warn",
  },
  stdio: ["ignore", "ignore", "inherit"],
});
try {
  const token = await makeToken();
  await ready();
  const ours: number[] = [];
  const other: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const bodies = Array.from({ length: batches }, (_, i) =>
      Array.from({ length: batch }, (_, j) => benchEvent((round * batches + i) * batch + j)),
    );
    const texts = bodies.map((events) => JSON.stringify({ events }));
    const http = await measure(async (i) => {
      const response = await fetch(`${address}/api/v1/targets/bench/events`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: texts[i] ?? "",
      });
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    });
    const direct = await measure(async (i) => {
      await server.audit.append(bodies[i] ?? []);
    });
    step(`round ${round}: HTTP ${Math.round(http)} events/s, engine ${Math.round(direct)} events/s`);
    if (round > 0) {
      ours.push(http);
      other.push(direct);
    }
  }
  report({
    name: "ingest-http",
    ratio: median(ours) / median(other),
    aim: ">= 0.60",
    ours: `${Math.round(median(ours))} events/s over HTTP`,
    other: `${Math.round(median(other))} events/s by the engine's append`,
  });
} finally {
  const ended = new Promise((resolve) => product.once("exit", resolve));
  product.kill("SIGTERM");
  await ended;
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function measure(one: (index: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const work = async () => {
    while (next < batches) await one(next++);
  };
  await Promise.all([work(), work()]);
  return (batches * batch) / ((performance.now() - began) / 1_000);
}

async function makeToken(): Promise<string> {
  const console = openConsoleDb(server.consoleUrl, { max: 1 });
  const made = await runAdminAction(
    adminActions.createToken,
    { console, actor: systemActor("bench"), auditTargets: [] },
    { name: "bench", scopes: ["append"] },
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
