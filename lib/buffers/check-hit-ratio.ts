import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { bufferThresholds } from "./thresholds.ts";

const { windowSeconds, minBlocks, ...limits } = bufferThresholds.hitShare;

/** Share of blocks found in shared_buffers, when enough were asked for to mean something. */
export const bufferHitRatio = defineCheck({
  id: "buffers.hit_ratio",
  title: "Buffer hit ratio",
  unit: "ratio",
  path: "caches",
  runbook:
    "Blocks that are not in shared_buffers come from the system's cache or from disk. See on Caches which tables and indexes read most, and on Queries which statements: one that scans more than it needs is the usual cause, then a report that reads history once. shared_buffers (a restart) is small when what is used every day does not fit.",
  needs: "Five minutes of samples of pg_stat_database, and 50,000 blocks asked for.",
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
  const share = all > 0 ? hits / all : null;
  const state = share === null || all < minBlocks ? "ok" : stateAt(share, threshold, "falling");
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
          : `${state === "ok" ? "" : "Only "}${percentRoundedDown(share)} of blocks were found in shared_buffers in the last ${within}.`,
      detail:
        "The rest came from the system's cache or from disk. See which tables read most: a query may scan more than it needs, or shared_buffers may be small for what is used.",
    },
  };
}
