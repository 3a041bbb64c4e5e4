import type { Sql } from "postgres";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { parseBounds } from "../../partition-facts/parse-bounds.ts";
import { quoteIdentifier, quoteText } from "../../quote-sql.ts";
import { above, type Trees } from "../tree.ts";

/**
 * What the levels above a table's partitions ask of a row, as a condition; null where nothing, or where hashing decides:
 * that condition names the hashed table by its oid, which no dump keeps. Source: pg_get_partition_constraintdef.
 */
export async function readConditionAbove(
  sql: Sql,
  trees: Trees,
  parent: PartitionNode,
): Promise<string | null> {
  if (parent.parent === null) return null;
  const [row] = await sql<{ definition: string | null; nullable: string[] }[]>`
    select pg_get_partition_constraintdef(${parent.oid}) as "definition",
           (select coalesce(json_agg(attname), '[]') from pg_attribute
                 where attrelid = ${parent.oid} and attnum > 0 and not attisdropped and not attnotnull) as "nullable"`;
  if (!row?.definition || row.definition.includes("satisfies_hash_partition")) return null;
  const plain = [parent, ...above(trees, parent)].slice(0, -1).map((node) => {
    const column = node.parent === null ? undefined : trees.node(node.parent)?.key?.[0]?.name;
    const bounds = node.bounds === null ? null : parseBounds(node.bounds);
    const [value, ...more] = bounds?.kind === "list" ? bounds.values : [];
    if (column == null || row.nullable.includes(column) || value == null || more.length > 0) return null;
    return `${quoteIdentifier(column)} = ${quoteText(value)}`;
  });
  return plain.every((condition) => condition !== null) ? plain.toReversed().join(" AND ") : row.definition;
}
