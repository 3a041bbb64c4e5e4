import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { counted, durationInWords } from "../words.ts";
import { workloadThresholds } from "./thresholds.ts";

const { windowSeconds, ...limits } = workloadThresholds.tempFiles;

/** Sorts and hashes that did not fit work_mem. */
export const tempFiles = defineCheck({
  id: "workload.temp_files",
  source: "pg_stat_database.temp_files, over 5 min",
  why: "A report may spill now and then; more than ten files in five minutes are statements that spill each time.",
  for: 60,
  keepFiringFor: 300,
  title: "Temporary files",
  unit: "count",
  path: "queries",
  runbook:
    "Sorts or hashes did not fit work_mem and went to disk. Order Queries by temporary blocks to see which statements write them; give those more work_mem (SET LOCAL, or for the role), or an index that spares the sort. Raising work_mem for everybody is memory times connections. log_temp_files names each in the server's log.",
  needs: "Five minutes of samples of pg_stat_database.",
  thresholds: { ...limits, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgeDatabaseCounts(context, { subject: "Temporary files", windowSeconds }, (counts) => ({
      objects: [judgeTempFiles(counts, limitsFor({ kind: "target" }))],
      complete: true,
    })),
});

export function judgeTempFiles(counts: Counts, threshold: Limits): ObjectState {
  const files = Math.round(counts["database.tempFiles"] ?? 0);
  const megabytes =
    files === 0 ? 0 : Math.max(1, Math.round((counts["database.tempBytes"] ?? 0) / 1_048_576));
  return {
    object: { kind: "target" },
    state: stateAt(files, threshold),
    value: files,
    threshold,
    since: null,
    words: {
      title: `${counted(files, "temporary file")} (${megabytes} MB) ${files === 1 ? "was" : "were"} written in the last ${durationInWords(windowSeconds)}.`,
      detail:
        "Sorts or hashes did not fit work_mem and went to disk. See which statements write them, and give those more work_mem or an index.",
    },
  };
}
