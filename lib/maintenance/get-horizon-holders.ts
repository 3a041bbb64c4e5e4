import { explainHiddenSessions } from "../audit-db/hidden-sessions.ts";
import { readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { shownMs } from "./cadence.ts";

/** What keeps vacuum from removing rows that died since. */
export interface HorizonHolder {
  kind: "session" | "prepared" | "slot" | "standby";
  /** Application or user, the prepared transaction's id, the slot's or standby's name. */
  name: string;
  pid: number;
  backendStart: Date | null;
  /** Transactions since the oldest row it may still see. */
  age: number;
  /** Since when; null where the server does not say: an active slot, a standby's feedback. */
  since: Date | null;
}

/** Holders told at most, the oldest horizon first. */
export const mostHolders = 100;

/**
 * Sessions, prepared transactions, slots and standbys that hold the horizon of vacuum. 1 ms. Other roles' sessions are
 * missing where the server shows them to our role without what they hold.
 */
export function getHorizonHolders(audit: AuditDb, maxAgeMs = shownMs): Promise<Observed<HorizonHolder[]>> {
  return readParts<HorizonHolder[]>(audit, {
    name: "maintenance.horizonHolders",
    ttlMs: maxAgeMs,
    source: "pg_stat_activity, pg_prepared_xacts, pg_replication_slots, pg_stat_replication",
    run: async (sql, server, missing) => {
      const hidden = await explainHiddenSessions(sql, server);
      if (hidden)
        missing.push({
          part: "Sessions of other roles",
          reason: hidden.reason,
          ...(hidden.enable && { hint: hidden.enable }),
        });
      return [
        ...(await sql<HorizonHolder[]>`
        select * from (
          select 'session' as kind, coalesce(nullif(application_name, ''), usename, backend_type, '') as name, pid,
                 backend_start as "backendStart", greatest(age(backend_xmin), age(backend_xid)) as age,
                 xact_start as since
          from pg_stat_activity
          where (backend_xmin is not null or backend_xid is not null) and pid <> pg_backend_pid()
            and backend_type not in ('walsender', 'parallel worker', 'autovacuum worker')
          union all
          select 'prepared', gid, 0, null, age(transaction), prepared from pg_prepared_xacts
          union all
          select 'slot', slot_name, 0, null, greatest(age(xmin), age(catalog_xmin)),
                 case when not active then (to_jsonb(slot) ->> 'inactive_since')::timestamptz end
          from pg_replication_slots as slot where xmin is not null or catalog_xmin is not null
          union all
          select 'standby', coalesce(nullif(application_name, ''), 'a standby'), pid, backend_start, age(backend_xmin), null
          from pg_stat_replication where backend_xmin is not null
        ) as holder
        order by since nulls last, age desc, name limit ${mostHolders}`),
      ];
    },
  });
}
