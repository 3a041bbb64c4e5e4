import { type Bound, type BoundValue, maxValue, minValue } from "../../partition-facts/bound-values.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { quoteIdentifier, quoteText } from "../../quote-sql.ts";
import type { KeyRange } from "./uncovered.ts";

/** As ATTACH takes them: `FROM ('2026-01-01 00:00:00+00') TO (…)`. */
export function boundsSql(range: KeyRange, columns: number): string {
  const end = (bound: Bound) =>
    Array.from({ length: columns }, (_, i) => valueSql(bound[i] ?? minValue)).join(", ");
  return `FROM (${end(range.from)}) TO (${end(range.to)})`;
}

function valueSql(value: BoundValue): string {
  if (value.order === minValue.order) return "MINVALUE";
  return value.order === maxValue.order ? "MAXVALUE" : quoteText(value.text);
}

/** A table's key columns or expressions, each as it may stand in a condition; null where one is ordered in a way of its own. */
export function keySql(parent: PartitionNode): string[] | null {
  const { key, partitionKey } = parent;
  if (!key || !partitionKey || key.some(({ less }) => less !== "<")) return null;
  if (key.length === 1) return [partitionKey.replace(/^RANGE \((.*)\)$/s, "$1")];
  return key.every(({ name }) => name !== null) ? key.map(({ name }) => quoteIdentifier(name ?? "")) : null;
}

/**
 * The bounds as a condition from which the server concludes them, so that attaching scans nothing; for columns that may
 * be NULL it says that they are not.
 * @param nullable of each key column
 * @returns null where only rows compared as wholes would tell: columns behind the first that have bounds of their own
 */
export function boundsCheck(
  parent: PartitionNode,
  range: KeyRange,
  nullable: readonly boolean[],
): string | null {
  const columns = keySql(parent);
  const isOpen = ({ order }: BoundValue) => order === minValue.order || order === maxValue.order;
  const [first] = columns ?? [];
  if (!columns || first === undefined) return null;
  if ([range.from, range.to].some((bound) => bound.slice(1).some(({ order }) => order !== minValue.order)))
    return null;
  const operand = /^[\w"]+$/.test(first) ? first : `(${first})`;
  const parts = columns.flatMap((column, i) =>
    nullable[i] ? [`${i === 0 ? operand : column} IS NOT NULL`] : [],
  );
  const [from, to] = [range.from[0] ?? minValue, range.to[0] ?? maxValue];
  if (!isOpen(from)) parts.push(`${operand} >= ${quoteText(from.text)}`);
  if (!isOpen(to)) parts.push(`${operand} < ${quoteText(to.text)}`);
  return parts.length > 0 ? parts.join(" AND ") : null;
}

/** The rows that belong into a range, whatever its columns; none where a key column is NULL. Null as `keySql`. */
export function rowsCondition(parent: PartitionNode, range: KeyRange): string | null {
  const columns = keySql(parent);
  if (!columns) return null;
  const side = (bound: Bound, lower: boolean): string[] => {
    const open = bound.findIndex(({ order }) => order === minValue.order || order === maxValue.order);
    const values = open < 0 ? bound : bound.slice(0, open);
    if (values.length === 0) return [];
    const all = values.length < columns.length && open >= 0 && bound[open]?.order === maxValue.order;
    const operator = lower ? (all ? ">" : ">=") : all ? "<=" : "<";
    const left = columns.slice(0, values.length).join(", ");
    return [`(${left}) ${operator} (${values.map(({ text }) => quoteText(text)).join(", ")})`];
  };
  return [...side(range.from, true), ...side(range.to, false)].join(" AND ") || "true";
}
