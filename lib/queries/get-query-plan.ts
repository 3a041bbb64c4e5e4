import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { checkExplainable } from "./check-explainable.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { getStatementText } from "./get-statement-text.ts";
import { type PlanNode, parsePlan } from "./plan-tree.ts";
import { readScannedPartitions, type ScannedPartition, warnAboutPlan } from "./warn-about-plan.ts";

export interface QueryPlan {
  plan: PlanNode | null;
  /** How the server was asked: EXPLAIN (GENERIC_PLAN) from 16, a forced generic plan of a prepared statement before. */
  method: "generic_plan" | "prepared_generic";
  warnings: string[];
}

const timeoutMs = 5_000;
const preparedName = "dashboard_plan";

/**
 * The generic plan of a recorded statement: estimates without parameter values. Never executed: a read-only
 * transaction with a timeout, rolled back. What the server refuses is told by its SQLSTATE, never in its words,
 * which may quote data. Runs on the read connection where the target has one, else on the watch connection.
 * @throws AppError NOT_FOUND when the server no longer has the text; TIMEOUT.
 */
export async function getQueryPlan(
  { audit, now }: Pick<ReadContext, "audit" | "now">,
  input: { key: string },
): Promise<Observed<QueryPlan>> {
  const server = await audit.server();
  const method = server.versionNum >= 160_000 ? "generic_plan" : "prepared_generic";
  const empty: QueryPlan = { plan: null, method, warnings: [] };
  const base = {
    observedAt: now,
    source: method === "generic_plan" ? "EXPLAIN (GENERIC_PLAN)" : "EXPLAIN EXECUTE",
  };
  const statement = await getStatementText(audit, input.key);
  if (!statement.connected) {
    const reason = `It ran in the database ${statement.database ?? "that was dropped"}; the console is connected to ${server.database}.`;
    return { ...base, data: empty, unavailable: { code: "unsupported", reason } };
  }
  const refused = checkExplainable(statement.text);
  if (refused) return { ...base, data: empty, unavailable: refused };
  const answer = await explain(audit, statement.text, method);
  if ("unavailable" in answer) return { ...base, data: empty, unavailable: answer.unavailable };
  return {
    ...base,
    data: { plan: answer.plan, method, warnings: warnAboutPlan(answer.plan, answer.scanned) },
  };
}

type Answer = { plan: PlanNode; scanned: ScannedPartition[] } | { unavailable: Unavailable };

/** Thrown to end the transaction with a rollback though all went well. */
class RolledBack {
  readonly answer: Answer;
  constructor(answer: Answer) {
    this.answer = answer;
  }
}

async function explain(audit: AuditDb, text: string, method: QueryPlan["method"]): Promise<Answer> {
  const ask = async (sql: Sql): Promise<Answer> => {
    try {
      return await sql.begin("read only", async (transaction): Promise<Answer> => {
        const inner = transaction as unknown as Sql;
        await inner`select set_config('statement_timeout', ${String(timeoutMs)}, true),
                           set_config('lock_timeout', '500', true),
                           set_config('search_path', coalesce((${ownSearchPath(inner)}), '"$user", public'), true)`;
        const json = await (method === "generic_plan"
          ? explainGeneric(inner, text)
          : explainPrepared(inner, text));
        const plan = parsePlan(json);
        if (!plan) throw new AppError("INTERNAL", "The server's plan has a form the console does not know.");
        throw new RolledBack({ plan, scanned: await readScannedPartitions(inner, plan) });
      });
    } catch (thrown) {
      if (thrown instanceof RolledBack) return thrown.answer;
      const unavailable = await explainRefusal(sql, thrown, text);
      if (unavailable) return { unavailable };
      throw thrown;
    } finally {
      // A prepared statement outlives the rollback, and in a failed transaction nothing can be deallocated.
      await sql.unsafe(`deallocate ${preparedName}`).catch(() => {});
    }
  };
  const purpose = audit.can("read") ? "read" : "watch";
  return audit.use(purpose, "queries.plan", ask, { timeoutMs: timeoutMs + 6_000 });
}

/** Where this role looks for unqualified names, as its administrator says: our own sessions look nowhere. */
function ownSearchPath(sql: Sql) {
  return sql`
    select substr(setting, length('search_path=') + 1) from pg_db_role_setting, unnest(setconfig) setting
    where setting like 'search\\_path=%'
      and setrole in (0, (select oid from pg_roles where rolname = session_user))
      and setdatabase in (0, (select oid from pg_database where datname = current_database()))
    order by setrole <> 0 desc, setdatabase <> 0 desc limit 1`;
}

/**
 * Has the server parse the text as one statement: through the extended protocol it takes no second one, whatever
 * the text holds. Only then may the same text go through the simple protocol.
 */
async function prepareSingle(sql: Sql, text: string): Promise<void> {
  const options: { prepare: boolean; simple: boolean } = { prepare: false, simple: false };
  await sql.unsafe(`prepare ${preparedName} as ${text}`, [], options);
}

/** By the simple protocol: the extended one wants values for the parameters, and the planner would use them. */
async function explainGeneric(sql: Sql, text: string): Promise<unknown> {
  await prepareSingle(sql, text);
  const [row] = await sql.unsafe<Record<string, unknown>[]>(
    `explain (generic_plan, verbose, format json) ${text}`,
  );
  return row?.["QUERY PLAN"];
}

async function explainPrepared(sql: Sql, text: string): Promise<unknown> {
  await prepareSingle(sql, text);
  const [prepared] = await sql<{ parameters: number }[]>`
    select set_config('plan_cache_mode', 'force_generic_plan', true),
           coalesce(cardinality(parameter_types), 0) as "parameters"
    from pg_prepared_statements where name = ${preparedName}`;
  const nulls = Array(prepared?.parameters ?? 0)
    .fill("null")
    .join(", ");
  const [row] = await sql.unsafe<Record<string, unknown>[]>(
    `explain (verbose, format json) execute ${preparedName}${nulls && `(${nulls})`}`,
  );
  return row?.["QUERY PLAN"];
}
