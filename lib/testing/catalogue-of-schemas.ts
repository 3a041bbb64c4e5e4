import type { Sql } from "postgres";

/**
 * All that the catalogue says of the tables of schemas whose names match, and their rows, a line for each thing; the
 * schema's own name reads as `§`, so that the same tables in two schemas give the same lines.
 */
export async function catalogueOfSchemas(sql: Sql, pattern: string): Promise<Map<string, string[]>> {
  const lines = await sql<{ schema: string; line: string }[]>`
    with tables as (
      select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname ~ ${pattern} and c.relkind in ('r', 'p')
    ), lines as (
      select nspname, concat_ws(' ', 'table', c.relname, c.relkind, c.relispartition, pg_get_userbyid(c.relowner), c.relacl,
        c.reloptions, c.relreplident, obj_description(c.oid, 'pg_class'), pg_get_expr(c.relpartbound, c.oid),
        'of', i.inhparent::regclass, i.inhdetachpending) as line
      from tables c left join pg_inherits i on i.inhrelid = c.oid
      union all
      select nspname, concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
      from tables c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      union all
      select nspname, concat_ws(' ', 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated,
        k.conislocal, k.coninhcount)
      from tables c join pg_constraint k on k.conrelid = c.oid
      union all
      select nspname, concat_ws(' ', 'index', c.relname, pg_get_indexdef(x.indexrelid), x.indisvalid, x.indisready, x.indislive,
        x.indisprimary, 'of', i.inhparent::regclass)
      from tables c join pg_index x on x.indrelid = c.oid left join pg_inherits i on i.inhrelid = x.indexrelid
      union all
      select nspname, concat_ws(' ', 'trigger', c.relname, pg_get_triggerdef(t.oid), t.tgenabled, t.tgparentid > 0)
      from tables c join pg_trigger t on t.tgrelid = c.oid where not t.tgisinternal
      union all
      select nspname, concat_ws(' ', 'rows', c.relname, query_to_xml(
        format('select count(*), sum(hashtext(t::text)::int8) from %I.%I t', nspname, c.relname), true, false, ''))
      from tables c where c.relkind = 'r'
      union all
      select nspname, concat_ws(' ', 'visits', c.relname, pg_stat_get_vacuum_count(c.oid) > 0, pg_stat_get_analyze_count(c.oid) > 0)
      from tables c
    )
    select nspname as schema, regexp_replace(line, '\\m' || nspname || '\\M', '§', 'g') as line from lines order by 1, 2`;
  const found = Map.groupBy(lines, ({ schema }) => schema);
  return new Map([...found].map(([schema, of]) => [schema, of.map(({ line }) => line)]));
}
