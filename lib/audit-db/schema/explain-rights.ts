import type { Sql } from "postgres";

/** A right that the explain role must not have, and the SQL that takes it away. */
export interface ExcessRight {
  /** Completes "The role x …": `is a superuser`, `has INSERT on public.orders`. */
  right: string;
  revoke: string;
}

/**
 * What the role that signed in may do beyond reading tables that were granted to it by name: attributes, memberships,
 * ownership, and every grant but SELECT on relations, USAGE on schemas and CONNECT. Planning runs other people's
 * functions with these rights. PUBLIC's grants do not count: everybody has them. Asked on a connection
 * of the explain purpose. Sources: pg_roles, pg_auth_members, pg_shdepend (which lists whatever was granted to a role or
 * belongs to it), aclexplode.
 */
export async function findExcessRights(sql: Sql): Promise<ExcessRight[]> {
  return sql<ExcessRight[]>`
    with me as (
      select * from pg_roles where rolname = session_user
    ), held as materialized (
      select d.classid, d.objid, d.objsubid, d.deptype, i.identity
      from me join pg_shdepend d on d.refclassid = 'pg_authid'::regclass and d.refobjid = me.oid
      cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
      where d.deptype in ('o', 'a') and d.classid <> 'pg_default_acl'::regclass
        and d.dbid in (0, (select oid from pg_database where datname = current_database()))
    ), granted as (
      select h.identity, a.privilege_type as privilege, a.is_grantable,
             case h.classid when 'pg_class'::regclass then '' when 'pg_namespace'::regclass then 'schema ' else 'database ' end as kind,
             case h.classid when 'pg_class'::regclass then 'SELECT' when 'pg_namespace'::regclass then 'USAGE' else 'CONNECT' end as needed,
             case when h.objsubid > 0 then ' (' || quote_ident(attname) || ')' else '' end as "column",
             case when h.classid = 'pg_class'::regclass then format('%I.%I', cn.nspname, relname)
                  else h.identity end as name
      from me cross join held h
      left join pg_class c on h.classid = 'pg_class'::regclass and c.oid = h.objid
      left join pg_namespace cn on cn.oid = c.relnamespace
      left join pg_attribute t on t.attrelid = c.oid and t.attnum = h.objsubid and h.objsubid > 0
      left join pg_namespace n on h.classid = 'pg_namespace'::regclass and n.oid = h.objid
      left join pg_database b on h.classid = 'pg_database'::regclass and b.oid = h.objid
      cross join lateral aclexplode(case when h.objsubid > 0 then t.attacl else coalesce(c.relacl, n.nspacl, b.datacl) end) a
      where h.deptype = 'a' and a.grantee = me.oid
    ), excess as (
      select 1 as rank, label as "right", format('ALTER ROLE %I NO%s;', rolname, attribute) as "revoke"
      from me cross join lateral (values
        (rolsuper, 'is a superuser', 'SUPERUSER'), (rolcreaterole, 'may create roles', 'CREATEROLE'),
        (rolcreatedb, 'may create databases', 'CREATEDB'), (rolreplication, 'may replicate', 'REPLICATION'),
        (rolbypassrls, 'bypasses row security', 'BYPASSRLS')) as attributes (has, label, attribute)
      where has
      union all
      select 2, 'is a member of ' || g.rolname, format('REVOKE %I FROM %I;', g.rolname, me.rolname)
      from me join pg_auth_members m on m.member = me.oid join pg_roles g on g.oid = m.roleid
      union all
      select 3, 'owns ' || pg_describe_object(classid, objid, objsubid),
             format('-- give to another role: %s', pg_describe_object(classid, objid, objsubid))
      from held where deptype = 'o'
      union all
      select 4, format('has %s%s on %s%s%s', privilege, "column", kind, name, case when is_grantable then ' with grant option' else '' end),
             format('REVOKE %s%s ON %s%s FROM %I;', privilege, "column", upper(kind), name, me.rolname)
      from me cross join granted where privilege <> needed or is_grantable
      union all
      select 5, 'has a grant on ' || pg_describe_object(classid, objid, objsubid),
             case when classid = 'pg_proc'::regclass then format('REVOKE ALL ON ROUTINE %s FROM %I;', identity, me.rolname)
                  else '-- revoke what it has on ' || pg_describe_object(classid, objid, objsubid) end
      from me cross join held
      where deptype = 'a' and classid not in ('pg_class'::regclass, 'pg_namespace'::regclass, 'pg_database'::regclass)
    )
    select "right", "revoke" from excess order by rank, "right" limit 20`;
}
