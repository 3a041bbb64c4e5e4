import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { type Cluster, freePort, prepareFolder, superviseServer } from "./cluster.ts";

/** A streaming standby of a test cluster, in a folder that goes with it. */
export interface Standby extends Cluster {
  /** Ends recovery: it becomes a primary on a new timeline. */
  promote(): Promise<void>;
  /** Starts it anew as a standby of another server. */
  follow(upstream: Pick<Cluster, "url">): Promise<void>;
}

export interface StandbyOptions {
  /** Its application_name in the primary's pg_stat_replication. */
  name: string;
  settings?: Record<string, string>;
  /** Where the standby finds the primary; default the primary's own URL. */
  upstream?: Pick<Cluster, "url">;
  /** Address it listens on. Default loopback. */
  host?: string;
  /** Default a free one. */
  port?: number;
  /** Network namespace it runs in; needs root. */
  namespace?: string;
}

/**
 * Copies a running PostgreSQL 18 cluster between pg_backup_start and pg_backup_stop, as pg_basebackup does (the
 * embedded distribution has none), and starts the copy as a hot standby.
 */
export async function startStandby(primary: Cluster, options: StandbyOptions): Promise<Standby> {
  const folder = prepareFolder(18, `audit-test-${options.name}-`);
  const { dataDir, owner } = folder;
  const port = options.port ?? (await freePort());
  let upstream = options.upstream ?? primary;
  const admin = postgres(primary.url, { max: 1, onnotice: () => {} });
  try {
    await admin`select pg_backup_start(${options.name}, true)`;
    copyRunning(primary.dataDir, dataDir);
    const [label] = await admin<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`;
    rmSync(path.join(dataDir, "postmaster.pid"), { force: true });
    writeFileSync(path.join(dataDir, "backup_label"), label?.labelfile ?? "");
    markStandby();
  } finally {
    await admin.end();
  }

  function markStandby(): void {
    const signal = path.join(dataDir, "standby.signal");
    writeFileSync(signal, "");
    if (owner) execFileSync("chown", ["-R", `${owner.uid}:${owner.gid}`, dataDir]);
  }

  const flags = () => {
    const { hostname, port: upstreamPort } = new URL(upstream.url);
    return {
      shared_preload_libraries: "pg_stat_statements",
      wal_retrieve_retry_interval: "200ms",
      wal_receiver_timeout: "5s",
      primary_conninfo: `host=${hostname} port=${upstreamPort} user=postgres password=test application_name=${options.name} connect_timeout=2`,
      // As the largest of the primaries: a standby may have no fewer places than its primary.
      max_connections: "150",
      ...options.settings,
    };
  };
  const server = superviseServer({
    ...folder,
    port,
    flags,
    ...(options.host && { host: options.host }),
    ...(options.namespace && {
      wrap: ["ip", "netns", "exec", options.namespace, ...(owner ? runAs(owner) : [])],
    }),
  });
  await server.start();
  return {
    ...server,
    async promote() {
      const sql = postgres(server.url, { max: 1, onnotice: () => {} });
      await sql`select pg_promote(true, 20)`;
      await sql.end();
    },
    async follow(next) {
      await server.stop("fast");
      upstream = next;
      markStandby();
      await server.start();
    },
  };
}

/** A running server removes files meanwhile: the WAL that is replayed knows of it. */
function copyRunning(from: string, to: string): void {
  const { status, stderr } = spawnSync("cp", ["-a", from, to], {
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } as unknown as NodeJS.ProcessEnv,
  });
  const lines = stderr.split("\n").filter(Boolean);
  if (status !== 0 && !lines.every((line) => line.endsWith("No such file or directory")))
    throw new Error(`cp ended with ${status}: ${stderr}`);
}

/** Sends a signal to every process of a server, children first, so that none outlives the postmaster. */
export function signalServer(server: Cluster, signal: NodeJS.Signals): void {
  const pid = server.pid();
  if (!pid) return;
  for (const each of [...childrenOf(pid), pid]) {
    try {
      process.kill(each, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

function runAs(owner: { uid: number; gid: number }): string[] {
  return ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"];
}
