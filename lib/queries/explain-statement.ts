import type { Sql } from "postgres";
import { catalogueOnly, setSearchPath } from "./search-path.ts";

export type PlanMethod = "generic_plan" | "prepared_generic";

const preparedName = "dashboard_plan";

/**
 * Has the server parse the text as one statement: through the extended protocol it takes no second one, whatever
 * the text holds. Only then may the same text go through the simple protocol. Nothing is planned yet, so no
 * function has run.
 */
export async function prepareStatement(sql: Sql, text: string, path: string): Promise<void> {
  const options: { prepare: boolean; simple: boolean } = { prepare: false, simple: false };
  await setSearchPath(sql, path);
  await sql.unsafe(`prepare ${preparedName} as ${text}`, [], options);
  await setSearchPath(sql, catalogueOnly);
}

/** Plans the prepared statement for parameters that are not known. What comes back is EXPLAIN's JSON. */
export async function explainStatement(
  sql: Sql,
  text: string,
  options: { path: string; method: PlanMethod },
): Promise<unknown> {
  // By the simple protocol: the extended one wants values for the parameters, and the planner would use them.
  const explain =
    options.method === "generic_plan"
      ? `explain (generic_plan, verbose, format json) ${text}`
      : `explain (verbose, format json) ${await executePrepared(sql)}`;
  await setSearchPath(sql, options.path);
  const [row] = await sql.unsafe<Record<string, unknown>[]>(explain);
  return row?.["QUERY PLAN"];
}

async function executePrepared(sql: Sql): Promise<string> {
  const [prepared] = await sql<{ parameters: number }[]>`
    select set_config('plan_cache_mode', 'force_generic_plan', true),
           coalesce(cardinality(parameter_types), 0) as "parameters"
    from pg_prepared_statements where name = ${preparedName}`;
  const nulls = Array(prepared?.parameters ?? 0)
    .fill("null")
    .join(", ");
  return `execute ${preparedName}${nulls && `(${nulls})`}`;
}
