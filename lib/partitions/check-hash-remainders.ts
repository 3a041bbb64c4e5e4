import { answerOf, noneFound } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, defineCheck, type ObjectState } from "../check.ts";
import { getPartitionNodes, type PartitionNode } from "../partition-facts/get-nodes.ts";
import { parseBounds } from "../partition-facts/parse-bounds.ts";
import { quoteQualified, suffixName } from "../quote-sql.ts";
import { counted, percentRoundedDown } from "../words.ts";
import { coverHash, type HashBounds } from "./hash-coverage.ts";

/** Every table that is partitioned by hash, by the bounds of its partitions; one that is being detached takes no rows. */
async function judgeRemainders(audit: AuditDb): Promise<CheckAnswer> {
  const { data: nodes } = await getPartitionNodes(audit);
  const { database } = await audit.server();
  const parents = nodes.filter((node) => node.strategy === "hash");
  if (parents.length === 0)
    return answerOf([
      noneFound(
        database,
        `No table of ${database} is partitioned by hash.`,
        "Only those can lack a remainder.",
      ),
    ]);
  const children = Map.groupBy(nodes, (node) => node.parent);
  return answerOf(
    parents.map((parent) =>
      describe(
        database,
        parent,
        (children.get(parent.oid) ?? []).filter((child) => !child.detachPending),
      ),
    ),
  );
}

function describe(
  database: string,
  parent: PartitionNode,
  partitions: readonly PartitionNode[],
): ObjectState {
  const { oid, schema, name } = parent;
  const table = quoteQualified(schema, name);
  const state = (
    is: ObjectState["state"],
    value: number | null,
    title: string,
    detail: string,
  ): ObjectState => ({
    object: { kind: "relation", database, schema, name, oid },
    state: is,
    value,
    threshold: null,
    since: null,
    words: { title, detail },
  });
  const bounds = partitions.map((partition) =>
    partition.bounds === null ? null : parseBounds(partition.bounds),
  );
  const known = bounds.filter((each): each is HashBounds & { kind: "hash" } => each?.kind === "hash");
  const { covered, modulus, missing } = coverHash(known);
  if (covered >= 1)
    return state("ok", 0, `${table} has a partition for every row.`, counted(partitions.length, "partition"));
  const hidden = partitions.length - known.length;
  if (hidden > 0) {
    const reason = `The bounds of ${counted(hidden, "partition")} of ${table} are hidden by somebody's lock.`;
    return {
      ...state("no_data", null, `Whether ${table} has a partition for every row cannot be told now.`, reason),
      unavailable: { code: "insufficient_data", reason },
    };
  }
  const [first = 0] = missing;
  const create = `CREATE TABLE ${quoteQualified(schema, suffixName(name, `_${first}`))} PARTITION OF ${quoteQualified(schema, name)} FOR VALUES WITH (MODULUS ${modulus}, REMAINDER ${first});`;
  const named =
    missing.length > 0
      ? `Missing of modulus ${modulus}: ${missing.length === 10 ? "at least " : ""}remainder ${missing.join(", ")}. `
      : "";
  return state(
    "critical",
    1 - covered,
    partitions.length === 0
      ? `${table} has no partition.`
      : `${table} has no partition for ${percentRoundedDown(1 - covered)} of its rows.`,
    `Inserts whose key hashes there fail; a table partitioned by hash has no default. ${named}${
      partitions.length === 0 ? "Create its partitions." : `Run, for each: ${create}`
    } If it was detached, attach it again instead: its rows are missing from every query.`,
  );
}

export const hashRemainderMissing = defineCheck({
  id: "partitions.hash_remainder_missing",
  source: "pg_inherits, pg_get_expr(relpartbound)",
  why: "Every row that hashes there is refused: critical at once.",
  title: "Hash remainder missing",
  unit: "ratio",
  path: "partitions",
  needs: "Nothing beyond a connection.",
  thresholds: null,
  runbook:
    "A table that is partitioned by hash lacks a partition for some remainder, so a part of all inserts fails with “no partition of relation found for row”, and a part of the rows may be gone from queries. Look for a table that was detached (ALTER TABLE … ATTACH PARTITION … FOR VALUES WITH …), and create the partition only where there is none. Replacing partitions of one modulus by finer ones needs all of the new remainders in the same transaction.",
  evaluate: ({ audit }) => judgeRemainders(audit),
});
