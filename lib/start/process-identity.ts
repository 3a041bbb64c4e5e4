import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** When a process began, in whatever unit the system has: with the pid it names one process for good. Null when none runs. */
export function processBegan(pid: number): string | null {
  if (process.platform === "linux") {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return null;
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      return `${boot}/${fields[19]}`;
    } catch {
      return null;
    }
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}

/** The folder a process works in, where the system tells; undefined when it does not, null when no such process runs. */
export function processFolder(pid: number): string | null | undefined {
  if (processBegan(pid) === null) return null;
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
