import type { AuditDb } from "../audit-db/types.ts";
import { inTurns } from "../in-turns.ts";
import { redactQuery } from "../redact/redact-query.ts";
import { statementFeatures } from "./statement-columns.ts";
import { parseStatementKey } from "./statement-key.ts";

/** What a statement is called: kept in the history, because the server forgets entries. */
export interface StatementLabel {
  /** Passwords and the like redacted, at most 20,000 characters. */
  query: string;
  user: string | null;
  database: string | null;
  /** The console's own: our role *and* our tag; a tag alone would let anybody hide. */
  own: boolean;
}

const maxTextLength = 20_000;

/**
 * Texts, roles and databases of these entries, by key; entries the server no longer has, or whose text it hides,
 * are left out. Reads the server's whole text file once, so ask only for keys not seen before.
 * Source: pg_stat_statements(true).
 */
export async function getStatementLabels(
  audit: AuditDb,
  keys: readonly string[],
): Promise<Record<string, StatementLabel>> {
  // The history's "others" is no statement.
  const wanted = new Set(keys.filter((key) => key.includes("/")));
  if (wanted.size === 0) return {};
  const queryIds = [...new Set([...wanted].map((key) => parseStatementKey(key).queryId))].toSorted();
  const { data } = await audit.read({
    name: "queries.labels",
    key: queryIds,
    ttlMs: 30_000,
    source: "pg_stat_statements",
    run: async (sql, server) => {
      const features = statementFeatures(server);
      const schema = server.extensions.pg_stat_statements?.schema;
      if (!features?.readable || !schema) return [];
      const toplevel = features.toplevel ? sql`s.toplevel` : sql`true`;
      const rows = await sql<
        { key: string; query: string; user: string | null; database: string | null; own: boolean }[]
      >`
        select concat_ws('/', s.dbid, s.userid, s.queryid, ${toplevel}::int) as "key",
               left(s.query, ${maxTextLength + 4_000}) as "query",
               r.rolname as "user", d.datname as "database",
               s.userid = (select oid from pg_roles where rolname = session_user)
                 and strpos(s.query, '/* dashboard:') > 0 as "own"
        from ${sql(schema)}.pg_stat_statements(true) s
        left join pg_roles r on r.oid = s.userid
        left join pg_database d on d.oid = s.dbid
        where s.queryid = any (string_to_array(${queryIds.join(",")}, ',')::int8[])
          and s.query is not null and s.query <> '<insufficient privilege>'`;
      // Redacted before anything keeps it: answers are shared between processes.
      for await (const row of inTurns(rows)) row.query = redactQuery(row.query, maxTextLength);
      return [...rows];
    },
  });
  return Object.fromEntries(
    data.filter(({ key }) => wanted.has(key)).map(({ key, ...label }) => [key, label]),
  );
}

/** A label as the history gives it back; null when it is not one of ours. */
export function asStatementLabel(label: unknown): StatementLabel | null {
  if (typeof label !== "object" || label === null || !("query" in label)) return null;
  const { query, user, database, own } = label as Partial<StatementLabel>;
  if (typeof query !== "string") return null;
  return { query, user: user ?? null, database: database ?? null, own: own === true };
}
