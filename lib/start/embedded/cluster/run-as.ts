import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../refusal.ts";
import type { Binaries } from "./binaries.ts";

/** How PostgreSQL's programs are run: they refuse to run as root. */
export interface RunAs {
  /** Put before the program. */
  prefix: string[];
  /** Set where the programs run as another user, who must then own the cluster's folder. */
  ids?: { uid: number; gid: number };
}

/** Root seen as `nobody` from inside: PostgreSQL accepts it, and root's own folders stay reachable. */
const namespaced: RunAs = { prefix: ["unshare", "--user", "--map-user=65534", "--map-group=65534"] };

/**
 * Chooses a way that works on this machine, found by trying: as ourselves; as root through the user `postgres`
 * (made when there is none); where that user cannot reach the folders (root's home is closed to others), in a
 * user namespace.
 * @throws Refusal when neither works, saying what to do.
 */
export function chooseRunAs(binaries: Binaries, dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const existing = path.join(dataDir, "PG_VERSION");
  const owner = existsSync(existing) ? statSync(existing).uid : null;
  if (owner !== 0) {
    const ids = postgresUser();
    if (ids && works({ prefix: [], ids }, binaries, path.dirname(dataDir))) return { prefix: [], ids };
  }
  if ((owner === null || owner === 0) && works(namespaced, binaries, path.dirname(dataDir)))
    return namespaced;
  throw new Refusal(
    "PostgreSQL refuses to run as root, and the user `postgres` cannot reach " +
      `${path.dirname(binaries.postgres)} or ${dataDir} (a folder above them is closed to other users, as root's home is). ` +
      "Move the product to a folder that everybody may enter, such as /opt, or run it as an ordinary user.",
  );
}

/** Runs one of PostgreSQL's programs to its end, out of reach of the terminal's Ctrl-C. */
export function runProgram(
  runAs: RunAs,
  program: string,
  args: string[],
  cwd: string,
): Promise<{ code: number; output: string }> {
  const [command, ...rest] = [...runAs.prefix, program, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? program, rest, {
      ...runAs.ids,
      cwd,
      env: { NODE_ENV: "production", PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", TZ: "UTC" },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (chunk: Buffer) => {
      output = (output + chunk).slice(-8_000);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    // Not "close": a server that pg_ctl leaves running may keep the pipes.
    child.once("exit", (code) => {
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: code ?? 1, output });
    });
  });
}

function works(runAs: RunAs, binaries: Binaries, folder: string): boolean {
  const script = 'cd "$1" && test -r "$2" && "$3" --version';
  const args = ["/bin/sh", "-c", script, "sh", folder, binaries.catalog, binaries.postgres];
  const [command = "/bin/sh", ...rest] = [...runAs.prefix, ...args];
  return spawnSync(command, rest, { ...runAs.ids, cwd: "/", stdio: "ignore" }).status === 0;
}

function postgresUser(): { uid: number; gid: number } | null {
  const find = () => {
    try {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      return null;
    }
  };
  const known = find();
  if (known) return known;
  spawnSync(
    "useradd",
    ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"],
    {
      stdio: "ignore",
    },
  );
  return find();
}
