import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { processBegan } from "../process-identity.ts";
import { Refusal } from "../refusal.ts";

export interface InstanceLock {
  /** Whether the previous instance on this folder died without cleaning up. */
  previousDied: boolean;
  release(): void;
}

/**
 * One instance at a time may use a data folder.
 * @throws Refusal naming the process that has it.
 */
export function lockInstance(dataDir: string): InstanceLock {
  const file = path.join(dataDir, "instance.lock");
  let previousDied = false;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryCreate(file, `${process.pid} ${processBegan(process.pid)}\n`)) {
      return { previousDied, release: () => rmSync(file, { force: true }) };
    }
    const holder = readHolder(file);
    if (holder && processBegan(holder.pid) === holder.began) {
      throw new Refusal(
        `Another instance of the console (process ${holder.pid}) already uses the data folder ${dataDir}. ` +
          "Stop that one first, or give this one a folder of its own with DATA_DIR (and another PORT).",
      );
    }
    previousDied = true;
    rmSync(file, { force: true });
  }
  throw new Refusal(
    `Several instances start on the data folder ${dataDir} at once. Start one of them again.`,
  );
}

function tryCreate(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
}

function readHolder(file: string): { pid: number; began: string } | null {
  try {
    const [pid, began] = readFileSync(file, "utf8").trim().split(/ (.*)/s);
    return pid && began ? { pid: Number(pid), began } : null;
  } catch {
    return null;
  }
}
