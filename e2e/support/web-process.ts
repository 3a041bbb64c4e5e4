import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { freePort } from "../../lib/testing/cluster.ts";
import { urlOf } from "./audit-server.ts";
import { world } from "./world.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** As `npm start` does. */
const prepareWeb = path.join(root, "lib/start/prepare-web.ts");
const readyWithinMs = 120_000;
/** The supervisor's own is ten seconds. */
const patienceMs = 10_000;

/** One more web process of the build on the world's databases, in which nothing has been asked yet. */
export interface WebProcess {
  address: string;
  port: number;
  /** What it has written, its log among it. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts one with the target `audit` and its writer. It shares accounts and tokens with the world, not sessions. */
export async function startWebProcess(): Promise<WebProcess> {
  const { auditUrl, watchUrl, consoleUrl } = world();
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const writerUrl = urlOf(auditUrl, { user: "writer_login", password: "e2e" });
  const child = spawn(
    process.execPath,
    [
      "--import",
      prepareWeb,
      "node_modules/next/dist/bin/next",
      "start",
      "--hostname=127.0.0.1",
      `--port=${port}`,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
        CONSOLE_DATABASE_URL: consoleUrl,
        AUDIT_DATABASES: JSON.stringify({ audit: { database_url: watchUrl, writer_url: writerUrl } }),
        NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
        NEXTAUTH_URL: address,
        INGEST_EVENTS_PER_SECOND: "100000",
        PORT: String(port),
        LOG_LEVEL: "warn",
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk;
    });
  const stop = () => stopProcess(child);
  const until = Date.now() + readyWithinMs;
  while (!(await isReady(address))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`the web process was not ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { address, port, output: () => output, stop };
}

async function isReady(address: string): Promise<boolean> {
  return fetch(`${address}/api/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await exited;
  clearTimeout(timer);
}
