import type { Sql } from "postgres";
import type { StepPlan } from "./define-step.ts";
import { stops } from "./lock-modes.ts";
import type { StepLock } from "./types.ts";

/**
 * The locks that attaching to a table, or detaching from it, takes elsewhere, which its statement does not name: on the
 * tables that foreign keys join to it, in either direction, and on its default partition. As pg_locks of 15.20 and 18.4
 * shows them; DETACH takes ACCESS EXCLUSIVE on a table that refers to it, and ATTACH of what has the foreign key already
 * (`attach again`) on the table that it refers to. Root to leaf, by oid.
 */
export async function readJoinedLocks(
  sql: Sql,
  { table, change }: NonNullable<StepPlan["joins"]>,
): Promise<StepLock[]> {
  const joined = await sql<Pick<StepLock, "relation" | "mode">[]>`
    with here as (
      select c.oid, p.partdefid from pg_class c left join pg_partitioned_table p on p.partrelid = c.oid
      where c.relname = ${table.name} and c.relnamespace = (select oid from pg_namespace where nspname = ${table.schema})
    ), joined as (
      select confrelid as oid, ${change === "attach again" ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE"} as mode
      from pg_constraint join here on conrelid = here.oid where contype = 'f'
      union
      select conrelid, ${change === "attach" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE"}
      from pg_constraint join here on confrelid = here.oid where contype = 'f'
      union
      select partdefid, 'ACCESS EXCLUSIVE' from here where partdefid <> 0
    ), told as (
      -- In the alphabet too the stronger comes first.
      select j.oid, min(j.mode) as mode from joined j, here where j.oid <> here.oid group by j.oid
    )
    select format('%I.%I', n.nspname, c.relname) as relation, told.mode
    from told join pg_class c on c.oid = told.oid join pg_namespace n on n.oid = c.relnamespace
    order by c.relispartition, c.oid`;
  return joined.map((lock) => ({ ...lock, stops: stops[lock.mode] }));
}
