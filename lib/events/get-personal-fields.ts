import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";
import { findPersonal, type PersonalKind } from "./find-personal.ts";

export interface PersonalField {
  action: string;
  path: string;
  kind: PersonalKind;
  /** Of the events looked at, in how many. */
  events: number;
}

export interface PersonalFields {
  looked: number;
  fields: PersonalField[];
  unavailable: Unavailable | null;
}

interface ClearFields {
  action: string;
  details: unknown;
  targetId: string | null;
  outcome: string | null;
  correlationId: string | null;
}

const sampleSize = 200;
const windowMs = 3_600_000;

/**
 * The newest events of the last hour looked through for what belongs into the encrypted fields. Their text is read and
 * dropped at once: what stays is action, path and a count.
 */
export function getPersonalFields(audit: AuditDb, now: Date): Promise<Observed<PersonalFields>> {
  return audit.read<PersonalFields>({
    name: "events.personalFields",
    ttlMs: 600_000,
    source: "audit_log",
    run: async (sql, { database, user, hasAuditSchema }) => {
      const none = (unavailable: Unavailable) => ({ looked: 0, fields: [], unavailable });
      if (!hasAuditSchema)
        return none({ code: "not_installed", reason: `Database ${database} has no audit_log of ours.` });
      const [grant] = await sql<{ readable: boolean }[]>`
        select coalesce(has_table_privilege(to_regclass('public.audit_log'), 'SELECT'), false) as readable`;
      if (!grant?.readable)
        return none({
          code: "no_grant",
          reason: `${user} may not read audit_log.`,
          enable: `GRANT audit_reader TO ${quoteIdentifier(user)};`,
        });
      const [from, to] = [new Date(now.getTime() - windowMs), new Date(now.getTime() + windowMs)];
      const rows = await sql<ClearFields[]>`
        select action, case when pg_column_size(details) <= 16384 then details end as details,
               target_id as "targetId", outcome, correlation_id as "correlationId"
        from public.audit_log where occurred_at >= ${from} and occurred_at < ${to}
        order by occurred_at desc limit ${sampleSize}`;
      return { looked: rows.length, fields: countFields(rows), unavailable: null };
    },
  });
}

function countFields(rows: readonly ClearFields[]): PersonalField[] {
  const found = new Map<string, PersonalField>();
  for (const { action, ...fields } of rows) {
    const places = Object.entries(fields).flatMap(([name, value]) => findPersonal(value, name));
    for (const { path, kind } of new Map(places.map((place) => [place.path, place])).values()) {
      const key = `${action} ${path}`;
      const known = found.get(key);
      if (known) known.events += 1;
      else found.set(key, { action, path, kind, events: 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.events - a.events);
}
