import type { Sql } from "postgres";
import { endOfWritten, parseLsn } from "./lsn.ts";

/** What a server says of its place in the cluster. */
export interface Health {
  inRecovery: boolean;
  systemId: string;
  /** The newest timeline it writes or follows. */
  timeline: number;
  /** Written (primary) or replayed (replica) up to here. */
  position: bigint;
  /** A replica's received WAL; null on a primary, or when nothing was streamed since it started. */
  received: bigint | null;
  /** Its WAL receiver is connected. */
  receiving: boolean;
  /** Seconds since the newest replayed commit, by the server's clock. */
  replayAgeSeconds: number | null;
}

/**
 * Reads recovery, timeline and WAL positions (pg_control_*, pg_stat_wal_receiver). No grant beyond CONNECT is
 * needed: without pg_read_all_stats the receiver shows only that it is there.
 */
export async function readHealth(sql: Sql): Promise<Health> {
  const [row] = await sql<
    (Omit<Health, "position" | "received"> & { position: string | null; received: string | null })[]
  >`
    select r.recovering as "inRecovery",
           (select system_identifier::text from pg_control_system()) as "systemId",
           case when r.recovering then greatest(
             (select timeline_id from pg_control_checkpoint()),
             (select min_recovery_end_timeline from pg_control_recovery()),
             (select max(received_tli) from pg_stat_wal_receiver))
           else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline,
           (case when r.recovering then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end)::text as position,
           case when r.recovering then pg_last_wal_receive_lsn() end::text as received,
           exists (select from pg_stat_wal_receiver) as receiving,
           case when r.recovering then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) end::float8
             as "replayAgeSeconds"
    from (select pg_is_in_recovery() as recovering) r`;
  if (!row) throw new Error("the server answered no row about its recovery");
  return {
    ...row,
    position: row.position ? parseLsn(row.position) : 0n,
    received: row.received ? parseLsn(row.received) : null,
  };
}

/** Whether a replica has replayed all the WAL it was sent. */
export function hasReplayedAll({ inRecovery, position, received }: Health): boolean {
  return inRecovery && (received === null || position >= received);
}

/** The primary's write position just now: whatever committed before is at or before it. */
export async function readPrimaryLsn(sql: Sql): Promise<bigint> {
  const [row] = await sql<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`;
  return endOfWritten(parseLsn(row?.lsn ?? "0/0"));
}

/** Whether a replica has replayed up to `lsn`; a server that is no replica has. */
export async function hasReplayed(sql: Sql, lsn: string): Promise<boolean> {
  const [row] = await sql<{ replayed: boolean }[]>`
    select not pg_is_in_recovery() or pg_last_wal_replay_lsn() >= ${lsn}::text::pg_lsn as replayed`;
  return row?.replayed === true;
}
