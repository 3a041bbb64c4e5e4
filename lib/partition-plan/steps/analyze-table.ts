import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import type { Estimate } from "../estimates/took.ts";
import { lookAtVisit } from "./look-at-visit.ts";
import { runAlone } from "./run-alone.ts";

export interface AnalyzeTable {
  table: TableName;
  /** A partitioned table's own statistics alone, from samples of its partitions; from PostgreSQL 18 on. */
  only: boolean;
  /** From what it took here before. */
  estimate: Estimate | null;
  /** The server's clock when it was planned, ISO: a later one is the one that was wanted. */
  since: string;
}

/** Renews the planner's statistics from a sample. Of a partitioned table nobody else does: autovacuum never visits it. */
export const analyzeTableStep = defineStep<AnalyzeTable>({
  kind: "analyzeTable",
  alone: true,
  plan(params) {
    const on = quoteQualified(params.table.schema, params.table.name);
    return {
      words: `Analyze ${on}`,
      sql: [statementOf(params)],
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: null,
      moves: null,
      estimate: params.estimate,
      reads: { of: [on] },
    };
  },
  look: (sql, { table, since }) => lookAtVisit(sql, table, "analyze", since),
  run: (context, params) => runAlone(context, statementOf(params), { lockTimeoutMs: context.lockTimeoutMs }),
});

function statementOf({ table, only }: AnalyzeTable): string {
  return `ANALYZE ${only ? "ONLY " : ""}${quoteQualified(table.schema, table.name)}`;
}
