import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import { statementFeatures } from "./statement-columns.ts";
import { parseStatementKey } from "./statement-key.ts";
import { explainUnreadableTexts, isUnreadableText } from "./unreadable-texts.ts";

export interface StatementTexts {
  database: string | null;
  /** It ran in the database the console is connected to. */
  connected: boolean;
  /** One a role that ran it, the key's own first. */
  texts: { roleId: string; role: string; text: string }[];
}

const rolesAtMost = 50;

/**
 * The recorded texts of a statement, one for each role that ran it, unredacted, for planning; never shown. Roles
 * that are gone are left out.
 * @throws AppError NOT_FOUND when no entry is left, UNSUPPORTED when texts cannot be read here.
 */
export async function getStatementTexts(audit: AuditDb, key: string): Promise<StatementTexts> {
  const { databaseId, userId, queryId } = parseStatementKey(key);
  const server = await audit.server();
  const features = statementFeatures(server);
  const schema = server.extensions.pg_stat_statements?.schema;
  if (!features?.readable || !schema) {
    throw new AppError("UNSUPPORTED", "pg_stat_statements cannot be read on this target.");
  }
  const rows = await audit.use("watch", "queries.text", (sql) => {
    const texts = sql<
      { roleId: string; role: string; text: string; database: string | null; connected: boolean }[]
    >`
      select s.userid::text as "roleId", r.rolname as "role", min(s.query) as "text",
             d.datname as "database", coalesce(d.datname = current_database(), false) as "connected"
      from ${sql(schema)}.pg_stat_statements(true) s join pg_roles r on r.oid = s.userid
      left join pg_database d on d.oid = s.dbid
      where s.queryid = ${queryId}::int8 and s.dbid = ${databaseId}::oid and s.query is not null
      group by s.userid, r.rolname, d.datname
      order by s.userid = ${userId}::oid desc, sum(s.calls) desc
      limit ${rolesAtMost}`;
    return texts.catch(async (thrown: unknown) => {
      if (!isUnreadableText(thrown) || server.encoding !== "UTF8") throw thrown;
      const { reason, hint } = await explainUnreadableTexts(sql, schema, thrown);
      throw new AppError("UNSUPPORTED", reason, { cause: thrown, ...(hint && { hint }) });
    });
  });
  const [first] = rows;
  if (!first) throw new AppError("NOT_FOUND", "The server no longer has this statement's text.");
  const texts = rows.filter(({ text }) => text !== "<insufficient privilege>");
  if (texts.length === 0) {
    throw new AppError("UNSUPPORTED", "The console's role may not see this statement's text.", {
      hint: "GRANT pg_read_all_stats to it.",
    });
  }
  const { database, connected } = first;
  return { database, connected, texts: texts.map(({ roleId, role, text }) => ({ roleId, role, text })) };
}
