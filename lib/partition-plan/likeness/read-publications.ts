import type { Sql } from "postgres";

/** A publication that names a table itself, not by its schema or as one of all. */
export interface Publication {
  name: string;
  owner: string;
  /** Whether whoever makes partitions may add one to it. */
  mayAdd: boolean;
  columns: string[] | null;
  condition: string | null;
}

/** Source: pg_publication_rel, whose lists of columns and conditions came with PostgreSQL 15. */
export async function readPublications(sql: Sql, oid: number, maker: string): Promise<Publication[]> {
  const [server] = await sql<
    { version: number }[]
  >`select current_setting('server_version_num')::int as version`;
  const narrowed = (server?.version ?? 0) >= 150_000;
  return sql<Publication[]>`
    select p.pubname as "name", pg_get_userbyid(p.pubowner) as "owner", pg_has_role(${maker}, p.pubowner, 'member') as "mayAdd",
           ${narrowed ? sql`pg_get_expr(r.prqual, r.prrelid)` : sql`null`} as "condition",
           ${
             narrowed
               ? sql`(select json_agg(a.attname order by a.attnum) from pg_attribute a
                      where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[]))`
               : sql`null`
           } as "columns"
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
    where r.prrelid = ${oid}
    order by p.pubname`;
}
