import type { Sql } from "postgres";
import { nothingFound, type SearchFound } from "./steps.ts";

type Matches = (text: string) => boolean;

/** Texts that the server keeps of statements. Where the extension is not there, none are kept. */
export async function searchStatements(sql: Sql, key: string, matches: Matches): Promise<SearchFound> {
  const found: SearchFound = { ...structuredClone(nothingFound), key };
  const [extension] = await sql<{ schema: string }[]>`
    select extnamespace::regnamespace::text as schema from pg_extension where extname = 'pg_stat_statements'`;
  if (!extension) return found;
  const rows = await sql<{ entry: string; query: string | null }[]>`
    select concat_ws(', ', userid, dbid, queryid) as entry, query from ${sql(extension.schema)}.pg_stat_statements`;
  found.looked = rows.length;
  for (const { entry, query } of rows) if (query !== null && matches(query)) found.statements.push(entry);
  found.found = found.statements.length;
  found.statements = found.statements.slice(0, 100);
  return found;
}

/** What sessions run, or ran last. */
export async function searchActivity(sql: Sql, key: string, matches: Matches): Promise<SearchFound> {
  const rows = await sql<{ query: string | null }[]>`
    select query from pg_stat_activity where pid <> pg_backend_pid()`;
  const found = rows.filter(({ query }) => query !== null && matches(query)).length;
  return { ...structuredClone(nothingFound), key, looked: rows.length, found };
}
