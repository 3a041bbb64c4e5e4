import type { Sql } from "postgres";
import type { MissingPart } from "../result.ts";
import { serverWordsOf, sqlStateOf } from "../sql-state.ts";
import { counted } from "../words.ts";

/** Whether texts are refused because one of them is no valid text in the connected database's encoding. */
export function isUnreadableText(thrown: unknown): boolean {
  return /^22(021|P05)$/.test(sqlStateOf(thrown) ?? "");
}

interface Source {
  database: string | null;
  databaseId: string;
  encoding: string | null;
  entries: number;
}

/**
 * Why statement texts cannot be read, and from which database the bad one comes: pg_stat_statements checks each text as
 * it hands them out, so one that is not valid here costs all of them. Figures do not need texts.
 */
export async function explainUnreadableTexts(
  sql: Sql,
  schema: string,
  thrown: unknown,
): Promise<MissingPart> {
  const sources = await sql<Source[]>`
    select d.datname as "database", s.dbid::text as "databaseId", pg_encoding_to_char(d.encoding) as "encoding",
           count(*)::int as "entries"
    from ${sql(schema)}.pg_stat_statements(false) s left join pg_database d on d.oid = s.dbid
    where d.encoding is distinct from (select encoding from pg_database where datname = current_database())
    group by 1, 2, 3 order by 4 desc limit 5`;
  const server = serverWordsOf(thrown);
  const named = sources.map(
    ({ database, encoding, entries }) =>
      `${database ?? "a dropped database"}${encoding ? ` (${encoding})` : ""}, ${counted(entries, "statement")}`,
  );
  const from = named.length > 0 ? ` It comes from a database of another encoding: ${named.join("; ")}.` : "";
  const forget = sources.map(
    ({ databaseId }) => `SELECT ${schema}.pg_stat_statements_reset(0, ${databaseId}, 0);`,
  );
  return {
    part: "Statement texts",
    reason: `Statement texts cannot be read: one is not valid in this database's encoding, and pg_stat_statements hands out all texts or none.${from} Figures are complete.`,
    hint: `Until that statement is evicted or forgotten, texts stay unreadable. To forget the statistics of that database, as a superuser: ${forget.join(" ") || "SELECT pg_stat_statements_reset();"} So that it does not come back, set client_encoding in its applications to what they send.`,
    ...(server && { server }),
  };
}
