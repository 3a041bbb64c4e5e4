import type { Sql } from "postgres";
import type { Receiver } from "./types.ts";

/** This server as a standby (pg_stat_wal_receiver and the recovery functions); null on a primary. */
export async function readReceiver(sql: Sql): Promise<Receiver | null> {
  const [row] = await sql<(Receiver & { inRecovery: boolean; conninfo: string | null })[]>`
    select pg_is_in_recovery() as "inRecovery", r.pid is not null as connected, r.status,
      r.sender_host as "senderHost", r.sender_port as "senderPort",
      r.conninfo, r.slot_name as slot, host(inet_server_addr()) as "serverAddress",
      r.last_msg_receipt_time as "lastMessageAt", at.replayed as "lastReplayedAt",
      case when lsn.replayed is not null and coalesce(lsn.received, r.latest_end_lsn) is not null
           then greatest(pg_wal_lsn_diff(greatest(lsn.received, r.latest_end_lsn), lsn.replayed), 0)::float8
           end as "lagBytes",
      case when r.pid is not null and lsn.replayed >= greatest(lsn.received, r.latest_end_lsn) then 0
           else extract(epoch from clock_timestamp() - at.replayed)::float8 end as "lagSeconds"
    from (select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() end as received,
                 case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end as replayed) as lsn,
         (select pg_last_xact_replay_timestamp() as replayed) as at
      left join pg_stat_wal_receiver as r on true`;
  if (!row?.inRecovery) return null;
  const { inRecovery: _, conninfo, ...receiver } = row;
  return { ...receiver, applicationName: conninfo ? applicationName(conninfo) : null };
}

/** The server shows the connection string with its secrets blotted out, `keyword=value` without quotes. */
function applicationName(conninfo: string): string | null {
  const named = (keyword: string) =>
    new RegExp(`(?:^| )${keyword}=(.*?)(?= \\w+=|$)`).exec(conninfo)?.[1] || null;
  return named("application_name") ?? named("fallback_application_name");
}
