import type { Sql } from "postgres";

/** Nothing but the server's own objects, for whatever the console itself asks on the explain connection. */
export const catalogueOnly = "pg_catalog";

/** Where a role's statements find their names: the search path set for it or for this database, `$user` filled in. */
export async function readSearchPath(sql: Sql, roleId: string): Promise<string> {
  const [set] = await sql<{ path: string; role: string }[]>`
    select quote_ident(r.rolname) as "role", coalesce((
      select substr(setting, length('search_path=') + 1)
      from pg_db_role_setting, unnest(setconfig) as setting
      where starts_with(setting, 'search_path=') and setrole in (0, r.oid)
        and setdatabase in (0, (select oid from pg_database where datname = current_database()))
      order by setrole = 0, setdatabase = 0 limit 1), '"$user", public') as "path"
    from pg_roles r where r.oid = ${roleId}::oid`;
  return set?.path.replaceAll('"$user"', () => set.role) ?? "";
}

/** For the rest of the transaction. Qualified, like the next: the present path may lead to other people's functions. */
export async function setSearchPath(sql: Sql, path: string): Promise<void> {
  await sql`select pg_catalog.set_config('search_path', ${path}, true)`;
}

/** The schemas of a path that exist and that the connected role may use. */
export async function listSchemas(sql: Sql, path: string): Promise<string[]> {
  await setSearchPath(sql, path);
  const [current] = await sql<{ schemas: string[] }[]>`
    select pg_catalog.array_to_json(pg_catalog.current_schemas(false)) as "schemas"`;
  await setSearchPath(sql, catalogueOnly);
  return current?.schemas ?? [];
}
