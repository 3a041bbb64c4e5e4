import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";

/**
 * Why the read connection cannot read events here, with what would change that; null when it can. Asked of the very
 * server that is to answer: a replica does while the primary is gone.
 */
export async function checkAccess(sql: Sql): Promise<Unavailable | null> {
  const [found] = await sql<
    { database: string; user: string; installed: boolean; readable: boolean; migrated: boolean }[]
  >`
    select current_database() as database, current_user as user,
           to_regclass('public.audit_quarantine') is not null
             and exists (select from pg_class where oid = log and relkind = 'p') as installed,
           coalesce(has_table_privilege(log, 'SELECT'), false) as readable,
           exists (select from pg_attribute where attrelid = log and attname = 'leaf') as migrated
    from to_regclass('public.audit_log') as log`;
  if (!found?.installed)
    return {
      code: "not_installed",
      reason: `Database ${found?.database} has no audit_log of ours.`,
      enable: "audit-db migrate --url OWNER_URL",
    };
  if (!found.readable)
    return {
      code: "no_grant",
      reason: `${found.user} may not read audit_log.`,
      enable: `GRANT audit_reader TO ${quoteIdentifier(found.user)};`,
    };
  if (!found.migrated)
    return {
      code: "not_installed",
      reason: "The audit schema is older than this program.",
      enable: "audit-db migrate --url OWNER_URL",
    };
  return null;
}

/** @throws AppError UNSUPPORTED when this connection cannot read events, with what would change that */
export async function requireAccess(sql: Sql): Promise<void> {
  const missing = await checkAccess(sql);
  if (missing)
    throw new AppError("UNSUPPORTED", missing.reason, { ...(missing.enable && { hint: missing.enable }) });
}
