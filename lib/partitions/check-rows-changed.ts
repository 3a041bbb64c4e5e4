import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { nameRelation } from "../quote-sql.ts";
import { counted } from "../words.ts";
import { type JudgedTables, readTables, relationObject } from "./judged-lanes.ts";

/** Rows of audit_log that were changed or deleted: it is only ever added to. */
export const rowsChanged = defineCheck({
  id: "partitions.rows_changed",
  title: "Events changed or deleted",
  source: "pg_stat_all_tables: n_tup_upd, n_tup_del of each partition",
  why: "An event is never changed: one is too many, and critical at once. Counted since the statistics of the partition began, so that nobody has to look in the right minute; what was rolled back counts too.",
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
    return { objects: leaves.flatMap((leaf) => judgeLeaf(tables, leaf, limitsFor) ?? []), complete: true };
  },
});

/** Null for one that was never changed, as it should be: thousands of such states say nothing. */
function judgeLeaf(
  { database, forest }: JudgedTables,
  leaf: PartitionNode,
  limitsFor: LimitsFor,
): ObjectState | null {
  const activity = forest.activity(leaf.oid);
  const [updated, deleted] = [activity?.updated ?? 0, activity?.deleted ?? 0];
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
