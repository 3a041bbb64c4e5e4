import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { freePort } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getCapabilities } from "./get-capabilities.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const nothingConfigured = { replicaUrls: 0, poolerUrl: false, redisUrl: false, redisAnswers: null };
const sessionSettings =
  "extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,default_transaction_read_only,plan_cache_mode";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase({ template: "empty" });
});
afterAll(() => database?.drop());

/** PgBouncer in front of the test database; it does not run as root. */
async function startPooler(
  settings: Record<string, string>,
): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-pgbouncer-"));
  chmodSync(folder, 0o755);
  const target = new URL(await database.login(["pg_monitor"]));
  const port = await freePort();
  writeFileSync(path.join(folder, "users.txt"), `"${target.username}" "${target.password}"\n`);
  const lines = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    unix_socket_dir: "",
    auth_type: "plain",
    auth_file: path.join(folder, "users.txt"),
    ...settings,
  };
  const file = path.join(folder, "pgbouncer.ini");
  const text = Object.entries(lines).map(([name, value]) => `${name} = ${value}`);
  writeFileSync(
    file,
    `[databases]\n${database.name} = host=127.0.0.1 port=${target.port}\n[pgbouncer]\n${text.join("\n")}\n`,
  );
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
  const owner = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  const pooler = spawn("pgbouncer", [file], { ...owner, cwd: folder, stdio: "ignore" });
  const exited = new Promise((resolve) => pooler.once("exit", resolve));
  await listening(port);
  target.port = String(port);
  return {
    url: target.href,
    async stop() {
      pooler.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connectSocket(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("close", () => socket.destroy());
      socket.once("connect", () => socket.end());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("PgBouncer does not listen");
}

async function examine(url: string) {
  const audit = connect({ target: "t", urls: { watch: url }, logger: quiet });
  try {
    const { data } = await getCapabilities(audit, nothingConfigured, new Date());
    return { status: audit.status(), direct: data.capabilities.find((c) => c.id === "direct_connection") };
  } finally {
    await audit.close();
  }
}

describe("a transaction pooler in between", () => {
  test.each([
    [
      "that drops our session settings",
      { pool_mode: "transaction", ignore_startup_parameters: sessionSettings },
    ],
    ["that refuses our session settings", { pool_mode: "transaction" }],
  ])("%s is named as what is wrong", async (_how, settings) => {
    const pooler = await startPooler(settings);
    try {
      const { status, direct } = await examine(pooler.url);
      expect(status).toMatchObject({ state: "down", cause: "pooler" });
      expect(direct).toMatchObject({
        state: "missing",
        enable: expect.stringContaining("AUDIT_DATABASE_URL"),
      });
      expect(direct?.evidence).toMatch(/pooler/);
    } finally {
      await pooler.stop();
    }
  });
});
