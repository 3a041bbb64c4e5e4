import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { inTurns } from "../in-turns.ts";
import { redactQuery } from "../redact/redact-query.ts";
import type { MissingPart } from "../result.ts";
import { type ServerTexts, textsOfServer } from "./server-texts.ts";
import { statementFeatures } from "./statement-columns.ts";
import { parseStatementKey } from "./statement-key.ts";
import type { StatementLabel } from "./statement-label.ts";
import { explainUnreadableTexts, isUnreadableText } from "./unreadable-texts.ts";

export interface StatementLabels {
  /** Key → label; entries the server no longer has, or whose text it hides, are left out. */
  labels: Record<string, StatementLabel>;
  /** Why no text could be read just now; figures do not need them. */
  missing: MissingPart | null;
}

const maxTextLength = 20_000;
/** How long a text that spoils the others is believed to be still there: each look reads all of them in vain. */
const unreadableMs = 60_000;

/**
 * Texts, roles and databases of these entries, by key. The server reads its whole file of texts for one look, so this
 * process asks a server once for what any of its targets wants, and only for keys not seen before.
 * Source: pg_stat_statements(true).
 */
export async function getStatementLabels(audit: AuditDb, keys: readonly string[]): Promise<StatementLabels> {
  // The history's "others" is no statement.
  const wanted = [...new Set(keys.filter((key) => key.includes("/")))];
  if (wanted.length === 0) return { labels: {}, missing: null };
  const texts = textsOfServer(await audit.server());
  // One look after another: the next one may need none any more.
  const looked = texts.looking.then(() => lookFor(audit, texts, wanted));
  texts.looking = looked.catch(() => {});
  await looked;
  const found = wanted.flatMap((key) => {
    const label = texts.labels.get(key)?.label;
    return label ? [[key, label] as const] : [];
  });
  return { labels: Object.fromEntries(found), missing: believed(texts)?.missing ?? null };
}

function believed({ unreadable }: ServerTexts): ServerTexts["unreadable"] {
  return unreadable && unreadable.until > Date.now() ? unreadable : null;
}

/** Reads the texts of those keys that nobody asked for yet. */
async function lookFor(audit: AuditDb, texts: ServerTexts, wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((key) => !texts.labels.has(key));
  if (unknown.length === 0 || believed(texts)) return;
  const queryIds = [...new Set(unknown.map((key) => parseStatementKey(key).queryId))].toSorted();
  const { data } = await audit.read<Look>({
    name: "queries.labels",
    key: queryIds,
    ttlMs: 30_000,
    source: "pg_stat_statements",
    run: async (sql, server) => {
      const features = statementFeatures(server);
      const schema = server.extensions.pg_stat_statements?.schema;
      if (!features?.readable || !schema) return { rows: [], size: null, missing: null };
      try {
        return await look(sql, schema, features.toplevel, queryIds);
      } catch (thrown) {
        // A server that writes another encoding is asked once more for bytes.
        if (!isUnreadableText(thrown) || server.encoding !== "UTF8") throw thrown;
        return { rows: [], size: null, missing: await explainUnreadableTexts(sql, schema, thrown) };
      }
    },
  });
  texts.unreadable = data.missing && { until: Date.now() + unreadableMs, missing: data.missing };
  if (data.missing) return;
  texts.size = data.size;
  for (const { key, ...label } of data.rows) texts.labels.set(key, { label });
  for (const key of unknown) if (!texts.labels.has(key)) texts.labels.set(key, { label: null });
}

interface Look {
  rows: (StatementLabel & { key: string })[];
  size: ServerTexts["size"];
  missing: MissingPart | null;
}

/** One pass over all texts: those asked for, and what all of them together weigh. */
async function look(
  sql: Sql,
  schema: string,
  hasToplevel: boolean,
  queryIds: readonly string[],
): Promise<Look> {
  const toplevel = hasToplevel ? sql`s.toplevel` : sql`true`;
  const [answer] = await sql<{ bytes: number; longestBytes: number; rows: Look["rows"] | null }[]>`
    select coalesce(sum(octet_length(s.query)), 0)::float8 as "bytes",
           coalesce(max(octet_length(s.query)), 0)::float8 as "longestBytes",
           json_agg(json_build_object(
             'key', concat_ws('/', s.dbid, s.userid, s.queryid, ${toplevel}::int),
             'query', left(s.query, ${maxTextLength + 4_000}),
             'user', r.rolname, 'database', d.datname,
             'own', s.userid = (select oid from pg_roles where rolname = session_user)
                    and strpos(s.query, '/* dashboard:') > 0))
             filter (where s.queryid = any (string_to_array(${queryIds.join(",")}, ',')::int8[])
                       and s.query is not null and s.query <> '<insufficient privilege>') as "rows"
    from ${sql(schema)}.pg_stat_statements(true) s
    left join pg_roles r on r.oid = s.userid
    left join pg_database d on d.oid = s.dbid`;
  const rows = answer?.rows ?? [];
  // Redacted before anything keeps it: answers are shared between processes.
  for await (const row of inTurns(rows)) row.query = redactQuery(row.query, maxTextLength);
  const size = answer ? { bytes: answer.bytes, longestBytes: answer.longestBytes } : null;
  return { rows, size, missing: null };
}
