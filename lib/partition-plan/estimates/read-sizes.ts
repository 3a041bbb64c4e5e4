import type { Sql } from "postgres";
import { withProbeSettings } from "../../partition-facts/with-probe-settings.ts";
import { parseQualified } from "../../quote-sql.ts";

/**
 * Bytes of relations by their qualified and quoted names, with all partitions below them; as of the last vacuum or analyze
 * where somebody's lock hides them. Those that do not exist are left out. Source: pg_class, pg_relation_size().
 */
export async function readSizes(sql: Sql, relations: readonly string[]): Promise<Map<string, number>> {
  const wanted = [...new Set(relations)].flatMap((relation) => {
    const name = parseQualified(relation);
    return name ? [{ relation, schema: name.schema, name: name.name }] : [];
  });
  if (wanted.length === 0) return new Map();
  const ask = (probe: Sql, exact: boolean) => probe<{ relation: string; bytes: number }[]>`
    with recursive tree as (
      select w.relation, c.oid from json_to_recordset(${JSON.stringify(wanted)}::text::json) as w (relation text, schema text, name text)
      join pg_namespace n on n.nspname = w.schema join pg_class c on c.relnamespace = n.oid and c.relname = w.name
      union all
      select tree.relation, i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid
    )
    select relation,
           sum(${exact ? probe`pg_relation_size(c.oid)` : probe`c.relpages::int8 * current_setting('block_size')::int`})::float8 as bytes
    from tree join pg_class c on c.oid = tree.oid group by relation`;
  const rows = await withProbeSettings(sql, (probe) => ask(probe, true)).catch(() => ask(sql, false));
  return new Map(rows.map(({ relation, bytes }) => [relation, bytes ?? 0]));
}
