import type { AuditDb } from "../audit-db/types.ts";
import type { Queryable } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import { getPartitionNodes, type PartitionNode } from "../partition-facts/get-nodes.ts";
import { isManagedByPartman, readPartman } from "../partition-facts/partman.ts";
import { nameRelation } from "../quote-sql.ts";
import { readRules } from "../upkeep-rules/read-rules.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";

/**
 * A table that upkeep can keep: there, with ranges at or below it, of which nobody else makes the partitions.
 * @returns the database it stands in
 * @throws AppError NOT_FOUND, BAD_INPUT, CONFLICT
 */
export async function assertKeepable(
  db: Pick<Queryable, "select">,
  audit: AuditDb,
  table: UpkeepRule["table"],
): Promise<string> {
  const { data: nodes } = await getPartitionNodes(audit);
  const { database } = await audit.server();
  const found = nodes.find(({ schema, name }) => schema === table.schema && name === table.name);
  const name = nameRelation(table);
  if (!found)
    throw new AppError("NOT_FOUND", `There is no partitioned table ${name} in ${database}.`, {
      hint: "Name the root or a branch of one: audit-db partitions list shows them.",
    });
  const below = (node: PartitionNode): PartitionNode[] => [
    node,
    ...nodes.filter(({ parent }) => parent === node.oid).flatMap(below),
  ];
  const kept = below(found).filter(({ strategy }) => strategy === "range");
  if (kept.length === 0)
    throw new AppError("BAD_INPUT", `${name} is not partitioned by ranges: nothing can be made ahead.`);
  const { unavailable, ...partman } = await audit.use("watch", "upkeep.partman", readPartman);
  if (unavailable)
    throw new AppError(
      "UNSUPPORTED",
      `Whether pg_partman makes its partitions is not known: ${unavailable.reason}`,
      {
        ...(unavailable.enable && { hint: unavailable.enable }),
      },
    );
  const managed = kept.find((node) => isManagedByPartman(partman, node));
  if (managed)
    throw new AppError("CONFLICT", `pg_partman makes the partitions of ${nameRelation(managed)}.`, {
      hint: "Run its maintenance, or leave pg_partman first.",
    });
  const tree = new Set(below(found).map(nameRelation));
  for (let up = found.parent; up !== null; ) {
    const above = nodes.find(({ oid }) => oid === up);
    if (above) tree.add(nameRelation(above));
    up = above?.parent ?? null;
  }
  const other = (await readRules(db, [audit.target])).find(
    (rule) => nameRelation(rule.table) !== name && tree.has(nameRelation(rule.table)),
  );
  if (other)
    throw new AppError(
      "CONFLICT",
      `The upkeep of ${nameRelation(other.table)} makes partitions of ${name} already.`,
      {
        hint: "Change that rule, or remove it first.",
      },
    );
  return database;
}
