import type { AuditDb } from "../audit-db/types.ts";

/**
 * What a plan of a default partition rests on, as a word that changes with it: the partitions beside it with their bounds,
 * and how many rows came into it and left it. From the catalogues and counters alone, which lag up to a second.
 */
export async function readWorld(
  audit: Pick<AuditDb, "use">,
  { schema, name }: { schema: string; name: string },
): Promise<string> {
  const [row] = await audit.use(
    "watch",
    "partitions.world",
    (sql) => sql<{ world: string | null }[]>`
      select md5(string_agg(concat_ws(' ', beside.oid, beside.relname, beside.relpartbound::text, i.inhdetachpending,
                                      obj_description(beside.oid, 'pg_class')), ',' order by beside.oid)
                 || concat_ws(' ', pg_stat_get_tuples_inserted(c.oid), pg_stat_get_tuples_updated(c.oid),
                              pg_stat_get_tuples_deleted(c.oid), c.relacl, c.relforcerowsecurity)) as world
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_inherits own on own.inhrelid = c.oid join pg_inherits i on i.inhparent = own.inhparent
      join pg_class beside on beside.oid = i.inhrelid
      where n.nspname = ${schema} and c.relname = ${name} group by c.oid`,
  );
  return row?.world ?? "";
}
