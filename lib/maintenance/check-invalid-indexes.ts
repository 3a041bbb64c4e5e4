import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, cannotJudge, defineCheck, type Mend, type ObjectState } from "../check.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import { judgeSlow, scannedMs } from "./cadence.ts";
import { getInvalidIndexes, type InvalidIndex } from "./get-invalid-indexes.ts";

async function judgeInvalidIndexes(audit: AuditDb, maxAgeMs: number): Promise<CheckAnswer> {
  const { inRecovery } = await audit.server();
  if (inRecovery)
    return cannotJudge("Invalid indexes cannot be told on a standby.", {
      code: "unsupported",
      reason: "A standby does not show which indexes its primary is building. Watch the primary.",
    });
  const { data, observedAt } = await getInvalidIndexes(audit, maxAgeMs);
  if (data.invalid.length > 0 && data.hiddenBuilds > 0)
    return cannotJudge("Whether an invalid index is being built cannot be seen.", {
      code: "no_grant",
      reason: `${data.user} does not see which index another role is building.`,
      enable: `GRANT pg_read_all_stats TO ${quoteIdentifier(data.user)};`,
    });
  const none = noneFound(
    data.database,
    `No index of ${data.database} is invalid.`,
    "None was left by a failed build.",
  );
  const found = data.invalid.map((index) => describe(data.database, index));
  return answerOf(found.length > 0 ? found : [none], { observedAt });
}

function describe(database: string, index: InvalidIndex): ObjectState {
  const { oid, schema, name, tableSchema, table } = index;
  return {
    object: { kind: "relation", database, schema, name, oid },
    state: "warning",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: `Index ${quoteQualified(schema, name)} on ${quoteQualified(tableSchema, table)} is invalid.`,
      detail: `No query uses it${index.partitioned ? "" : ", and writes may still have to keep it"}. ${remedy(index)}`,
      mends: mend(index),
    },
  };
}

function remedy({ schema, name, partitioned, attached }: InvalidIndex): string {
  const index = quoteQualified(schema, name);
  if (partitioned)
    return `Some partitions lack their part of it. Build the same index CONCURRENTLY on each of those and run, for each: ALTER INDEX ${index} ATTACH PARTITION …;`;
  if (attached) return `Run: REINDEX INDEX CONCURRENTLY ${index};`;
  if (/_ccnew\d*$/.test(name))
    return `A REINDEX CONCURRENTLY failed and left it; the index it was to replace still works. Run: DROP INDEX CONCURRENTLY ${index}; then REINDEX again.`;
  if (/_ccold\d*$/.test(name))
    return `A REINDEX CONCURRENTLY succeeded and could not drop what it replaced. Run: DROP INDEX CONCURRENTLY ${index};`;
  return `Its build failed. Rebuild it: REINDEX INDEX CONCURRENTLY ${index}; or drop it: DROP INDEX CONCURRENTLY ${index};`;
}

function mend({ schema, name, tableSchema, table, partitioned, attached }: InvalidIndex): Mend {
  if (partitioned)
    return {
      words: "Create its missing parts",
      request: {
        verb: "maintain",
        work: "create index",
        relations: [{ schema: tableSchema, name: table }],
        index: name,
      },
    };
  const relations = [{ schema, name }];
  return !attached && isLeftover(name)
    ? { words: "Drop what is left over", request: { verb: "maintain", work: "drop leftovers", relations } }
    : { words: "Rebuild it", request: { verb: "maintain", work: "reindex", relations } };
}

/** What REINDEX CONCURRENTLY calls its copies, and what they replaced. */
function isLeftover(name: string): boolean {
  return /_cc(new|old)\d*$/.test(name);
}

export const invalidIndex = defineCheck({
  id: "maintenance.invalid_index",
  source: "pg_index.indisvalid, pg_stat_progress_create_index",
  why: "An index that is being built is left out, so what is invalid was left behind. A minute covers the moment between build and validation.",
  for: 60,
  title: "Invalid indexes",
  unit: null,
  path: "maintenance",
  needs: "A primary; pg_read_all_stats (in pg_monitor) to tell an index that is being built.",
  thresholds: null,
  runbook:
    "CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY failed or was cancelled. The index serves no query and may still cost every write. Names that end in _ccnew are unfinished copies and those in _ccold replaced originals: drop both, concurrently. Everything else: find out why it failed (a unique index: duplicate rows), then rebuild or drop it. On a partitioned table, the parent's index turns valid by itself once every partition has its part attached.",
  evaluate: ({ audit }) => judgeSlow(scannedMs, (maxAgeMs) => judgeInvalidIndexes(audit, maxAgeMs)),
});
