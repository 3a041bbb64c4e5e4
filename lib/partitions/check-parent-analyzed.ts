import { defineCheck, type LimitsFor, type Mend, type ObjectState, stateAt } from "../check.ts";
import { newest } from "../partition-facts/get-activity.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, totalsOf } from "../partition-facts/read-forest.ts";
import { nameRelation, quoteQualified } from "../quote-sql.ts";
import { readTables, relationObject } from "./judged-lanes.ts";
import { partitionThresholds } from "./thresholds.ts";

/** Partitioned parents whose own statistics are old: autovacuum never visits them. */
export const parentAnalyzed = defineCheck({
  id: "partitions.parent_analyzed",
  source: "pg_stat_get_last_analyze_time() of the parent",
  why: "A week of growth is a few per cent of a log of years; after a month plans across partitions miss a whole partition.",
  title: "Parent not analyzed",
  unit: "days",
  path: "partitions",
  runbook:
    "Autovacuum analyzes partitions but never their parent, so plans across partitions rest on old guesses about how many rows and values there are. Run ANALYZE on the parent, weekly by a schedule; before PostgreSQL 18 it reads samples of every partition again.",
  needs: `A partitioned table of ${partitionThresholds.parentAnalyzedRows} rows or more.`,
  thresholds: { ...partitionThresholds.parentAnalyzedDays, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { database, forest } = await readTables(context);
    const objects = forest.roots.flatMap(
      (root) => judgeStatistics({ database, forest, root }, limitsFor, context.now) ?? [],
    );
    return { objects, complete: true };
  },
});

/** Null while the server counts nothing of the table, or it is too small to matter. */
export function judgeStatistics(
  { database, forest, root }: { database: string; forest: Forest; root: PartitionNode },
  limitsFor: LimitsFor,
  now: Date,
): ObjectState | null {
  const activity = forest.activity(root.oid);
  const rows = totalsOf(forest, root).rowsEstimated ?? 0;
  if (!activity || rows < partitionThresholds.parentAnalyzedRows) return null;
  const object = relationObject(database, root);
  const threshold = limitsFor(object);
  const { at } = newest(activity.lastAnalyze, activity.lastAutoanalyze);
  const days = at ? (now.getTime() - at.getTime()) / 86_400_000 : null;
  // Never analyzed has no age: the statistics may have been reset yesterday.
  const state = days === null ? "warning" : stateAt(days, threshold);
  return {
    object,
    state,
    value: days,
    threshold,
    since: at,
    words: {
      title:
        days === null
          ? `${nameRelation(root)} as a whole was never analyzed.`
          : `${nameRelation(root)} as a whole was last analyzed ${Math.floor(days)} days ago.`,
      detail: `Autovacuum analyzes partitions but never their parent, so plans across partitions rest on old guesses. Run ANALYZE ${quoteQualified(root.schema, root.name)};`,
      ...(state !== "ok" && { mends: analyzeWhole(root) }),
    },
  };
}

function analyzeWhole({ schema, name }: PartitionNode): Mend {
  const relations = [{ schema, name }];
  return { words: "Analyze it", request: { verb: "maintain", work: "analyze", relations } };
}
