import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface Slot {
  name: string;
  type: "physical" | "logical";
  active: boolean;
  /** Goes with the session that made it. */
  temporary: boolean;
  /** A standby's copy of its primary's slot, kept in step by the server: nobody reads it there. From PostgreSQL 17. */
  synced: boolean;
  database: string | null;
  /** WAL that the server must keep for it; null when it has reserved none. */
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
  return audit.read({
    name: "replication.slots",
    ttlMs: 5_000,
    source: "pg_replication_slots",
    run: async (sql) => {
      const rows = await sql<Slot[]>`
        select slot_name as name, slot_type as type, active, temporary, database,
               coalesce((to_jsonb(slot) ->> 'synced')::boolean, false) as synced,
               pg_wal_lsn_diff(here.lsn, restart_lsn)::float8 as "retainedBytes",
               wal_status as "walStatus", safe_wal_size::float8 as "safeBytes",
               greatest(age(slot.xmin), age(catalog_xmin)) as "xminAge",
               coalesce(nullif(reader.application_name, ''), 'process ' || active_pid) as reader,
               case when not active then (to_jsonb(slot) ->> 'inactive_since')::timestamptz end as "inactiveSince",
               to_jsonb(slot) ->> 'invalidation_reason' as "lostBecause"
        from pg_replication_slots as slot
          left join pg_stat_replication as reader on reader.pid = active_pid,
          lateral (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                               else pg_current_wal_lsn() end as lsn) as here
        order by 5 desc nulls last, slot_name`;
      return [...rows];
    },
  });
}
