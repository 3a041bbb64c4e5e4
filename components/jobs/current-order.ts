import type { JobSummary } from "@/lib/work/types.ts";

/** What runs, then what waits, each in the order in which it was asked for. */
export function inCurrentOrder(jobs: readonly JobSummary[]): JobSummary[] {
  return jobs.toSorted(
    (a, b) => Number(b.state === "running") - Number(a.state === "running") || a.id.localeCompare(b.id),
  );
}
