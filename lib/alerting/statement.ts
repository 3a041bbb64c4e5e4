import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import type { Tx } from "../db/console-db.ts";

/**
 * One statement of the transaction it was made for. Rows travel as JSON in both directions (`row_to_json`,
 * `jsonb_populate_recordset`): the evaluator's raw client and drizzle's read dates and JSON differently.
 */
export type Ask = <Row = unknown>(
  strings: TemplateStringsArray,
  ...values: (string | number | null)[]
) => Promise<Row[]>;

export const askRaw =
  (tx: Sql): Ask =>
  async (strings, ...values) => [...((await tx(strings, ...values)) as never[])];

export const askDrizzle =
  (tx: Pick<Tx, "execute">): Ask =>
  async (strings, ...values) => [...((await tx.execute(sql(strings, ...values))) as unknown as never[])];
