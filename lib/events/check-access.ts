import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import type { Unavailable } from "../result.ts";

/** Why the read connection cannot read events here, with what would change that; null when it can. */
export async function checkAccess(sql: Sql, audit: Pick<AuditDb, "server">): Promise<Unavailable | null> {
  const server = await audit.server();
  if (!server.hasAuditSchema)
    return {
      code: "not_installed",
      reason: `Database ${server.database} has no audit_log of ours.`,
      enable: "audit-db migrate --url OWNER_URL",
    };
  const [grant] = await sql<{ readable: boolean; user: string; migrated: boolean }[]>`
    select has_table_privilege(to_regclass('public.audit_log'), 'SELECT') as readable, current_user as user,
           exists (select from pg_attribute where attrelid = to_regclass('public.audit_log')
                     and attname = 'leaf') as migrated`;
  if (!grant?.readable)
    return {
      code: "no_grant",
      reason: `${grant?.user ?? "This role"} may not read audit_log.`,
      enable: `GRANT audit_reader TO "${(grant?.user ?? "ROLE").replaceAll('"', '""')}";`,
    };
  if (!grant.migrated)
    return {
      code: "not_installed",
      reason: "The audit schema is older than this program.",
      enable: "audit-db migrate --url OWNER_URL",
    };
  return null;
}

/** @throws AppError UNSUPPORTED when this connection cannot read events, with what would change that */
export async function requireAccess(sql: Sql, audit: Pick<AuditDb, "server">): Promise<void> {
  const missing = await checkAccess(sql, audit);
  if (missing)
    throw new AppError("UNSUPPORTED", missing.reason, { ...(missing.enable && { hint: missing.enable }) });
}
