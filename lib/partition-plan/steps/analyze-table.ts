import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { withProgress } from "../watch-progress.ts";
import { runAlone } from "./knock.ts";
import { lookAtVisit } from "./look-at-visit.ts";

export interface AnalyzeTable {
  table: TableName;
  /** A partitioned table's own statistics alone, from samples of its partitions; from PostgreSQL 18 on. */
  only: boolean;
  /** What it took here before, on average. */
  estimatedSeconds: number | null;
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
      estimatedSeconds: params.estimatedSeconds,
    };
  },
  look: (sql, { table, since }) => lookAtVisit(sql, table, "analyze", since),
  run: (context, params) =>
    withProgress(context, () => runAlone(context, statementOf(params), context.lockTimeoutMs)),
});

function statementOf({ table, only }: AnalyzeTable): string {
  return `ANALYZE ${only ? "ONLY " : ""}${quoteQualified(table.schema, table.name)}`;
}
