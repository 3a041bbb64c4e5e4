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
import { startAppendServer } from "./support/append-server.ts";
import { startBareNext } from "./support/bare-next.ts";
import { processCpuMs } from "./support/process-cpu.ts";
import { findDescendant } from "./support/process-memory.ts";
import { median, report, step } from "./support/report.ts";

/**
 * CPU of the web process per `GET /api/v1/targets/{target}/connections` answered from the cache, by a token, against a
 * bare route handler of Next that answers the same bytes without looking at who asks. Both are production servers and
 * are asked in turns; CPU is read from /proc, so that a busy machine disturbs it less than a clock would.
 */
const requests = Number(process.env.READ_PATH_REQUESTS ?? 1_500);
const rounds = 7;
const callers = 4;
const root = path.resolve(import.meta.dirname, "..");

const server = await startAppendServer(1);
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-bench-read-"));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const product = spawn("node", ["scripts/start.mjs"], {
  cwd: root,
  env: {
    ...process.env,
    ROLE: "web",
    AUDIT_DATABASES: JSON.stringify({ bench: { database_url: server.auditUrl } }),
    CONSOLE_DATABASE_URL: server.consoleUrl,
    MASTER_KEY_FILE: server.masterKeyFile,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "e2e").toString("base64"),
    NEXTAUTH_URL: address,
    ADMIN_PASSWORD: randomBytes(16).toString("hex"),
    DATA_DIR: dataDir,
    PORT: String(port),
    LOG_LEVEL: "warn",
  },
  stdio: ["ignore", "ignore", "inherit"],
});
let stopBare: (() => Promise<void>) | undefined;
try {
  const authorization = `Bearer ${await makeToken()}`;
  await ready();
  const url = `${address}/api/v1/targets/bench/connections`;
  const ours = {
    url,
    headers: { authorization },
    pid: findDescendant(product.pid ?? 0, "next-server"),
  };
  const answer = await fetch(url, ours);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  const kept = Object.fromEntries(
    ["content-type", "cache-control"].map((name) => [name, answer.headers.get(name) ?? ""]),
  );
  const bare = await startBareNext(text, kept);
  stopBare = bare.stop;
  step(`${text.length} bytes an answer`);
  const found: { ours: number[]; other: number[] } = { ours: [], other: [] };
  for (let round = 0; round <= rounds; round++) {
    const mine = await cpuPerRequest(ours.url, ours.headers, ours.pid ?? 0);
    const other = await cpuPerRequest(bare.url, {}, bare.pid);
    step(
      `round ${round}${round === 0 ? " (warm-up)" : ""}: ${mine.toFixed(3)} ms, bare ${other.toFixed(3)} ms`,
    );
    if (round === 0) continue;
    found.ours.push(mine);
    found.other.push(other);
  }
  report({
    name: "read-path",
    ratio: median(found.ours) / median(found.other),
    aim: "<= 3.00",
    ours: `${median(found.ours).toFixed(2)} ms of CPU a cached read over the API`,
    other: `${median(found.other).toFixed(2)} ms a bare Next route handler of the same bytes`,
  });
} finally {
  const ended = new Promise((resolve) => product.once("exit", resolve));
  product.kill("SIGTERM");
  await Promise.all([ended, stopBare?.()]);
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function cpuPerRequest(url: string, headers: Record<string, string>, pid: number): Promise<number> {
  let left = requests;
  const call = async () => {
    while (left-- > 0) {
      const response = await fetch(url, { headers });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    }
  };
  const before = processCpuMs(pid);
  await Promise.all(Array.from({ length: callers }, call));
  return (processCpuMs(pid) - before) / requests;
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
