import type { Sql } from "postgres";

/** What was granted by name to the connected role. Expects one of which `findExcessRights` found nothing. */
const granted = (sql: Sql) => sql`
  select d.classid, d.objid, d.objsubid, c.relrowsecurity, c.relforcerowsecurity, c.relowner
  from pg_shdepend d
  left join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
  where d.refclassid = 'pg_authid'::regclass and d.refobjid = current_user::regrole and d.deptype = 'a'
    and d.classid in ('pg_class'::regclass, 'pg_namespace'::regclass)
    and d.dbid = (select oid from pg_database where datname = current_database())`;

/** Whether role r may not do what grant g allows. */
const lacks = (sql: Sql) => sql`
  not r.rolsuper and (
    case when g.classid = 'pg_namespace'::regclass then not has_schema_privilege(r.oid, g.objid, 'USAGE')
         when g.objsubid > 0 then not has_column_privilege(r.oid, g.objid, g.objsubid::int2, 'SELECT')
         else not has_table_privilege(r.oid, g.objid, 'SELECT') end
    or g.relrowsecurity and not r.rolbypassrls
       and (g.relforcerowsecurity or not pg_has_role(r.oid, g.relowner, 'USAGE')))`;

/**
 * The roles that may themselves read whatever the connected role may: superusers, and those that hold, in
 * their own name, through a group or as owners, every SELECT and USAGE that was granted to it, and see every row
 * where row security is on. Code of theirs gains nothing by running with its rights.
 */
export async function listEntitledRoles(sql: Sql): Promise<{ oid: string; name: string }[]> {
  return sql<{ oid: string; name: string }[]>`
    with granted as materialized (${granted(sql)})
    select r.oid::text as "oid", r.rolname as "name" from pg_roles r where not exists (select from granted g where ${lacks(sql)})`;
}

/** Something that the connected role may read and the other may not, e.g. `table audit_log`. */
export async function findUnreadable(sql: Sql, roleId: string): Promise<string> {
  const [row] = await sql<{ name: string }[]>`
    with granted as materialized (${granted(sql)})
    select pg_describe_object(g.classid, g.objid, g.objsubid) as "name"
    from pg_roles r cross join granted g where r.oid = ${roleId}::oid and ${lacks(sql)}
    order by g.classid = 'pg_namespace'::regclass, 1 limit 1`;
  return row?.name ?? "everything that it may";
}
