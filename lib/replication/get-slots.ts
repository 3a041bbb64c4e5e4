import { readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { readAtWalPosition } from "./wal-position.ts";

export interface Slot {
  name: string;
  type: "physical" | "logical";
  active: boolean;
  /** Goes with the session that made it. */
  temporary: boolean;
  /** A standby's copy of its primary's slot, kept in step by the server: nobody reads it there. From PostgreSQL 17. */
  synced: boolean;
  database: string | null;
  /** It has reserved WAL. */
  keepsWal: boolean;
  /** WAL that the server must keep for it; null when it has reserved none, or where the server does not say its own position. */
  retainedBytes: number | null;
  /** reserved, extended, unreserved, lost. */
  walStatus: string | null;
  /** WAL that can still be written before the slot is lost; null without max_slot_wal_keep_size. */
  safeBytes: number | null;
  /** Age in transactions of what it holds back from vacuum; null when nothing. */
  xminAge: number | null;
  /** Who reads it now: application name, or the process where that may not be seen. */
  reader: string | null;
  /** Since when nobody reads it, and why it was lost; from PostgreSQL 17, else null. */
  inactiveSince: Date | null;
  lostBecause: string | null;
}

/** Replication slots and the WAL that each holds back (pg_replication_slots), the costliest first. */
export async function getSlots(audit: AuditDb): Promise<Observed<Slot[]>> {
  return readParts(audit, {
    name: "replication.slots",
    ttlMs: 5_000,
    source: "pg_replication_slots",
    run: async (sql, _server, missing) => {
      const rows = await readAtWalPosition<Slot>(
        sql,
        missing,
        (here) => sql<Slot[]>`
        select slot_name as name, slot_type as type, active, temporary, database,
               coalesce((to_jsonb(slot) ->> 'synced')::boolean, false) as synced,
               restart_lsn is not null as "keepsWal",
                 pg_wal_lsn_diff(here.lsn, restart_lsn)::float8 as "retainedBytes",
               wal_status as "walStatus", safe_wal_size::float8 as "safeBytes",
               greatest(age(slot.xmin), age(catalog_xmin)) as "xminAge",
               coalesce(nullif(reader.application_name, ''), 'process ' || active_pid) as reader,
               case when not active then (to_jsonb(slot) ->> 'inactive_since')::timestamptz end as "inactiveSince",
               to_jsonb(slot) ->> 'invalidation_reason' as "lostBecause"
        from pg_replication_slots as slot
          left join pg_stat_replication as reader on reader.pid = active_pid,
          lateral ${here} as here
        order by "retainedBytes" desc nulls last, slot_name`,
      );
      return [...rows];
    },
  });
}
