import { readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { processFolder } from "../../process-identity.ts";

/** What a cluster's folder says about its server. */
export type PostmasterState =
  | { state: "running"; pid: number; port: number }
  /** The server ended without cleaning up: killed, or the machine went down. */
  | { state: "crashed" }
  /** Stopped properly, or never started. */
  | { state: "stopped" };

/** Reads `postmaster.pid` and checks that the process it names is really this folder's server. */
export function readPostmaster(clusterDir: string): PostmasterState {
  let lines: string[];
  try {
    lines = readFileSync(pidFile(clusterDir), "utf8").split("\n");
  } catch {
    return { state: "stopped" };
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return { state: "crashed" };
  const folder = processFolder(pid);
  if (folder === null) return { state: "crashed" };
  // A server works in its own folder; another process may have been given the number since.
  if (folder !== undefined && folder !== realpathSync(clusterDir)) return { state: "crashed" };
  return { state: "running", pid, port };
}

/** Clears a crashed server's mark, which would stop the next one if its number was given to another process. */
export function clearCrashMark(clusterDir: string): void {
  rmSync(pidFile(clusterDir), { force: true });
}

function pidFile(clusterDir: string): string {
  return path.join(clusterDir, "postmaster.pid");
}
