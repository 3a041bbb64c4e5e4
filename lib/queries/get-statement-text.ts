import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import { statementFeatures } from "./statement-columns.ts";
import { parseStatementKey } from "./statement-key.ts";

/**
 * The recorded text of one entry as the server has it, unredacted, for planning it; never shown.
 * `connected`: it ran in the database the console is connected to.
 * @throws AppError NOT_FOUND when the entry is gone, UNSUPPORTED when texts cannot be read here.
 */
export async function getStatementText(
  audit: AuditDb,
  key: string,
): Promise<{ text: string; database: string | null; connected: boolean }> {
  const { databaseId, userId, queryId } = parseStatementKey(key);
  const server = await audit.server();
  const features = statementFeatures(server);
  const schema = server.extensions.pg_stat_statements?.schema;
  if (!features?.readable || !schema) {
    throw new AppError("UNSUPPORTED", "pg_stat_statements cannot be read on this target.");
  }
  const [row] = await audit.use(
    "watch",
    "queries.text",
    (sql) => sql<{ text: string | null; database: string | null; connected: boolean }[]>`
      select s.query as "text", d.datname as "database", d.datname = current_database() as "connected"
      from ${sql(schema)}.pg_stat_statements(true) s left join pg_database d on d.oid = s.dbid
      where s.queryid = ${queryId}::int8 and s.dbid = ${databaseId}::oid and s.userid = ${userId}::oid
      limit 1`,
  );
  if (!row || row.text === null) {
    throw new AppError("NOT_FOUND", "The server no longer has this statement's text.");
  }
  if (row.text === "<insufficient privilege>") {
    throw new AppError("UNSUPPORTED", "The console's role may not see this statement's text.", {
      hint: "GRANT pg_read_all_stats to it.",
    });
  }
  return { text: row.text, database: row.database, connected: row.connected };
}
