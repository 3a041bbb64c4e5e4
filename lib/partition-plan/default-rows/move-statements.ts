import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified, quoteText } from "../../quote-sql.ts";

/** Rows of one interval on their way from a default partition into a table that becomes their partition. */
export interface Move {
  default: TableName;
  child: TableName;
  /** Every column that is not generated, by name: their order differs where columns were dropped or tables attached. */
  columns: string[];
  /** The interval as a condition on the key; never true for a row whose key is NULL. */
  condition: string;
}

export const named = ({ schema, name }: TableName) => quoteQualified(schema, name);

const listed = (columns: readonly string[]) => columns.map(quoteIdentifier).join(", ");

/**
 * Deletes the interval's rows from the default and puts them into the table, in one statement. Answers how many it
 * deleted (`moved`), how many of those it inserted (`brought`), and how many were there already, alike in every bit
 * (`same`): rows copied beforehand are recognised by `key`.
 */
export function moveStatement({ default: from, child, columns, condition }: Move, key: string[] | null) {
  const cols = listed(columns);
  const equal = (key ?? [])
    .map((column) => `"row moved".${quoteIdentifier(column)} = "row copied".${quoteIdentifier(column)}`)
    .join(" AND ");
  const same =
    key === null
      ? "0::bigint"
      : `(SELECT count(*) FROM moved AS "row moved" JOIN (SELECT ${cols} FROM ${named(child)}) AS "row copied" ON ${equal} WHERE "row moved" *= "row copied")`;
  return (
    `WITH moved AS (DELETE FROM ${named(from)} WHERE ${condition} RETURNING ${cols}), ` +
    `brought AS (INSERT INTO ${named(child)} (${cols}) SELECT ${cols} FROM moved ON CONFLICT DO NOTHING RETURNING 1) ` +
    `SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM brought) AS brought, ${same} AS same`
  );
}

/**
 * Copies the rows of some pages. By pages and not by key: it needs no index, reads each page once and goes on at a page
 * after a kill. What comes into pages behind it is moved with the rest.
 */
export function copyStatement(move: Move, pages: { from: number; to: number } | null): string {
  const cols = listed(move.columns);
  const [from, to] = pages ? [`'(${pages.from},0)'`, `'(${pages.to},0)'`] : ["$1", "$2"];
  return (
    `INSERT INTO ${named(move.child)} (${cols}) SELECT ${cols} FROM ONLY ${named(move.default)} ` +
    `WHERE ctid >= ${from}::tid AND ctid < ${to}::tid AND ${move.condition} ON CONFLICT DO NOTHING`
  );
}

/** Answers how many rows of the table are not in the default, alike in every bit. */
export function missingStatement({ default: from, child, columns }: Omit<Move, "condition">): string {
  const cols = listed(columns);
  return (
    `SELECT count(*) AS missing FROM (SELECT ${cols} FROM ${named(child)}) AS "row copied" ` +
    `WHERE NOT EXISTS (SELECT FROM (SELECT ${cols} FROM ${named(from)}) AS "row left" WHERE "row left" *= "row copied")`
  );
}

/** What a table with copies says of itself until it is a partition: by this it is found again. */
export function copiesMark(from: TableName): string {
  return `Copies of rows of ${named(from)}, made by audit-db to move them. Not a partition yet.`;
}

export function markStatement(child: TableName, mark: string | null): string {
  return `COMMENT ON TABLE ${named(child)} IS ${mark === null ? "NULL" : quoteText(mark)}`;
}
