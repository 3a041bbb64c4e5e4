import { readdirSync, readFileSync } from "node:fs";

/** Linux counts process time in these. */
const ticksPerSecond = 100;

interface ProcessTimes {
  parent: number;
  ownTicks: number;
  /** Of children that have ended and were waited for. */
  endedTicks: number;
}

/**
 * CPU a PostgreSQL server has used since it started, in ms, by /proc: the postmaster, its processes of now and
 * those that ended. Resolution 10 ms a process, so measure over many rounds.
 */
export function serverCpuMs(postmasterPid: number): number {
  const postmaster = times(postmasterPid);
  if (!postmaster) throw new Error("the server is gone");
  let ticks = postmaster.ownTicks + postmaster.endedTicks;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const child = times(Number(name));
    if (child?.parent === postmasterPid) ticks += child.ownTicks;
  }
  return (ticks / ticksPerSecond) * 1_000;
}

function times(pid: number): ProcessTimes | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold spaces.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const at = (index: number) => fields[index] ?? 0;
    return { parent: at(1), ownTicks: at(11) + at(12), endedTicks: at(13) + at(14) };
  } catch {
    return null;
  }
}
