import { findQueryCacheDrop } from "../answers/find-query-cache-drop.ts";
import { findRedisProblems } from "../answers/find-redis-problems.ts";
import { judgeHits } from "../buffers/judge-hits.ts";
import { coveredSeconds, growth } from "../collector/history/ratio.ts";
import type { SeriesHistory } from "../collector/types.ts";
import { AppError } from "../errors.ts";
import { durationInWords, type Finding } from "../finding.ts";
import type { ReadContext } from "../read.ts";
import { getChecksumFailures } from "../workload/get-checksum-failures.ts";
import {
  type Counted,
  judgeChecksums,
  judgeDeadlocks,
  judgeRollbacks,
  judgeTempFiles,
} from "../workload/judge-counts.ts";
import { type CacheThresholds, cacheThresholds } from "./thresholds.ts";

const path = "caches";
const series = [
  "database.blksHit",
  "database.blksRead",
  "database.commits",
  "database.rollbacks",
  "database.tempFiles",
  "database.tempBytes",
  "database.deadlocks",
];

/**
 * What the checks on caches, Redis, rollbacks, temporary files, deadlocks and checksums find, in no order. All but
 * checksums and Redis's state rest on samples: while too few were taken, one notice says so instead.
 * @throws AppError UNAVAILABLE while the audit database is down: last known figures are no findings.
 */
export async function getCacheFindings(
  context: Pick<ReadContext, "audit" | "history" | "instances" | "now">,
  thresholds: CacheThresholds = cacheThresholds,
): Promise<Finding[]> {
  const { hitShare, rollbackShare, tempFiles, deadlocks } = thresholds;
  const windows = new Map<number, ReturnType<typeof countOver>>();
  const over = ({ windowSeconds }: { windowSeconds: number }) => {
    const known = windows.get(windowSeconds) ?? countOver(context, windowSeconds);
    windows.set(windowSeconds, known);
    return known;
  };
  const [checksums, redis, answers, blocks, transactions, files, dead] = await Promise.all([
    getChecksumFailures(context.audit),
    findRedisProblems(context, thresholds),
    findQueryCacheDrop(context, thresholds.queryCacheDrop),
    over(hitShare),
    over(rollbackShare),
    over(tempFiles),
    over(deadlocks),
  ]);
  if (checksums.stale) {
    const { reason, since } = checksums.stale;
    throw new AppError("UNAVAILABLE", `The audit database cannot be asked: ${reason}.`, { since });
  }
  const unsampled = [...judgeChecksums(checksums.data), ...redis];
  // A window that is mostly gaps would call a quiet minute a quiet five minutes.
  if (dead.coveredSeconds < deadlocks.windowSeconds * 0.6) {
    return [...unsampled, notYet(dead.coveredSeconds, deadlocks.windowSeconds)];
  }
  return [
    ...unsampled,
    ...answers,
    ...judgeHits(blocks.counted, thresholds),
    ...judgeRollbacks(transactions.counted, thresholds),
    ...judgeTempFiles(files.counted, thresholds),
    ...judgeDeadlocks(dead.counted, thresholds),
  ];
}

async function countOver(
  { audit, history, now }: Pick<ReadContext, "audit" | "history" | "now">,
  seconds: number,
): Promise<{ counted: Counted; coveredSeconds: number }> {
  const range = { from: new Date(now.getTime() - seconds * 1_000), to: now };
  const found: SeriesHistory = await history.totals(audit.target, series, range);
  const growths = series.map((name) => [name, growth(found.series[name], found.stepSeconds)] as const);
  return {
    counted: Object.fromEntries(growths),
    coveredSeconds: coveredSeconds(found.series["database.commits"], found.stepSeconds),
  };
}

function notYet(seconds: number, needed: number): Finding {
  const reason = `Rates need ${durationInWords(needed)} of samples; ${durationInWords(seconds)} of them could be read.`;
  return {
    check: "caches.rates",
    severity: "notice",
    title: "Buffer hits, rollbacks, temporary files and deadlocks are not judged yet.",
    detail: reason,
    path,
    unavailable: { code: "insufficient_data", reason },
  };
}
