import type { Sql } from "postgres";
import { type Publication, readPublications } from "./read-publications.ts";

export interface Privilege {
  /** Null for PUBLIC. */
  grantee: string | null;
  privilege: string;
  grantable: boolean;
  /** Null for the whole table. */
  column: string | null;
}

/** What a partition has of its own, which `LIKE parent INCLUDING ALL` would not bring to another. */
export interface TableModel {
  schema: string;
  name: string;
  owner: string;
  /** Whoever owns the tree, as which new partitions are made. */
  maker: string;
  /** Whether the maker may give a table to this owner. */
  makerMayGive: boolean;
  makerMayCreate: boolean;
  persistence: "p" | "u";
  tablespace: string | null;
  /** Null where it is the server's default, or there is none (a partitioned table). */
  accessMethod: string | null;
  /** `name=value`; those of its TOAST table as `toast.name=value`. */
  storage: string[];
  partitionBy: string | null;
  privileges: Privilege[];
  /** What a table that the maker creates there has from the start. */
  initialPrivileges: Privilege[];
  /** `options` are those of ANALYZE alone: a server's makers may keep others there for themselves. */
  columns: {
    name: string;
    statistics: number | null;
    options: string[] | null;
    comment: string | null;
    commentAbove: string | null;
    /** Expressions; of generated columns null. */
    default: string | null;
    defaultAbove: string | null;
  }[];
  comment: string | null;
  replicaIdentity: "d" | "n" | "f" | "i";
  /** The parent's index that the one of the replica identity belongs to; null where it is the table's own. */
  identityIndex: { schema: string; name: string } | null;
  publications: Publication[];
  /** Publications of the whole tree that subscribers get under each partition's own name. */
  publishedByLeaf: string[];
  rowSecurity: boolean;
  forceRowSecurity: boolean;
  policies: {
    name: string;
    permissive: boolean;
    command: string;
    roles: (string | null)[];
    using: string | null;
    check: string | null;
    comment: string | null;
  }[];
  /** Indexes that are no part of the parent's: `UNIQUE INDEX USING btree (note)`, or the constraint that one keeps. */
  indexes: { unique: boolean; definition: string; constraint: string | null }[];
  /** Its own; `definition` as pg_get_triggerdef writes it. */
  triggers: { name: string; definition: string; enabled: "O" | "D" | "R" | "A"; comment: string | null }[];
  /** Those that come with ATTACH and are not simply on. */
  clonedTriggers: { name: string; enabled: "O" | "D" | "R" | "A" }[];
  nullable: string[];
  checkNames: string[];
}

