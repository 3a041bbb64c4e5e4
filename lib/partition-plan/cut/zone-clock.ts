import type { Sql } from "postgres";

/*
 * What wall clocks show is asked of the server: its tables were cut by its own time zone data, and it decides for
 * everybody what a midnight is that a change of clocks leaves out or has twice.
 */

/** The wall clock's points of moments, in order. Both in microseconds since 1970. @throws the driver's 22023 for an unknown zone */
export async function toWalls(sql: Sql, timeZone: string, instants: readonly bigint[]): Promise<bigint[]> {
  if (timeZone === "UTC") return [...instants];
  const rows = await sql<{ point: string }[]>`
    select (extract(epoch from (('epoch'::timestamptz + (micros || ' microseconds')::interval) at time zone ${timeZone}::text))
            * 1000000)::bigint::text as "point"
    from json_array_elements_text(${JSON.stringify(instants.map(String))}::text::json) with ordinality as given (micros, place)
    order by place`;
  return rows.map(({ point }) => BigInt(point));
}

/** The moments at which the wall clock shows points, in order. */
export async function toInstants(sql: Sql, timeZone: string, walls: readonly bigint[]): Promise<bigint[]> {
  if (timeZone === "UTC") return [...walls];
  const rows = await sql<{ point: string }[]>`
    select (extract(epoch from (('epoch'::timestamp + (micros || ' microseconds')::interval) at time zone ${timeZone}::text))
            * 1000000)::bigint::text as "point"
    from json_array_elements_text(${JSON.stringify(walls.map(String))}::text::json) with ordinality as given (micros, place)
    order by place`;
  return rows.map(({ point }) => BigInt(point));
}

/** Whether the server knows the zone by this name. */
export async function isTimeZone(sql: Sql, timeZone: string): Promise<boolean> {
  const [row] = await sql`select from pg_timezone_names where lower(name) = lower(${timeZone})`;
  return row !== undefined || timeZone.toUpperCase() === "UTC";
}

/**
 * The zones in whose midnights all of these moments lie, those first that this database or server is set to. Named as
 * places: `posix/…` and abbreviations only repeat them. 0.2 s with 400 moments.
 */
export async function zonesOfMidnights(
  sql: Sql,
  instants: readonly bigint[],
): Promise<{ timeZone: string; configured: boolean }[]> {
  return sql<{ timeZone: string; configured: boolean }[]>`
    with moments as materialized (
      select 'epoch'::timestamptz + (micros || ' microseconds')::interval as moment
      from json_array_elements_text(${JSON.stringify(instants.map(String))}::text::json) as micros
    ), configured as (
      select lower(split_part(setting, '=', 2)) as name
      from pg_db_role_setting, unnest(setconfig) as setting
      where setting ilike 'timezone=%'
        and setdatabase in (0, (select oid from pg_database where datname = current_database()))
      union all select lower(current_setting('log_timezone'))
    )
    select name as "timeZone", lower(name) in (select configured.name from configured) as "configured"
    from pg_timezone_names
    where name like '%/%' and name !~ '^(posix|Etc|SystemV|right)/'
      and not exists (select from moments where (moment at time zone pg_timezone_names.name)::time <> '00:00')
    order by "configured" desc, name`;
}
