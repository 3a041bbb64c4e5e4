import type { Sql } from "postgres";
import { quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import type { Estimate } from "../estimates/took.ts";
import { lookUp } from "../facts/look-up.ts";
import { type Selection, selectRelations } from "../facts/select-relations.ts";
import type { Planner } from "../planners.ts";
import type { PlanRequest } from "../request.ts";
import { analyzeTableStep } from "../steps/analyze-table.ts";
import { vacuumTableStep } from "../steps/vacuum-table.ts";
import type { Draft } from "../types.ts";
import { ofTable, type Work } from "./of-table.ts";
import { planGuards } from "./plan-guards.ts";
import { planLeftovers } from "./plan-leftovers.ts";
import { planMissingIndexes } from "./plan-missing-indexes.ts";
import { planRebuild } from "./plan-rebuild.ts";

type MaintainRequest = Extract<PlanRequest, { verb: "maintain" }>;
const titles: Record<MaintainRequest["work"], string> = {
  vacuum: "Vacuum",
  freeze: "Freeze",
  analyze: "Analyze",
  reindex: "Rebuild indexes of",
  "create index": "Create missing indexes of",
  "drop leftovers": "Drop what rebuilding indexes left on",
  "restore guards": "Restore the guards of",
};

/** Upkeep of partitions, each by itself: what cannot be done to one holds up none of the others. */
export const planMaintain: Planner<"maintain"> = ({ audit }, request) =>
  audit.use("watch", "partitions.plan_maintain", (sql) =>
    lookUp(sql, async (look): Promise<Draft> => {
      const selection = await selectRelations(look, request.relations);
      const { steps, refusals = [], ...more } = await planWork(look, request, selection);
      const { table, asked } = selection;
      const [first, other] = request.relations;
      const what = other
        ? counted(request.relations.length, "relation")
        : quoteQualified(first?.schema ?? "", first?.name ?? "");
      return {
        table,
        title: `${titles[request.work]} ${what}`,
        request,
        steps,
        refusals: [...selection.refusals, ...refusals],
        ...more,
        witnesses: asked.map(({ oid, name }) => `${oid} ${name}`),
      };
    }),
  );

function planWork(sql: Sql, request: MaintainRequest, selection: Selection): Work | Promise<Work> {
  switch (request.work) {
    case "vacuum":
    case "freeze":
      return planVacuum(sql, request.work === "freeze", selection);
    case "analyze":
      return planAnalyze(sql, selection);
    case "reindex":
      return planRebuild(sql, selection);
    case "create index":
      return planMissingIndexes(sql, selection, request.index);
    case "drop leftovers":
      return planLeftovers(sql, selection);
    case "restore guards":
      return planGuards(sql, selection);
  }
}

async function planVacuum(sql: Sql, freeze: boolean, { leaves }: Selection): Promise<Work> {
  const { since } = await serverFacts(sql);
  return {
    steps: leaves.map(({ schema, name, rows, vacuumSeconds }) => {
      const table = { schema, name };
      // Freezing reads what a vacuum passes over: what those took says nothing.
      const estimate = freeze ? null : onAverage(vacuumSeconds, "vacuums");
      return ofTable(vacuumTableStep.of({ table, freeze, rows, estimate, since }), table);
    }),
  };
}

async function planAnalyze(sql: Sql, selection: Selection): Promise<Work> {
  const { since, version } = await serverFacts(sql);
  const hasOnly = version >= 180_000;
  const whole = hasOnly ? selection.parents : selection.asked.filter(({ kind }) => kind === "p");
  const alone = selection.asked.filter(({ kind }) => kind === "r");
  const read = hasOnly
    ? "Each partitioned table gets statistics of its own from samples of its partitions. Those of the partitions stay as they are: autovacuum renews them."
    : "Before PostgreSQL 18 ANALYZE of a partitioned table analyzes each of its partitions again as well.";
  return {
    steps: [...whole, ...alone].map(({ schema, name, kind, analyzeSeconds }) => {
      const table = { schema, name };
      const estimate = onAverage(analyzeSeconds, "analyzes");
      const step = analyzeTableStep.of({ table, only: hasOnly && kind === "p", estimate, since });
      return ofTable(step, table);
    }),
    notes: whole.length > 0 ? [read] : [],
  };
}

/** Source: pg_stat_all_tables, from PostgreSQL 18 on. */
const onAverage = (seconds: number | null, what: string): Estimate | null =>
  seconds === null ? null : { seconds, from: `what its ${what} took on average` };

async function serverFacts(sql: Sql): Promise<{ since: string; version: number }> {
  const [row] = await sql<{ since: Date; version: number }[]>`
    select clock_timestamp() as since, current_setting('server_version_num')::int as version`;
  return { since: (row?.since ?? new Date()).toISOString(), version: row?.version ?? 0 };
}
