import { readdirSync, readFileSync } from "node:fs";

export interface Memory {
  /** Resident memory of the process and its descendants, added up: pages they share count for each. */
  rssBytes: number;
  /** The same with shared pages divided among those that share them. */
  pssBytes: number;
}

/** By /proc. */
export function memoryOfTree(root: number): Memory {
  const pids = [root];
  for (const pid of pids) pids.push(...childrenOf(pid));
  const sum = (file: string, field: string) =>
    pids.reduce((total, pid) => total + kibibytes(`/proc/${pid}/${file}`, field) * 1_024, 0);
  return { rssBytes: sum("status", "VmRSS"), pssBytes: sum("smaps_rollup", "Pss") };
}

/** The first descendant of a process whose command line holds `text`. */
export function findDescendant(root: number, text: string): number | null {
  const pids = [root];
  for (const pid of pids) {
    if (pid !== root && read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").includes(text)) return pid;
    pids.push(...childrenOf(pid));
  }
  return null;
}

/** Samples the memory of a process and its descendants until the answered function is called, which tells the most. */
export function watchMemory(root: number, everyMs: number): () => Memory {
  const most: Memory = { rssBytes: 0, pssBytes: 0 };
  const look = () => {
    const now = memoryOfTree(root);
    most.rssBytes = Math.max(most.rssBytes, now.rssBytes);
    most.pssBytes = Math.max(most.pssBytes, now.pssBytes);
  };
  look();
  const timer = setInterval(look, everyMs);
  return () => {
    clearInterval(timer);
    look();
    return most;
  };
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

function kibibytes(file: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(read(file))?.[1] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
