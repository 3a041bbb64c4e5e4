import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import type { Estimate } from "../estimates/took.ts";
import { lookAtVisit } from "./look-at-visit.ts";
import { runAlone } from "./run-alone.ts";

export interface VacuumTable {
  table: TableName;
  freeze: boolean;
  rows: number | null;
  /** From what it took here before. */
  estimate: Estimate | null;
  /** The server's clock when it was planned, ISO: a later vacuum is the one that was wanted. */
  since: string;
}

/** Removes dead rows, or freezes all of them, while the table is read and written. */
export const vacuumTableStep = defineStep<VacuumTable>({
  kind: "vacuumTable",
  alone: true,
  plan(params) {
    const on = quoteQualified(params.table.schema, params.table.name);
    return {
      words: `${params.freeze ? "Freeze" : "Vacuum"} ${on}`,
      sql: [statementOf(params)],
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: { relation: on, rows: params.rows },
      moves: null,
      estimate: params.estimate,
      reads: { of: [on], inOrder: "and more" },
    };
  },
  look: (sql, { table, since }) => lookAtVisit(sql, table, "vacuum", since),
  // Waiting for its lock leaves nothing behind when it is broken off, and one locked table must not hold up the others.
  run: (context, params) => runAlone(context, statementOf(params), { lockTimeoutMs: context.lockTimeoutMs }),
});

function statementOf({ table, freeze }: VacuumTable): string {
  return `VACUUM ${freeze ? "(FREEZE) " : ""}${quoteQualified(table.schema, table.name)}`;
}
