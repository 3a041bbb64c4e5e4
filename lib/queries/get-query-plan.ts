import type { Sql } from "postgres";
import { findExcessRights } from "../audit-db/schema/explain-rights.ts";
import { AppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { checkExplainable } from "./check-explainable.ts";
import { explainRefusal, isRefusal, type RefusedPlan } from "./explain-refusal.ts";
import { explainStatement, type PlanMethod, prepareStatement } from "./explain-statement.ts";
import { type Foreign, findForeignCode, findForeignRelation } from "./find-foreign-code.ts";
import { getPlanSetup } from "./get-plan-setup.ts";
import { getStatementTexts, type StatementTexts } from "./get-statement-text.ts";
import { findUnreadable, listEntitledRoles } from "./list-entitled-roles.ts";
import { type PlanNode, parsePlan } from "./plan-tree.ts";
import { listSchemas, readSearchPath } from "./search-path.ts";
import { parseStatementKey } from "./statement-key.ts";
import { readScannedPartitions, warnAboutPlan } from "./warn-about-plan.ts";

export interface QueryPlan {
  plan: PlanNode | null;
  /** The role whose statement was planned; null when none was. */
  role: string | null;
  /** How the server was asked: EXPLAIN (GENERIC_PLAN) from 16, a forced generic plan of a prepared statement before. */
  method: PlanMethod;
  warnings: string[];
}

const lostAfterMs = 1_000;

/**
 * The generic plan of a recorded statement: estimates without parameter values. The statement is not executed, but
 * **planning runs code**: functions that are IMMUTABLE or STABLE, reached through calls, operators, casts, views and
 * the expressions of checks, indexes and partition keys. They run with the rights of the explain connection, so a
 * statement is planned only when that connection may read what was granted to it and no more, when the role that ran
 * the statement may read all of that itself, and when the tables and views it reaches belong to such roles. In a
 * read-only transaction, on a connection that is closed after it.
 * @param timeoutMs for all that happens on that connection; the server ends each step after five seconds
 * @throws AppError NOT_FOUND when the server no longer has the text; TIMEOUT.
 */
export async function getQueryPlan(
  { audit, now }: Pick<ReadContext, "audit" | "now">,
  input: { key: string },
  timeoutMs = 10_000,
): Promise<Observed<QueryPlan>> {
  const server = await audit.server();
  const method = server.versionNum >= 160_000 ? "generic_plan" : "prepared_generic";
  const base = {
    observedAt: now,
    source: method === "generic_plan" ? "EXPLAIN (GENERIC_PLAN)" : "EXPLAIN EXECUTE",
  };
  const refuse = (unavailable: Unavailable): Observed<QueryPlan> => ({
    ...base,
    data: { plan: null, role: null, method, warnings: [] },
    unavailable,
  });
  const { unavailable } = await getPlanSetup({ audit, now });
  if (unavailable) return refuse(unavailable);
  const statement = await getStatementTexts(audit, input.key);
  if (!statement.connected) {
    const reason = `It ran in the database ${statement.database ?? "that was dropped"}; the console is connected to ${server.database}.`;
    return refuse({ code: "unsupported", reason });
  }
  const checked = statement.texts.map((entry) => ({ ...entry, refused: checkExplainable(entry.text) }));
  const texts = checked.filter(({ refused }) => refused === null);
  if (texts.length === 0 && checked[0]?.refused) return refuse(checked[0].refused);
  const { databaseId } = parseStatementKey(input.key);
  const answer = await audit.use(
    "explain",
    "queries.plan",
    (sql) => explain(sql, { texts, databaseId, method }),
    { timeoutMs },
  );
  // From here on only the watching connection is asked: what ran while planning may have bent the other's session.
  if ("sqlState" in answer)
    return refuse(await audit.use("watch", "queries.plan", (sql) => explainRefusal(sql, answer)));
  if ("unavailable" in answer) return refuse(answer.unavailable);
  const plan = parsePlan(answer.json);
  if (!plan) throw new AppError("INTERNAL", "The server's plan has a form the console does not know.");
  const scanned = await audit.use("watch", "queries.plan", (sql) => readScannedPartitions(sql, plan));
  return { ...base, data: { plan, role: answer.role, method, warnings: warnAboutPlan(plan, scanned) } };
}

type Answer = { json: unknown; role: string } | { unavailable: Unavailable } | RefusedPlan;

/** The transaction is left open: closing the connection rolls it back, whatever has become of its session. */
async function explain(
  sql: Sql,
  { texts, databaseId, method }: Pick<StatementTexts, "texts"> & { databaseId: string; method: PlanMethod },
): Promise<Answer> {
  const excess = await findExcessRights(sql);
  const [me] = await sql<{ role: string; database: string; databaseId: string }[]>`
    select session_user as "role", datname as "database", oid::text as "databaseId"
    from pg_database where datname = current_database()`;
  const explainRole = me?.role ?? "";
  if (me?.databaseId !== databaseId) {
    const reason = `AUDIT_EXPLAIN_URL leads to another database, ${me?.database}.`;
    return { unavailable: { code: "not_configured", reason } };
  }
  if (excess.length > 0) return { unavailable: tellExcess(explainRole, excess) };
  await sql.unsafe("begin read only");
  // A function may outlive statement_timeout by catching it, but not the end of its connection, once the server looks.
  await sql`
    select set_config('client_connection_check_interval', ${String(lostAfterMs)}, true) where version() like '%linux%'`;
  const roles = await listEntitledRoles(sql);
  const entitled = roles.map(({ oid }) => oid);
  const statement = texts.find(({ roleId, role }) =>
    roles.some(({ oid, name }) => oid === roleId && name === role),
  );
  if (!statement) {
    const [asked] = texts as [StatementTexts["texts"][number]];
    const unreadable = await findUnreadable(sql, asked.roleId);
    return {
      unavailable: {
        code: "unsupported",
        reason: `${asked.role} ran it, and may not read ${unreadable}, which ${explainRole} may. Planning runs functions that a statement reaches, with ${explainRole}'s rights: only statements of roles that may read all of that themselves are planned.`,
      },
    };
  }
  const { text } = statement;
  const refuse = (foreign: Foreign) => ({ unavailable: tellForeign(foreign, explainRole) });
  const path = await readSearchPath(sql, statement.roleId);
  const code = await findForeignCode(sql, text, { schemas: await listSchemas(sql, path), entitled });
  if (code) return refuse(code);
  try {
    await prepareStatement(sql, text, path);
    const relation = await findForeignRelation(sql, entitled);
    if (relation) return refuse(relation);
    return { json: await explainStatement(sql, text, { path, method }), role: statement.role };
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    return { sqlState: thrown.code, text, explainRole };
  }
}

function tellForeign({ name, owner }: Foreign, explainRole: string): Unavailable {
  return {
    code: "unsupported",
    reason: `It may reach ${name}, which belongs to ${owner}. Planning would run ${owner}'s code with ${explainRole}'s rights, and ${owner} may not read all that ${explainRole} may.`,
  };
}

function tellExcess(role: string, excess: readonly { right: string; revoke: string }[]): Unavailable {
  return {
    code: "unsupported",
    reason: `The role ${role} of AUDIT_EXPLAIN_URL ${excess.map(({ right }) => right).join(", ")}. Planning runs other people's functions with its rights: it must have SELECT on tables, USAGE on schemas and nothing else.`,
    enable: excess.map(({ revoke }) => revoke).join("\n"),
  };
}
