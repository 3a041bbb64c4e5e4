import type { LeafRow } from "../../audit-db/append/leaf.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { unknownPolicy } from "../../audit-db/vault/types.ts";
import { requireAccess } from "../../audit-log/check-access.ts";
import type { PackagePlan, PackagePosition, RowStream } from "./plan.ts";

/** A row as it is read: times and JSON as the server's own text. */
export interface PackageRow
  extends Omit<LeafRow, "leafVersion" | "salts" | "details" | "actorDigest" | "targetDigest"> {
  details: string;
  actorPersonal: Uint8Array | null;
  targetPersonal: Uint8Array | null;
}

const timeoutMs = 60_000;
/** Before the package was begun, by whichever clock: what left quarantine since then is read there, and not in the log. */
const movedLately = "10 minutes";

/**
 * The next rows of a stream, restricted ones too: a person's own right to see them is what they are restricted for. Each
 * page is a statement of its own with bounds as values, of one policy and one token, so that it is the next stretch of an
 * index and holds no snapshot of a long run. An event that is moved from quarantine into the log meanwhile, behind the place
 * that is read, comes once all the same: with what waited when it was begun.
 * @throws AppError as `use`
 */
export function readPage(
  audit: Pick<AuditDb, "use">,
  { policy, token, role, from, target }: RowStream,
  { until, tokens, organizations }: Pick<PackagePlan, "until" | "tokens" | "organizations">,
  after: PackagePosition["after"],
  limit: number,
): Promise<PackageRow[]> {
  return audit.use(
    "read",
    "requests.package",
    async (sql) => {
      await requireAccess(sql);
      const column = role === "actor" ? sql`actor_token` : sql`target_token`;
      // Rows in which they are the actor as well came with the actor's.
      const alone =
        role === "actor"
          ? sql``
          : sql`and (actor_token is null or actor_token not in
                    (select jsonb_array_elements_text(${JSON.stringify(tokens[target] ?? [])}::text::jsonb)))`;
      const known = sql`select name from public.retention_policy`;
      const ofPolicy =
        from === "audit_quarantine" && policy === unknownPolicy
          ? sql`retention_policy not in (${known})`
          : sql`retention_policy = ${policy}`;
      const moved = sql`resolution in ('replayed', 'duplicate')
        and resolved_at > ${until}::text::timestamptz - ${movedLately}::text::interval`;
      const once =
        from === "audit_quarantine"
          ? sql`and (resolved_at is null or ${moved})`
          : // A scalar, so that each row asks the key: a join might read the whole quarantine for each page.
            sql`and not coalesce((select ${moved} from public.audit_quarantine waited where waited.id = entry.id
                  and waited.occurred_at = entry.occurred_at and waited.retention_policy = entry.retention_policy), false)`;
      const ofOrganizations =
        organizations.length === 0
          ? sql``
          : sql`and organization_id in
                (select jsonb_array_elements_text(${JSON.stringify(organizations)}::text::jsonb))`;
      const further = after
        ? sql`and occurred_at >= ${after.occurredAt}::text::timestamptz
              and (occurred_at, id) > (${after.occurredAt}::text::timestamptz, ${after.id}::uuid)`
        : sql``;
      const table = from === "audit_log" ? sql`public.audit_log` : sql`public.audit_quarantine`;
      const rows = await sql<PackageRow[]>`
        select id::text, occurred_at::text as "occurredAt", recorded_at::text as "recordedAt",
               organization_id as "organizationId", action, status, target_type as "targetType", target_id as "targetId",
               outcome, correlation_id as "correlationId", event_version as "eventVersion",
               data_classification as "dataClassification", retention_policy as "retentionPolicy",
               processing_ms as "processingMs", details::text as details, actor_token as "actorToken",
               actor_personal as "actorPersonal", target_token as "targetToken", target_personal as "targetPersonal"
        from ${table} entry
        where ${ofPolicy} ${once} and ${column} = ${token} and recorded_at <= ${until}::text::timestamptz
          ${alone} ${ofOrganizations} ${further}
        order by occurred_at, id limit ${limit}`;
      return [...rows];
    },
    { timeoutMs, repeatable: true },
  );
}

/** A time as the server's text has it in UTC (`2026-03-01 09:12:33.12+00`) in ISO 8601, to the microsecond. */
export function isoOf(text: string): string {
  const dot = text.indexOf(".");
  const fraction = dot < 0 ? "" : text.slice(dot + 1, text.length - 3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(6, "0")}Z`;
}
