import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./cluster.ts";
import type { TestDatabase } from "./database.ts";

/**
 * PgBouncer in front of a test database, as the database's user `targetUrl` names; it does not run as root.
 * @param others URLs of further users it knows
 * @returns the same URL through the pooler, and that of its admin console (for users in `stats_users`)
 */
export async function startPooler(
  database: Pick<TestDatabase, "name">,
  targetUrl: string,
  settings: Record<string, string>,
  others: readonly string[] = [],
): Promise<{ url: string; adminUrl: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-pgbouncer-"));
  chmodSync(folder, 0o755);
  const target = new URL(targetUrl);
  const port = await freePort();
  const users = [targetUrl, ...others].map((url) => new URL(url));
  writeFileSync(
    path.join(folder, "users.txt"),
    users.map(({ username, password }) => `"${username}" "${password}"\n`).join(""),
  );
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
  const admin = new URL(target);
  admin.pathname = "/pgbouncer";
  return {
    url: target.href,
    adminUrl: admin.href,
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
