import type { TableName } from "../audit-db/structural/table-lock.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Refusal } from "./types.ts";

export interface Ownership {
  /** As whom the statements run; null where the maintenance role may not become it. */
  runsAs: string | null;
  /** Why it may not, with the GRANT. */
  refusal?: Refusal;
}

/** Whether the maintenance role may become the table's owner, as whom its structure is changed. Source: pg_class, pg_has_role. */
export async function readOwner(audit: Pick<AuditDb, "can" | "use">, table: TableName): Promise<Ownership> {
  const object = quoteQualified(table.schema, table.name);
  const refused = (words: string): Ownership => ({
    runsAs: null,
    refusal: { object, outcome: "refused", words },
  });
  if (!audit.can("maintenance"))
    return refused(
      `The console has no maintenance connection to this database, and watching changes nothing. Set AUDIT_MAINTENANCE_URL.`,
    );
  const [found] = await audit.use(
    "maintenance",
    "partitions.owner",
    (sql) => sql<{ owner: string; super: boolean; may: boolean; role: string }[]>`
      select r.rolname as owner, r.rolsuper as super, current_user as role,
             pg_has_role(c.relowner, case when current_setting('server_version_num')::int >= 160000
                                          then 'SET' else 'MEMBER' end) as may
      from pg_class c join pg_roles r on r.oid = c.relowner
      where c.relname = ${table.name} and c.relnamespace = (select oid from pg_namespace where nspname = ${table.schema})`,
  );
  if (!found)
    return { runsAs: null, refusal: { object, outcome: "missing", words: `There is no table ${object}.` } };
  const { owner, role, may } = found;
  if (may) return { runsAs: owner };
  const instead = found.super
    ? ` ${owner} is a superuser: better give the table and its partitions to a role of their own (ALTER TABLE … OWNER TO …).`
    : "";
  return refused(
    `${object} belongs to ${owner}, which the maintenance role ${role} is no member of. ` +
      `Run as a superuser: GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(role)};${instead}`,
  );
}
