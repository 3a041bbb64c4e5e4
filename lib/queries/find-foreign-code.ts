import type { Sql } from "postgres";

/** Something in the database whose owner may not read all that the explain role may. */
export interface Foreign {
  /** `function public.f(integer)` */
  name: string;
  owner: string;
}

/** Operators that SQL's own words stand for: IN, LIKE, BETWEEN, NULLIF, CASE, DISTINCT, USING. */
const operatorsOfWords = ["=", "<>", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "!~~*", "~"];

/**
 * A function, operator or type of a role not entitled that a name in the text may lead to, in a schema that the
 * connected role may use. Planning reaches such a thing by its name or through a relation (`findForeignRelation`)
 * only; so whatever bears a name that stands in the text counts, and names that merely look alike do. `schemas` is the search path. Expects pg_catalog as the search path.
 */
export async function findForeignCode(
  sql: Sql,
  text: string,
  options: { schemas: readonly string[]; entitled: readonly string[] },
): Promise<Foreign | null> {
  const words = text.toLowerCase().match(/[a-z0-9_$]+/g) ?? [];
  const [row] = await sql<Foreign[]>`
    with entitled as materialized (
      select value::oid as oid from json_array_elements_text(${JSON.stringify(options.entitled)}::text::json)
    ), words as materialized (
      select distinct value as word from json_array_elements_text(${JSON.stringify(words)}::text::json)
    ), schemas as materialized (
      select oid, nspname in (select json_array_elements_text(${JSON.stringify(options.schemas)}::text::json)) as "onPath"
      from pg_namespace where has_schema_privilege(oid, 'USAGE')
    ), code as (
      select 'pg_proc'::regclass as class, p.oid, p.proowner as owner, p.proname::text as name, true as "inText"
      from pg_proc p join schemas s on s.oid = p.pronamespace
      union all
      select 'pg_type'::regclass, t.oid, t.typowner, t.typname::text, true
      from pg_type t join schemas s on s.oid = t.typnamespace
      where t.typtype = 'd' or exists (select from pg_cast where t.oid in (castsource, casttarget))
      union all
      select 'pg_operator'::regclass, o.oid, o.oprowner, case when s."onPath" then null else 'operator' end,
             position(o.oprname in ${text}::text) > 0
               or o.oprname in (select json_array_elements_text(${JSON.stringify(operatorsOfWords)}::text::json))
      from pg_operator o join schemas s on s.oid = o.oprnamespace
    )
    select pg_describe_object(class, oid, 0) as "name", pg_get_userbyid(owner)::text as "owner" from code
    where owner not in (select oid from entitled)
      and "inText" and (name is null or lower(name) in (select word from words)
           or lower(name) !~ '^[a-z0-9_$]+$' and position(lower(name) in ${text.toLowerCase()}::text) > 0)
    order by 1 limit 1`;
  return row ?? null;
}

/**
 * A table or view that the prepared statement reaches, through views and down to partitions, and that belongs to a
 * role not entitled: its view, its expressions in checks, indexes and partition keys would run while planning.
 * Parsing has locked what the statement and its views name, which the server lists in pg_locks; pg_inherits adds
 * the partitions.
 */
export async function findForeignRelation(sql: Sql, entitled: readonly string[]): Promise<Foreign | null> {
  const [row] = await sql<Foreign[]>`
    with recursive reached as (
      select relation as oid from pg_locks
      where locktype = 'relation' and pid = pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database())
      union
      select i.inhrelid from reached r join pg_inherits i on i.inhparent = r.oid
    )
    select pg_describe_object('pg_class'::regclass, c.oid, 0) as "name", pg_get_userbyid(c.relowner)::text as "owner"
    from reached r join pg_class c on c.oid = r.oid
    where c.relowner not in (select value::oid from json_array_elements_text(${JSON.stringify(entitled)}::text::json))
    order by 1 limit 1`;
  return row ?? null;
}
