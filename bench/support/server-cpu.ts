import { readdirSync, readFileSync } from "node:fs";

/** Linux counts the time of processes that have ended in these. */
const ticksPerSecond = 100;

/**
 * CPU a PostgreSQL server has used since it started, in ms, by /proc: the postmaster, its processes of now to the
 * nanosecond (schedstat), and those that ended to 10 ms.
 */
export function serverCpuMs(postmasterPid: number): number {
  const postmaster = statOf(postmasterPid);
  if (!postmaster) throw new Error("the server is gone");
  let total = runMs(postmasterPid) + (postmaster.endedTicks / ticksPerSecond) * 1_000;
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name) && statOf(Number(name))?.parent === postmasterPid) total += runMs(Number(name));
  }
  return total;
}

function runMs(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return 0;
  }
}

function statOf(pid: number): { parent: number; endedTicks: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    return { parent: fields[1] ?? 0, endedTicks: (fields[13] ?? 0) + (fields[14] ?? 0) };
  } catch {
    return null;
  }
}
