import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type ObjectState } from "../check.ts";
import { nameRelation, quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import { counted } from "../words.ts";
import { judgeSlow, scannedMs } from "./cadence.ts";
import { type DuplicateIndexes, getDuplicateIndexes } from "./get-duplicate-indexes.ts";

async function judgeDuplicates(audit: AuditDb, maxAgeMs: number): Promise<CheckAnswer> {
  const { data, observedAt } = await getDuplicateIndexes(audit, maxAgeMs);
  const { blockSizeBytes } = await audit.server();
  const none = noneFound(
    data.database,
    `No two indexes of ${data.database} are the same.`,
    "Indexes of one table with equal columns, operator classes, collations, expressions and predicate are.",
  );
  const found = data.found.map((duplicates) => describe(data.database, duplicates, blockSizeBytes));
  return answerOf(found.length > 0 ? found : [none], { observedAt });
}

function describe(database: string, duplicates: DuplicateIndexes, blockSizeBytes: number): ObjectState {
  const { oid, schema, name, onPartitions, table, columns, count, pages, example } = duplicates;
  const index = quoteQualified(example.schema, example.name);
  const kept = quoteIdentifier(example.kept);
  const size = pages > 0 ? ` (about ${megabytes(pages * blockSizeBytes)} MB)` : "";
  const drop = `DROP INDEX ${example.partitioned ? "" : "CONCURRENTLY "}${index};`;
  return {
    object: { kind: "relation", database, schema, name, oid, ...(onPartitions && { part: columns }) },
    state: "warning",
    value: null,
    threshold: null,
    since: null,
    words: {
      title: onPartitions
        ? `${counted(count, "partition")} of ${quoteQualified(schema, name)} ${count === 1 ? "has" : "have"} a second index on ${columns}${size}.`
        : `Index ${quoteQualified(schema, name)} on ${columns} is the same as ${kept}${size}.`,
      detail: `Every write keeps both, and queries need one. ${
        onPartitions
          ? `On ${nameRelation({ schema: example.schema, name: table })}, ${quoteIdentifier(example.name)} is the same as ${kept}. Drop the second one of each partition: ${drop}`
          : `Run: ${drop}${example.partitioned ? " It locks the table and all its partitions while it runs: set lock_timeout." : ""}`
      }`,
    },
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: bytes < 1e7 ? 1 : 0 });
}

export const duplicateIndex = defineCheck({
  id: "maintenance.duplicate_index",
  source: "pg_index",
  why: "A catalogue's fact: it is so or not.",
  title: "Duplicate indexes",
  unit: null,
  path: "maintenance",
  needs: "Nothing beyond a connection.",
  thresholds: null,
  runbook:
    "Two indexes of one table are equal in everything that a query or a constraint could tell apart. Each costs every write and its own space. Drop the one that is named: it backs no constraint, and what stays is as unique. Indexes with another order, a wider list of columns or other INCLUDE columns are not counted as equal. Check pg_hint_plan hints and scripts that name the index first.",
  evaluate: ({ audit }) => judgeSlow(scannedMs, (maxAgeMs) => judgeDuplicates(audit, maxAgeMs)),
});
