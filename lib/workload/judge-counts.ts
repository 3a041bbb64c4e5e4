import { counted, durationInWords, type Finding, percentRoundedDown, severityAt } from "../finding.ts";
import type { ChecksumFailures } from "./get-checksum-failures.ts";
import { workloadThresholds } from "./thresholds.ts";

const path = "caches";

/** Series of `database.*` → what its counter grew by over the window of the check. */
export type Counted = Record<string, number>;

/** Share of transactions rolled back, when enough ended. */
export function judgeRollbacks(counts: Counted, { rollbackShare } = workloadThresholds): Finding[] {
  const rollbacks = counts["database.rollbacks"] ?? 0;
  const all = rollbacks + (counts["database.commits"] ?? 0);
  const severity = all >= rollbackShare.minTransactions && severityAt(rollbacks / all, rollbackShare);
  if (!severity) return [];
  const within = durationInWords(rollbackShare.windowSeconds);
  return [
    {
      check: "caches.rollbacks",
      severity,
      title: `${percentRoundedDown(rollbacks / all)} of transactions were rolled back in the last ${within} (${Math.round(rollbacks)} of ${Math.round(all)}).`,
      detail: "Each is work thrown away. The server's log names the errors behind them.",
      path,
    },
  ];
}

/** Sorts and hashes that did not fit work_mem. */
export function judgeTempFiles(counts: Counted, { tempFiles } = workloadThresholds): Finding[] {
  const files = Math.round(counts["database.tempFiles"] ?? 0);
  if (files <= tempFiles.warning) return [];
  const megabytes = Math.max(1, Math.round((counts["database.tempBytes"] ?? 0) / 1_048_576));
  return [
    {
      check: "caches.tempFiles",
      severity: "warning",
      title: `${files} temporary files (${megabytes} MB) were written in the last ${durationInWords(tempFiles.windowSeconds)}.`,
      detail:
        "Sorts or hashes did not fit work_mem and went to disk. See which statements write them, and give those more work_mem or an index.",
      path: "queries",
    },
  ];
}

/** Deadlocks the server broke by ending one of the transactions. */
export function judgeDeadlocks(counts: Counted, { deadlocks } = workloadThresholds): Finding[] {
  const count = Math.round(counts["database.deadlocks"] ?? 0);
  if (count <= deadlocks.warningAbove) return [];
  const perMinute = count / (deadlocks.windowSeconds / 60);
  const within = durationInWords(deadlocks.windowSeconds);
  return [
    {
      check: "caches.deadlocks",
      severity: perMinute > deadlocks.criticalPerMinute ? "critical" : "warning",
      title: `${counted(count, "deadlock")} ${count === 1 ? "was" : "were"} broken in the last ${within}.`,
      detail:
        "Two transactions each waited for a lock of the other's, and one was ended with an error. The server's log shows both statements; taking locks in one order avoids it.",
      path: "connections",
    },
  ];
}

/** A page whose checksum does not match is damaged data: always critical. */
export function judgeChecksums(failures: readonly ChecksumFailures[]): Finding[] {
  return failures.map(({ database, count, last }) => ({
    check: "caches.checksums",
    severity: "critical",
    title: `${counted(count, "page")} of ${database} failed ${count === 1 ? "its" : "their"} checksum.`,
    detail:
      "Stored data is damaged: suspect disk, controller or memory. Keep backups from before, find the relation in the server's log, and check with amcheck or pg_checksums before anything else.",
    ...(last && { since: last }),
    path,
  }));
}
