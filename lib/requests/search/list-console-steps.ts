import type { Sql } from "postgres";
import type { RowsStep } from "./steps.ts";

/** Every column of the console's database that can hold a text, found in the catalogue: a new table is not forgotten. */
export async function listConsoleSteps(sql: Sql): Promise<RowsStep[]> {
  const tables = await sql<{ schema: string; table: string; columns: string[] }[]>`
    select nspname as schema, relname as table, jsonb_agg(attname order by attnum) as columns
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_attribute on attrelid = pg_class.oid
    join pg_type on pg_type.oid = atttypid
    where relkind in ('r', 'm') and relpersistence <> 't' and attnum > 0 and not attisdropped
      and nspname <> 'information_schema' and nspname !~ '^pg_'
      and (typcategory = 'S' or typname in ('json', 'jsonb', 'inet', 'cidr', 'xml')
        or (typcategory = 'A' and exists (
          select from pg_type element where element.oid = pg_type.typelem and element.typcategory = 'S')))
      and has_table_privilege(pg_class.oid, 'select')
    group by 1, 2 order by 1, 2`;
  return tables.map(({ schema, table, columns }) => ({
    kind: "rows",
    key: `console/${schema}.${table}`,
    target: null,
    purpose: "read",
    ...{ schema, table, columns },
    events: false,
    partition: null,
    fromBlock: 0,
    toBlock: null,
  }));
}