/** @param oid of the partition; @param parent whose partitions are to be made @param owner of the tree */
export async function readModel(
  sql: Sql,
  { oid, parent, root }: { oid: number; parent: number; root: number },
): Promise<TableModel | null> {
  const [row] = await sql<{ model: Omit<TableModel, "publications"> }[]>`
    with acl as (
      select c.oid, coalesce(c.relacl, acldefault('r', c.relowner)) as whole,
             coalesce((select defaclacl from pg_default_acl
                       where defaclrole = maker.relowner and defaclnamespace = 0 and defaclobjtype = 'r'),
                      acldefault('r', maker.relowner)) as initial,
             (select defaclacl from pg_default_acl
              where defaclrole = maker.relowner and defaclnamespace = c.relnamespace and defaclobjtype = 'r') as added,
             maker.relowner as maker
      from pg_class c, pg_class maker where c.oid = ${oid} and maker.oid = ${root}
    ), privilege as (
      select 'now' as kind, null as "column", item.* from acl, aclexplode(whole) as item
      union all select 'now', attname, item.* from pg_attribute, aclexplode(attacl) as item
        where attrelid = ${oid} and not attisdropped
      union all select 'initial', null, item.* from acl, aclexplode(initial) as item
      union all select 'initial', null, item.* from acl, aclexplode(added) as item
    ), privileges as (
      select kind, json_agg(distinct jsonb_build_object(
               'grantee', case when grantee <> 0 then pg_get_userbyid(grantee) end, 'privilege', privilege_type,
               'grantable', is_grantable, 'column', "column")) as list
      from privilege group by kind
    )
    select json_build_object(
      'schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner), 'maker', pg_get_userbyid(acl.maker),
      'makerMayGive', pg_has_role(acl.maker, c.relowner, 'member'),
      'makerMayCreate', has_schema_privilege(acl.maker, n.oid, 'create'),
      'persistence', c.relpersistence,
      'tablespace', (select spcname from pg_tablespace where oid = c.reltablespace),
      'accessMethod', (select amname from pg_am where oid = c.relam
                       and (amname <> 'heap' or current_setting('default_table_access_method') <> 'heap')),
      'storage', coalesce((select json_agg(option) from (
          select unnest(c.reloptions) as option
          union all select 'toast.' || unnest(t.reloptions) from pg_class t where t.oid = c.reltoastrelid) as o), '[]'),
      'partitionBy', pg_get_partkeydef(c.oid),
      'privileges', coalesce((select list from privileges where kind = 'now'), '[]'),
      'initialPrivileges', coalesce((select list from privileges where kind = 'initial'), '[]'),
      'columns', (select json_agg(json_build_object(
          'name', a.attname, 'statistics', nullif(a.attstattarget, -1), 'options', (select json_agg(option) from unnest(a.attoptions) as option where option like 'n\\_distinct%'),
          'comment', col_description(c.oid, a.attnum),
          'commentAbove', (select col_description(p.attrelid, p.attnum) from pg_attribute p
                           where p.attrelid = ${parent} and p.attname = a.attname and not p.attisdropped),
          'default', (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
                      where d.adrelid = a.attrelid and d.adnum = a.attnum and a.attgenerated = ''),
          'defaultAbove', (select pg_get_expr(d.adbin, d.adrelid) from pg_attribute p
                           join pg_attrdef d on d.adrelid = p.attrelid and d.adnum = p.attnum
                           where p.attrelid = ${parent} and p.attname = a.attname and not p.attisdropped and p.attgenerated = ''))
          order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      'comment', obj_description(c.oid, 'pg_class'),
      'replicaIdentity', c.relreplident,
      'identityIndex', (select json_build_object('schema', pn.nspname, 'name', pc.relname)
          from pg_index i join pg_inherits h on h.inhrelid = i.indexrelid
          join pg_class pc on pc.oid = h.inhparent join pg_namespace pn on pn.oid = pc.relnamespace
          where i.indrelid = c.oid and i.indisreplident),
      'publishedByLeaf', coalesce((select json_agg(p.pubname order by p.pubname) from pg_publication p
          where not p.pubviaroot and (p.puballtables or exists (
            select from pg_publication_rel r join pg_partition_ancestors(${parent}::oid::regclass) as a on a.relid = r.prrelid
            where r.prpubid = p.oid))), '[]'),
      'rowSecurity', c.relrowsecurity, 'forceRowSecurity', c.relforcerowsecurity,
      'policies', coalesce((select json_agg(json_build_object(
          'name', polname, 'permissive', polpermissive, 'using', pg_get_expr(polqual, polrelid),
          'check', pg_get_expr(polwithcheck, polrelid), 'comment', obj_description(pg_policy.oid, 'pg_policy'),
          'command', case polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
                                 when 'd' then 'DELETE' else 'ALL' end,
          'roles', (select json_agg(case when role <> 0 then pg_get_userbyid(role) end) from unnest(polroles) as role))
          order by polname)
        from pg_policy where polrelid = c.oid), '[]'),
      'indexes', coalesce((select json_agg(json_build_object(
          'unique', x.indisunique, 'definition', regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', ''),
          'constraint', (select pg_get_constraintdef(k.oid) from pg_constraint k
                         where k.conindid = x.indexrelid and k.conrelid = c.oid and k.contype in ('p', 'u', 'x')))
          order by x.indexrelid)
        from pg_index x where x.indrelid = c.oid and x.indisvalid
          and not exists (select from pg_inherits where inhrelid = x.indexrelid)
          -- What the parent has as well comes with LIKE.
          and not exists (select from pg_index p where p.indrelid = ${parent} and p.indisunique = x.indisunique
                            and regexp_replace(pg_get_indexdef(p.indexrelid), '^.*? USING ', '')
                              = regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', ''))), '[]'),
      'triggers', coalesce((select json_agg(json_build_object(
          'name', tgname, 'definition', pg_get_triggerdef(t.oid, false), 'enabled', tgenabled,
          'comment', obj_description(t.oid, 'pg_trigger')) order by tgname)
        from pg_trigger t where tgrelid = c.oid and not tgisinternal and tgparentid = 0), '[]'),
      'clonedTriggers', coalesce((select json_agg(json_build_object('name', t.tgname, 'enabled', t.tgenabled) order by t.tgname)
        from pg_trigger t join pg_trigger a on a.oid = t.tgparentid
        where t.tgrelid = c.oid and not t.tgisinternal and (t.tgenabled <> 'O' or a.tgenabled <> 'O')), '[]'),
      'nullable', coalesce((select json_agg(attname) from pg_attribute
        where attrelid = ${parent} and attnum > 0 and not attisdropped and not attnotnull), '[]'),
      'checkNames', coalesce((select json_agg(conname) from pg_constraint
        where conrelid = ${parent} and contype = 'c'), '[]')
    ) as "model"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, acl
    where c.oid = ${oid}`;
  return row ? { ...row.model, publications: await readPublications(sql, oid, row.model.maker) } : null;
}
