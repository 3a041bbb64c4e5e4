import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../port.ts";
import { processBegan } from "../../process-identity.ts";
import { Refusal } from "../../refusal.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { clearCrashMark, type PostmasterState, readPostmaster } from "./postmaster.ts";
import { chooseRunAs, type RunAs, runProgram } from "./run-as.ts";

export interface ClusterOptions {
  /** The cluster's folder; made and initialised when it is not there. Absolute. */
  folder: string;
  superuserPassword: string;
  /** The port it had before, kept while it is free. */
  port?: number;
  /** Server settings; values must not hold spaces or quotes. */
  settings: Record<string, string>;
}

/** A PostgreSQL 18 server of our own, on loopback. */
export interface Cluster {
  readonly folder: string;
  readonly port: number;
  /** Whether a server that an earlier, killed instance left running was stopped first. */
  readonly orphanStopped: boolean;
  /** Superuser URL of a database. */
  url(database: string): string;
  state(): PostmasterState;
  /** Starts it again after a crash. */
  restart(): Promise<void>;
  /** Fast shutdown; immediate when that takes longer than `fastSeconds`. */
  stop(fastSeconds?: number): Promise<void>;
}

const superuser = "postgres";

/**
 * Initialises the folder if it is new, stops a server that a killed instance left behind, and starts it.
 * The server is a daemon of its own: it neither gets the terminal's Ctrl-C nor dies with this process.
 * @throws Refusal with the server's own last words when it does not start.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { folder } = options;
  const binaries = await findBinaries();
  const runAs = chooseRunAs(binaries, folder);
  if (!existsSync(path.join(folder, "PG_VERSION"))) await initialise(options, binaries, runAs);
  requireVersion(folder);

  const orphanStopped = readPostmaster(folder).state === "running";
  if (orphanStopped) await stopServer(folder, binaries, runAs);
  let port = await freePort(options.port);
  const start = () => startServer(options, port, binaries, runAs);
  for (let attempt = 1; ; attempt++) {
    try {
      await start();
      break;
    } catch (thrown) {
      // A port that was free a moment ago may have become somebody's outgoing connection.
      if (attempt === 5 || !(thrown instanceof Refusal && /listen socket/i.test(thrown.message)))
        throw thrown;
      port = await freePort();
    }
  }
  return {
    folder,
    port,
    orphanStopped,
    url: (database) =>
      `postgres://${superuser}:${encodeURIComponent(options.superuserPassword)}@127.0.0.1:${port}/${database}`,
    state: () => readPostmaster(folder),
    restart: start,
    stop: (fastSeconds = 5) => stopServer(folder, binaries, runAs, fastSeconds),
  };
}

/** In a folder beside, renamed when complete: an interrupted initialisation leaves nothing that looks whole. */
async function initialise(options: ClusterOptions, binaries: Binaries, runAs: RunAs): Promise<void> {
  const parent = path.dirname(options.folder);
  const draft = `${options.folder}.new`;
  const passwordFile = `${options.folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${options.superuserPassword}\n`, { mode: 0o600 });
  if (runAs.ids) {
    for (const file of [draft, passwordFile]) chownSync(file, runAs.ids.uid, runAs.ids.gid);
  }
  const { code, output } = await runProgram(
    runAs,
    binaries.initdb,
    [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      "--data-checksums",
    ],
    parent,
  ).finally(() => rmSync(passwordFile, { force: true }));
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Refusal(
      `The embedded PostgreSQL could not be initialised in ${options.folder}. It said: ${oneLine(output)}`,
    );
  }
  rmSync(options.folder, { recursive: true, force: true });
  renameSync(draft, options.folder);
}

function requireVersion(folder: string): void {
  const version = readFileSync(path.join(folder, "PG_VERSION"), "utf8").trim();
  if (version === "18") return;
  throw new Refusal(
    `${folder} holds a PostgreSQL ${version} cluster, and this release brings PostgreSQL 18. ` +
      "Keep using the release that made it, or set DATA_DIR to a new folder.",
  );
}

async function startServer(
  options: ClusterOptions,
  port: number,
  binaries: Binaries,
  runAs: RunAs,
): Promise<void> {
  const { folder } = options;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    logging_collector: "on",
    log_directory: "log",
    log_filename: "postgresql-%a.log",
    log_truncate_on_rotation: "on",
    log_rotation_age: "1d",
    ...options.settings,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value === "" ? "''" : value}`);
  const startupLog = path.join(folder, "startup.log");
  rmSync(startupLog, { force: true });
  for (let attempt = 1; ; attempt++) {
    if (readPostmaster(folder).state === "crashed") clearCrashMark(folder);
    const { code, output } = await runProgram(
      runAs,
      binaries.pgCtl,
      ["start", "-w", "-t", "60", "-D", folder, "-l", startupLog, "-o", `-p ${port} ${flags.join(" ")}`],
      path.dirname(folder),
    );
    if (code === 0) return;
    const said = lastWords(folder, startupLog) || oneLine(output);
    // Children of a server that was killed need a moment to notice and let go of the shared memory.
    if (attempt < 10 && /shared memory block|lock file/i.test(said)) {
      await sleep(500);
      continue;
    }
    throw new Refusal(
      `The embedded PostgreSQL in ${folder} does not start. It said: ${said} ` +
        "Mend that and start again; the data folder was left as it is.",
    );
  }
}

async function stopServer(folder: string, binaries: Binaries, runAs: RunAs, fastSeconds = 5): Promise<void> {
  const stop = (mode: string, seconds: number) =>
    runProgram(
      runAs,
      binaries.pgCtl,
      ["stop", "-w", "-t", String(seconds), "-m", mode, "-D", folder],
      path.dirname(folder),
    );
  const running = readPostmaster(folder);
  if (running.state !== "running") return;
  await stop("fast", fastSeconds);
  // Safe for the data: the next start replays the log.
  if (readPostmaster(folder).state === "running") await stop("immediate", 3);
  // pg_ctl waits for the server's mark in its folder to go; the process itself goes a moment later.
  for (let left = 100; left > 0 && processBegan(running.pid) !== null; left--) await sleep(10);
}

function lastWords(folder: string, startupLog: string): string {
  const read = (file: string) => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  const logs = path.join(folder, "log");
  const newest = existsSync(logs) ? readdirSync(logs).map((name) => path.join(logs, name)) : [];
  const text = [startupLog, ...newest].map(read).join("\n");
  return oneLine(
    text
      .split("\n")
      .filter((line) => /FATAL|PANIC|ERROR|HINT|could not/.test(line))
      .slice(-3)
      .join(" "),
  );
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ").slice(-600);
}
