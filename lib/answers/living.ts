import type { InstanceReport } from "../collector/types.ts";

/** Processes whose memory still exists: a silent one's figures are no longer anybody's. */
export function livingOnly(reports: readonly InstanceReport[]): InstanceReport[] {
  return reports.filter((report) => !report.silent);
}
