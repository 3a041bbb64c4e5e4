import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { explainNoIoTiming } from "./io-columns.ts";
import { bufferThresholds } from "./thresholds.ts";

const { windowSeconds, minActiveShare, ...limits } = bufferThresholds.readCost;

/** Share of the time of statements that they spent reading blocks that were not in shared_buffers. */
export const readCost = defineCheck({
  id: "buffers.read_cost",
  source: "pg_stat_database.blk_read_time, active_time; pg_stat_io from 16",
  why: "Below 30 % of statements' time more memory would hardly be felt; above 60 % they mostly wait. It must hold for five minutes, because a backup or a report reads a lot once.",
  for: 300,
  keepFiringFor: 300,
  title: "Time spent reading",
  unit: "ratio",
  path: "caches",
  runbook:
    "Statements spend much of their time waiting for blocks from the system's cache or from disk. See on Caches the read latency: high, the storage is slow or busy (a checkpoint, a backup, a neighbour); low, there are many reads, and Caches and Queries tell which tables and statements ask for them. One that scans more than it needs is the usual cause. More shared_buffers (a restart) or more memory for the system's cache helps when what is used every day does not fit.",
  needs:
    "track_io_timing on, five minutes of samples of pg_stat_database, and statements that ran 1 % of the time.",
  thresholds: { ...limits, direction: "rising" },
  covers: ["buffers.hit_ratio"],
  // Without timing the hit ratio stands in, and says so.
  optional: true,
  evaluate: (context, limitsFor) =>
    judgeDatabaseCounts(context, { subject: "Reads", windowSeconds }, (counts) =>
      counts["database.blkReadTimeMs"] === undefined
        ? cannotJudge("What reads cost is not known.", explainNoIoTiming())
        : { objects: [judgeReadCost(counts, limitsFor({ kind: "target" }))], complete: true },
    ),
});

export function judgeReadCost(counts: Counts, threshold: Limits): ObjectState {
  const activeMs = counts["database.activeMs"] ?? 0;
  const readMs = clientReadMs(counts);
  const blocks = counts["database.blksRead"] ?? 0;
  // Parallel workers read without being active sessions.
  const share = activeMs > 0 ? Math.min(1, readMs / activeMs) : null;
  const worthIt = activeMs >= minActiveShare * windowSeconds * 1_000;
  const within = durationInWords(windowSeconds);
  const each = blocks > 0 ? `${((counts["database.blkReadTimeMs"] ?? 0) / blocks).toFixed(2)} ms` : null;
  return {
    object: { kind: "target" },
    state: share === null || !worthIt ? "ok" : stateAt(share, threshold),
    value: share,
    threshold,
    since: null,
    words: {
      title:
        share === null
          ? `No statement ran in the last ${within}.`
          : `Statements spent ${percentRoundedDown(share)} of their time reading in the last ${within}${each === null ? "" : `, ${each} a block`}.`,
      detail:
        "These blocks were not in shared_buffers. See on Caches the latency and which tables read most: the storage may be slow, or a statement may scan more than it needs.",
    },
  };
}

/**
 * pg_stat_database counts what autovacuum reads as well, pg_stat_io (from 16) what clients of all databases do: the
 * smaller of the two is nearer to what this database's clients waited for.
 */
function clientReadMs(counts: Counts): number {
  return Math.min(
    counts["database.blkReadTimeMs"] ?? 0,
    counts["io.client.readTimeMs"] ?? Number.POSITIVE_INFINITY,
  );
}
