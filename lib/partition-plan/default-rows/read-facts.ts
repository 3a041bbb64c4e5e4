import type { Sql } from "postgres";

/** What decides whether and how the rows of a default partition can leave it. Each list in words that name the object. */
export interface DefaultFacts {
  /** Every column that holds a value of its own: a generated one is computed anew. */
  columns: string[];
  /** Generated columns whose expression is another one than the parent's: their values would change. */
  otherwiseGenerated: string[];
  /** Tables whose foreign keys point at it, or at a table above it. */
  referring: string[];
  /** Publications that pass its rows on; `viaRoot` under the name of the table above. */
  publications: { name: string; viaRoot: boolean }[];
  /** Triggers and rules that a DELETE would set off, on it or below it. */
  onDelete: string[];
  /** Row-level security hides rows from the owner too. */
  forcedSecurity: boolean;
  /** Roles besides the owner that may update or delete rows, of it or through a table above it. */
  changers: string[];
  /** The parent's primary key, or a unique one whose columns are never NULL; null where there is none to tell rows by. */
  key: string[] | null;
  /** A plain table of heap pages, whose rows can be copied page by page. */
  heap: boolean;
  pages: number;
  /** Of its constraints. */
  checkNames: string[];
}

/** @param oid of the default partition. Source: the catalogues alone, which everybody may read. */
export async function readDefaultFacts(sql: Sql, oid: number, parent: number): Promise<DefaultFacts> {
  const [row] = await sql<[DefaultFacts]>`
    with above as (
      select relid::oid as oid from pg_partition_ancestors(${oid}::oid::regclass)
    ), below as (
      select relid::oid as oid from pg_partition_tree(${oid}::oid::regclass)
    ), family as (
      select oid from above union select oid from below
    ), grants as (
      select c.oid, c.relowner, item.grantee, item.privilege_type
      from pg_class c, aclexplode(c.relacl) as item where c.oid in (select oid from family)
      union all
      select c.oid, c.relowner, item.grantee, item.privilege_type
      from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) as item
      where c.oid in (select oid from family)
    ), columns as (
      select a.attname::text as name, a.attnum, a.attgenerated <> '' as generated,
             pg_get_expr(own.adbin, own.adrelid) as expression,
             (select pg_get_expr(d.adbin, d.adrelid) from pg_attribute p
              join pg_attrdef d on d.adrelid = p.attrelid and d.adnum = p.attnum
              where p.attrelid = ${parent} and p.attname = a.attname and not p.attisdropped) as above
      from pg_attribute a left join pg_attrdef own on own.adrelid = a.attrelid and own.adnum = a.attnum
      where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    )
    select to_json(array(select name from columns where not generated order by attnum)) as "columns",
           to_json(array(select name from columns where generated and expression is distinct from above))
             as "otherwiseGenerated",
           to_json(array(select distinct format('%I.%I', n.nspname, c.relname)
                 from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
                 where k.contype = 'f' and k.confrelid in (select oid from family) and k.conparentid = 0)) as "referring",
           coalesce((select json_agg(distinct jsonb_build_object('name', p.pubname, 'viaRoot', p.pubviaroot))
                     from pg_publication_tables t join pg_publication p on p.pubname = t.pubname
                     join pg_namespace n on n.nspname = t.schemaname
                     join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
                     where c.oid in (select oid from family)), '[]') as "publications",
           to_json(array(select format('trigger %I', tgname) from pg_trigger
                 where tgrelid in (select oid from below) and not tgisinternal and tgenabled in ('O', 'A') and tgtype & 8 <> 0
                 union
                 select format('rule %I', rulename) from pg_rewrite
                 where ev_class in (select oid from below) and ev_type = '4' and ev_enabled in ('O', 'A'))) as "onDelete",
           exists (select from pg_class where oid in (select oid from below) and relforcerowsecurity)
             as "forcedSecurity",
           to_json(array(select distinct case when grantee = 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end
                 from grants where grantee <> relowner and privilege_type in ('UPDATE', 'DELETE'))) as "changers",
           (select to_json(array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
                         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                         where k.place <= i.indnkeyatts order by k.place))
            from pg_index i
            where i.indrelid = ${parent} and i.indisunique and i.indisvalid and i.indimmediate
              and i.indpred is null and i.indexprs is null
              and not exists (select from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
                              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                              join pg_type t on t.oid = a.atttypid
                              where k.place <= i.indnkeyatts and (not a.attnotnull
                                or t.typnamespace <> 'pg_catalog'::regnamespace and t.typtype <> 'e'))
            order by i.indisprimary desc, i.indnatts, i.indexrelid limit 1) as "key",
           (select c.relkind = 'r' and m.amname = 'heap' from pg_class c left join pg_am m on m.oid = c.relam
            where c.oid = ${oid}) is true as "heap",
           (select coalesce(sum(pg_relation_size(c.oid)), 0) / current_setting('block_size')::int
            from pg_class c where c.oid in (select oid from below) and c.relkind = 'r')::int as "pages",
           to_json(array(select conname::text from pg_constraint where conrelid = ${oid})) as "checkNames"`;
  return row;
}
