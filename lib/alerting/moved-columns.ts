import { isDeepStrictEqual } from "node:util";

/** What a column becomes; undefined where it stays: long texts that stay are more than half of what a move costs. */
export function changed<Value>(before: Value, after: Value): Value | undefined {
  return before === after || isDeepStrictEqual(before, after) ? undefined : after;
}

/** A row as JSON names it: without what is null. */
export function withoutNulls<Row extends object>(row: Row): Partial<Row> {
  const named: Partial<Row> = {};
  for (const name of Object.keys(row) as (keyof Row)[]) if (row[name] !== null) named[name] = row[name];
  return named;
}
