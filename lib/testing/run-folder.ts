import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import path from "node:path";

const memory = "/dev/shm";
/** Servers, their write-ahead logs and the exports of a run stay under half of it. */
const wantedBytes = 8 * 1024 ** 3;
const prefix = "audit-test-run-";
const longestRunMs = 2 * 3_600_000;

/**
 * Makes the folder that all temporary files of a run stand in: in memory where there is plenty of it, else where the
 * system keeps temporary files. Databases are made and dropped hundreds of times, each of seven hundred files, and ext4
 * looks at everything that was deleted of late for each file that is made: a fifth of the cores' time.
 */
export function makeRunFolder(): string {
  const parent = isRoomyMemory() ? memory : tmpdir();
  for (const folder of readdirSync(parent).map((name) => path.join(parent, name)))
    if (isLeftBehind(folder)) removeFolder(folder);
  const folder = mkdtempSync(path.join(parent, `${prefix}${process.pid}-`));
  // Servers run as another user, who has to get through.
  chmodSync(folder, 0o755);
  return folder;
}

/** What somebody still writes to is left to the next run. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (thrown) {
    process.stderr.write(`${folder} stays: ${(thrown as Error).message}\n`);
  }
}

/** Programs may have to be copied there. */
function isRoomyMemory(): boolean {
  try {
    const [, options] = /^\S+ \/dev\/shm tmpfs (\S+) /m.exec(readFileSync("/proc/mounts", "utf8")) ?? [];
    const { bavail, bsize } = statfsSync(memory);
    return !!options && !/noexec|\bro\b/.test(options) && Math.min(bavail * bsize, freemem()) > wantedBytes;
  } catch {
    return false;
  }
}

/** Of a run that was killed; the process of one in another container looks gone as well. */
function isLeftBehind(folder: string): boolean {
  const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(path.basename(folder)) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    const gone = (thrown as NodeJS.ErrnoException).code === "ESRCH";
    return gone && statSync(folder).mtimeMs < Date.now() - longestRunMs;
  }
}
