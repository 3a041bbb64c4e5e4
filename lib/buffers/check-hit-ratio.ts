import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { explainNoIoTiming } from "./io-columns.ts";
import { bufferThresholds } from "./thresholds.ts";

const { windowSeconds, minBlocks, ...limits } = bufferThresholds.hitShare;

/**
 * Share of blocks found in shared_buffers. By itself it says nothing of what the others cost, which may be nothing: it
 * is judged only where reads are not timed, and then no further than a warning.
 */
export const bufferHitRatio = defineCheck({
  id: "buffers.hit_ratio",
  source: "pg_stat_database.blks_hit, blks_read, over 5 min",
  why: "A database in use finds nine of ten blocks in memory; the ratio does not tell what a miss costs, so it warns at most, and only when it holds for five minutes.",
  for: 300,
  keepFiringFor: 300,
  title: "Buffer hit ratio",
  unit: "ratio",
  path: "caches",
  runbook:
    "Blocks that are not in shared_buffers come from the system's cache, which costs microseconds, or from disk, which costs milliseconds: the ratio does not tell which. Turn track_io_timing on, then Time spent reading judges what they cost. See on Caches which tables and indexes read most, and on Queries which statements: one that scans more than it needs is the usual cause, then a report that reads history once. shared_buffers (a restart) is small when what is used every day does not fit.",
  needs:
    "Five minutes of samples of pg_stat_database, and 50,000 blocks asked for. Where track_io_timing is on, Time spent reading is judged instead.",
  thresholds: { ...limits, direction: "falling" },
  evaluate: (context, limitsFor) =>
    judgeDatabaseCounts(context, { subject: "Buffer hits", windowSeconds }, (counts) => ({
      objects: [judgeHits(counts, limitsFor({ kind: "target" }))],
      complete: true,
    })),
});

export function judgeHits(counts: Counts, threshold: Limits): ObjectState {
  const hits = counts["database.blksHit"] ?? 0;
  const all = hits + (counts["database.blksRead"] ?? 0);
  const timed = counts["database.blkReadTimeMs"] !== undefined;
  const share = all > 0 ? hits / all : null;
  const low = share !== null && all >= minBlocks && stateAt(share, threshold, "falling") !== "ok";
  const state = low && !timed ? "warning" : "ok";
  const within = durationInWords(windowSeconds);
  return {
    object: { kind: "target" },
    state,
    value: share,
    threshold,
    since: null,
    words: {
      title:
        share === null
          ? `No blocks were asked for in the last ${within}.`
          : `${state === "ok" ? "" : "Only "}${percentRoundedDown(share)} of blocks were found in shared_buffers in the last ${within}${state === "ok" ? "." : "; cost unknown: track_io_timing is off."}`,
      detail: timed
        ? "The rest came from the system's cache or from disk. What that costs is judged as Time spent reading."
        : `The rest came from the system's cache or from disk; what that costs is measured after: ${explainNoIoTiming().enable?.replaceAll("\n", " ")}`,
    },
  };
}
