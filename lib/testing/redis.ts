import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./cluster.ts";

export interface TestRedis {
  url: string;
  port: number;
  /** For looking at what stands there, past the product. */
  redis: Redis;
  pid(): number;
  /** kill -9 */
  kill(): Promise<void>;
  /** On the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Redis on loopback, without persistence; `settings` as on its command line, without the dashes. */
export async function startRedis(settings: Record<string, string> = {}): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-redis-"));
  let server = await start(port, folder, settings);
  const redis = new Redis({ port, lazyConnect: true, retryStrategy: () => 100 });
  redis.on("error", () => {});
  const stopServer = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGKILL");
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    redis,
    pid: () => server.pid ?? 0,
    kill: stopServer,
    async restart() {
      server = await start(port, folder, settings);
    },
    async stop() {
      redis.disconnect();
      await stopServer();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A sentinel (quorum of one) that watches this Redis as `mymaster`. */
export async function startSentinel(masterPort: number): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-sentinel-"));
  const file = path.join(folder, "sentinel.conf");
  writeFileSync(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 ${masterPort} 1\n`);
  const child = spawn("redis-server", [file, "--sentinel"], { cwd: folder, stdio: "ignore" });
  await answering(port);
  return {
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(port: number, folder: string, settings: Record<string, string>): Promise<ChildProcess> {
  const all = { port: String(port), bind: "127.0.0.1", save: "", appendonly: "no", dir: folder, ...settings };
  const child = spawn(
    "redis-server",
    Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    { stdio: "ignore" },
  );
  await answering(port);
  return child;
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.end());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Redis does not answer");
}
