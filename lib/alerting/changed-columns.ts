import { isDeepStrictEqual } from "node:util";

/**
 * The columns of a row that differ from what it was. Only these travel: of a statement that moves alerts or incidents more
 * than half of its cost was text that stayed as it is.
 */
export function changedColumns<Row extends object>(before: Row, after: Row): Partial<Row> {
  const changed: Partial<Row> = {};
  for (const name of Object.keys(after) as (keyof Row)[])
    if (before[name] !== after[name] && !isDeepStrictEqual(before[name], after[name]))
      changed[name] = after[name];
  return changed;
}
