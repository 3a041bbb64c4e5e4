import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { nameRelation, quoteQualified } from "../quote-sql.ts";
import { judgedMs, judgeSlow } from "./cadence.ts";
import { getTableUpkeep, mostTables, type TableUpkeep } from "./get-table-upkeep.ts";

/** Dead rows that hold less are not worth anybody's time. */
const materialBytes = 10 * 1_024 ** 2;
/** Statistics of smaller tables hardly change a plan. */
const materialRows = 10_000;

type Judge = (database: string, table: TableUpkeep, limitsFor: LimitsFor) => ObjectState | null;

async function judgeTables(
  audit: AuditDb,
  maxAgeMs: number,
  limitsFor: LimitsFor,
  judge: Judge,
): Promise<CheckAnswer> {
  const { data, observedAt } = await getTableUpkeep(audit, maxAgeMs);
  const objects = data.tables.flatMap((table) => judge(data.database, table, limitsFor) ?? []);
  const none = noneFound(
    data.database,
    `Autovacuum keeps up with the tables of ${data.database}.`,
    "No table of size is near its trigger.",
  );
  const answer = answerOf(objects.length > 0 ? objects : [none], { observedAt });
  return { ...answer, complete: answer.complete && data.tables.length < mostTables };
}

const rows = (count: number) => Math.round(count).toLocaleString("en-US");
const offWords = "autovacuum_enabled is off for this table, so nothing will come by itself. ";

function judgeDead(database: string, table: TableUpkeep, limitsFor: LimitsFor): ObjectState | null {
  const { oid, schema, name, deadRows, deadBytes, vacuumAt, autovacuumOff } = table;
  if (deadBytes < materialBytes) return null;
  const object = { kind: "relation", database, schema, name, oid } as const;
  const threshold = limitsFor(object);
  const value = deadRows / Math.max(1, vacuumAt);
  return {
    object,
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `${nameRelation(table)} holds ${rows(deadRows)} dead rows (about ${Math.round(deadBytes / 1e6)} MB); autovacuum works from ${rows(vacuumAt)} on.`,
      detail: `${autovacuumOff ? offWords : "A transaction, slot or standby may hold it back (Horizon held back), or its workers are busy or too slow. "}Run: VACUUM (VERBOSE, ANALYZE) ${quoteQualified(schema, name)};`,
    },
  };
}

function judgeStatistics(database: string, table: TableUpkeep, limitsFor: LimitsFor): ObjectState | null {
  const { oid, schema, name, changed, analyzeAt, autovacuumOff } = table;
  if (table.rows < materialRows) return null;
  const object = { kind: "relation", database, schema, name, oid } as const;
  const threshold = limitsFor(object);
  const value = changed / Math.max(1, analyzeAt);
  return {
    object,
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `${rows(changed)} rows of ${nameRelation(table)} changed since its last ANALYZE; autovacuum analyzes from ${rows(analyzeAt)} on.`,
      detail: `${autovacuumOff ? offWords : "Autovacuum is behind. "}Plans rest on old guesses meanwhile. Run: ANALYZE ${quoteQualified(schema, name)};`,
    },
  };
}

const shared = {
  unit: "ratio",
  path: "maintenance",
  source: "pg_stat_all_tables, pg_class, storage parameters",
  needs: "Nothing beyond a connection.",
  // Autovacuum comes round once a minute and takes a while for a large table.
  for: 600,
  keepFiringFor: 60,
} as const;

export const deadRows = defineCheck({
  ...shared,
  id: "maintenance.dead_rows",
  title: "Dead rows",
  why: "Measured in the table's own trigger: at twice of it autovacuum should have come long ago, at ten times it does not come. Tables with less than 10 MB of dead rows do not count, and it must hold for ten minutes, because a large DELETE crosses any trigger at once.",
  thresholds: { warning: 2, critical: 10, direction: "rising" },
  runbook:
    "Rows that were changed or deleted take space and are read again by every scan until vacuum frees it. See what keeps autovacuum from the table: a long transaction, a slot or a standby that holds the horizon (VACUUM VERBOSE says how many rows cannot be removed yet), workers that are busy elsewhere (autovacuum_max_workers), a cost limit that makes it crawl, or autovacuum_enabled = off on the table. End that, then VACUUM the table.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeTables(audit, maxAgeMs, limitsFor, judgeDead)),
});

export const staleStatistics = defineCheck({
  ...shared,
  id: "maintenance.stale_statistics",
  title: "Statistics behind",
  why: "Measured in the table's own trigger: at twice of it autovacuum should have analyzed. Tables below 10,000 rows do not count; it must hold for ten minutes, because a load crosses any trigger at once.",
  thresholds: { warning: 2, critical: null, direction: "rising" },
  runbook:
    "The planner guesses numbers of rows from what the last ANALYZE saw. Run ANALYZE on the table; it reads a sample and locks nobody out. If it comes back, see why autovacuum is behind: its workers are busy, a cost limit makes it crawl, or autovacuum_enabled is off on the table. After a load of much of a table let the load itself end with ANALYZE.",
  evaluate: ({ audit }, limitsFor) =>
    judgeSlow(judgedMs, (maxAgeMs) => judgeTables(audit, maxAgeMs, limitsFor, judgeStatistics)),
});
