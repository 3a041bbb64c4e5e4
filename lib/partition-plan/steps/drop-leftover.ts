import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { findLeftovers } from "../facts/find-leftovers.ts";
import { knock } from "./knock.ts";
import { runAlone } from "./run-alone.ts";

export interface DropLeftover {
  table: TableName;
  index: TableName & { oid: number };
}

/** Drops an invalid copy that a broken REINDEX CONCURRENTLY left, while the table is written. */
export const dropLeftoverStep = defineStep<DropLeftover>({
  kind: "dropLeftover",
  alone: true,
  plan({ table, index }) {
    const on = quoteQualified(table.schema, table.name);
    return {
      words: `Drop ${quoteQualified(index.schema, index.name)}`,
      sql: [`DROP INDEX CONCURRENTLY ${quoteQualified(index.schema, index.name)}`],
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  async look(sql, { index }) {
    const [row] = await sql`select from pg_class where oid = ${index.oid}`;
    return row ? "not done" : "done";
  },
  async run(context, { table, index }) {
    // With the table's lock taken once, whoever built it is through: what is still invalid then is nobody's.
    await knock(context, table);
    const still = await findLeftovers(context.session.sql, [table]);
    if (still.some(({ oid }) => oid === index.oid))
      await runAlone(context, `DROP INDEX CONCURRENTLY ${quoteQualified(index.schema, index.name)}`, {
        left: "It is still there, and invalid: the next run drops it.",
      });
  },
});
