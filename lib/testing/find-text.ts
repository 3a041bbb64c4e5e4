import type { Sql } from "postgres";

/** Tables of a database, `schema.table`, in whose rows a text stands anywhere; of partitioned ones their partitions. */
export async function tablesHolding(sql: Sql, text: string): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select oid::regclass::text as name from pg_class
    where relkind = 'r' and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await sql.unsafe(
      `select exists (select from ${name} as r where strpos(r::text, $1) > 0) as there`,
      [text],
    );
    if (row?.there) found.push(name);
  }
  return found;
}
