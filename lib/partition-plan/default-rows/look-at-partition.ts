import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** How three relations stand to each other just now. */
export interface Standing {
  parentThere: boolean;
  /** Attached to the parent as its default. */
  isDefault: boolean;
  childThere: boolean;
  /** Attached to the parent, and not as its default. */
  childAttached: boolean;
  childComment: string | null;
}

/** Source: pg_class, pg_inherits, pg_partitioned_table. */
export async function lookAtPartition(
  sql: Sql,
  names: { parent: TableName; default: TableName; child: TableName },
): Promise<Standing> {
  const oidOf = ({ schema, name }: TableName) => sql`
    (select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = ${schema} and c.relname = ${name})`;
  const [row] = await sql<[Standing]>`
    with names as (
      select ${oidOf(names.parent)} as parent, ${oidOf(names.default)} as fallback, ${oidOf(names.child)} as child
    )
    select parent is not null as "parentThere",
           coalesce(fallback = partdefid, false) as "isDefault",
           child is not null as "childThere",
           child is not null and child <> coalesce(partdefid, 0) and exists
             (select from pg_inherits where inhrelid = child and inhparent = parent) as "childAttached",
           obj_description(child, 'pg_class') as "childComment"
    from names left join pg_partitioned_table on partrelid = parent`;
  return row;
}
