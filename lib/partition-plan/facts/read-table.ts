import type { Sql } from "postgres";

export interface Column {
  name: string;
  /** With its length or precision. */
  type: string;
  /** Qualified and quoted; null for types without. */
  collation: string | null;
  notNull: boolean;
  identity: boolean;
  /** The expression it is generated from; null where it is not. */
  generated: string | null;
}

/** Of a table as it stands. Source: pg_attribute. */
export async function readColumns(sql: Sql, oid: number): Promise<Column[]> {
  return sql<Column[]>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
           (select format('%I.%I', n.nspname, c.collname) from pg_collation c join pg_namespace n on n.oid = c.collnamespace
            where c.oid = a.attcollation) as "collation",
           a.attidentity <> '' as identity,
           case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as generated
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped order by a.attnum`;
}

export interface Constraint {
  name: string;
  type: "c" | "f" | "p" | "u" | "x";
  /** As ADD CONSTRAINT takes it, without NOT VALID. */
  definition: string;
  /** A CHECK's own. */
  condition: string | null;
  validated: boolean;
  /** Of a foreign key, qualified and quoted. */
  refersTo: string | null;
}

/** CHECKs, foreign keys and keys in order of name. Within `lookUp`: names are qualified then. Source: pg_constraint. */
export async function readConstraints(sql: Sql, oid: number): Promise<Constraint[]> {
  return sql<Constraint[]>`
    select conname as name, contype as type, convalidated as validated, pg_get_expr(conbin, conrelid) as condition,
           regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as definition,
           (select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = nullif(k.confrelid, 0)) as "refersTo"
    from pg_constraint k where conrelid = ${oid} and contype in ('c', 'f', 'p', 'u', 'x') order by conname`;
}

export interface Index {
  oid: number;
  /** The table's oid. */
  table: number;
  schema: string;
  name: string;
  unique: boolean;
  valid: boolean;
  /** What it is made of, the same for each table: `btree (at) WHERE (…)`. */
  meaning: string;
  /** The constraint that it keeps: p, u, x; null for a plain one. */
  constraint: string | null;
  /** The parent's index that it is a part of. */
  attachedTo: number | null;
}

/** Of several tables, in order of name. Within `lookUp`: names are qualified then. Source: pg_index. */
export async function readIndexes(sql: Sql, tables: readonly number[]): Promise<Index[]> {
  return sql<Index[]>`
    select x.indexrelid as oid, x.indrelid as "table", n.nspname as schema, c.relname as name, x.indisunique as unique,
           x.indisvalid and x.indisready and x.indislive as valid,
           regexp_replace(pg_get_indexdef(x.indexrelid), '^.*? USING ', '') as meaning,
           (select contype from pg_constraint where conindid = x.indexrelid and contype in ('p', 'u', 'x')
            and conrelid = x.indrelid limit 1) as "constraint",
           i.inhparent as "attachedTo"
    from pg_index x join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
    left join pg_inherits i on i.inhrelid = x.indexrelid
    where x.indrelid in (select value::oid from json_array_elements_text(${JSON.stringify(tables)}::text::json)) order by c.relname`;
}
