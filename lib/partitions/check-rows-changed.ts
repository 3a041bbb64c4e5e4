import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import type { RecordedRedactions } from "../ledger/list-redactions.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { nameRelation } from "../quote-sql.ts";
import { counted } from "../words.ts";
import { type JudgedTables, readTables, relationObject } from "./judged-lanes.ts";

/** Rows of audit_log that were changed or deleted: it is only ever added to. */
export const rowsChanged = defineCheck({
  id: "partitions.rows_changed",
  title: "Events changed or deleted",
  source: "pg_stat_all_tables: n_tup_upd, n_tup_del of each partition; privacy_ledger (console)",
  why: "An event is never changed: one is too many, and critical at once. Counted since the statistics of the partition began, so that nobody has to look in the right minute; what was rolled back counts too. Values that were taken out on record (redactions of the privacy ledger) are not counted.",
  unit: "count",
  path: "partitions",
  guarded: true,
  runbook:
    "Somebody updated or deleted rows of the audit log, past its guard triggers. Find out who before anything else: the server's log, what the guards and rights say (Guard triggers, Rights), sessions of that time. Keep the backups; compare the partition with the last one. Where it was meant (ciphertext nulled by an erasure, a repair that two people approved), set this partition's limit above the number, in Settings → Checks: one more change raises it again. The number falls back only with the statistics (pg_stat_reset_single_table_counters, a crash).",
  needs: "The audit schema; track_counts on.",
  thresholds: { warning: null, critical: 1, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { hasAuditSchema } = await context.audit.server();
    if (!hasAuditSchema)
      return cannotJudge("Whether events were changed cannot be told.", {
        code: "not_installed",
        reason: "This database has no audit_log of ours; other tables may be changed.",
      });
    const tables = await readTables(context);
    const root = tables.forest.roots.find(({ schema, name }) => schema === "public" && name === "audit_log");
    const leaves = root ? tables.forest.leaves(root) : [];
    const changed = leaves.filter((leaf) => changesOf(tables, leaf) > 0);
    const redactions = changed.length > 0 ? await context.redactions() : [];
    return {
      objects: changed.flatMap((leaf) => judgeLeaf(tables, leaf, redactions, limitsFor) ?? []),
      complete: true,
    };
  },
});

function changesOf({ forest }: JudgedTables, { oid }: PartitionNode): number {
  const activity = forest.activity(oid);
  return (activity?.updated ?? 0) + (activity?.deleted ?? 0);
}

/** How often values were taken out of a partition's events on record. */
function countRedactions(
  { lanes }: JudgedTables,
  { oid }: PartitionNode,
  redactions: readonly RecordedRedactions[],
): number {
  const lane = lanes.find(({ lane: { cells } }) => cells.some((cell) => cell.oid === oid))?.lane;
  const cell = lane?.cells.find((each) => each.oid === oid);
  if (!lane || !cell) return 0;
  const from = cell.from === null ? Number.NEGATIVE_INFINITY : Date.parse(cell.from);
  const to = cell.to === null ? Number.POSITIVE_INFINITY : Date.parse(cell.to);
  return redactions
    .filter(({ policy, hour }) => lane.label === policy && +hour >= from && +hour < to)
    .reduce((sum, { entries }) => sum + entries, 0);
}

/** Null for one that was never changed, as it should be: thousands of such states say nothing. */
function judgeLeaf(
  tables: JudgedTables,
  leaf: PartitionNode,
  redactions: readonly RecordedRedactions[],
  limitsFor: LimitsFor,
): ObjectState | null {
  const { database, forest } = tables;
  const activity = forest.activity(leaf.oid);
  const updated = Math.max(0, (activity?.updated ?? 0) - countRedactions(tables, leaf, redactions));
  const deleted = activity?.deleted ?? 0;
  const value = updated + deleted;
  if (value === 0) return null;
  const object = relationObject(database, leaf);
  const threshold = limitsFor(object);
  return {
    object,
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `${counted(value, "row")} of ${nameRelation(leaf)} ${value === 1 ? "was" : "were"} changed: ${updated} updated, ${deleted} deleted.`,
      detail:
        "Events are never changed. Find out who did it and how they came past the guards; keep the backups of the time before.",
    },
  };
}
