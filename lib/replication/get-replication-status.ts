import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";
import type { Receiver, ReplicationStatus, Standby } from "./types.ts";

/**
 * Role of the server and how far those who follow it (or it itself) are behind.
 * Without pg_monitor the standbys are listed and their figures are null, with the grant in `unavailable`.
 */
export async function getReplicationStatus(audit: AuditDb): Promise<Observed<ReplicationStatus>> {
  const observed = await audit.read({
    name: "replication.status",
    ttlMs: 2_000,
    source: "pg_stat_replication, pg_stat_wal_receiver",
    run: async (sql, server) => {
      const standbys = await readStandbys(sql);
      const receiver = await readReceiver(sql);
      const all = [...standbys, ...(receiver ? [receiver] : [])];
      const status: ReplicationStatus = {
        role: receiver ? "standby" : "primary",
        standbys,
        receiver,
        maxLagBytes: largest(all.map((s) => s.lagBytes)),
        maxLagSeconds: largest(all.map((s) => s.lagSeconds)),
      };
      return { status, hidden: standbys.some((s) => s.state === null), user: server.user };
    },
  });
  const { status, hidden, user } = observed.data;
  const unavailable: Unavailable = {
    code: "no_grant",
    reason: `${user} may not see how far the standbys are.`,
    enable: `GRANT pg_monitor TO "${user.replaceAll('"', '""')}";`,
  };
  return { ...observed, data: status, ...(hidden && { unavailable }) };
}

async function readStandbys(sql: Sql): Promise<Standby[]> {
  // greatest() passes over null, which would turn "not allowed to see" into 0.
  // write_lag and its kin turn null once an idle standby has caught up: all replayed counts as 0 while it streams.
  const rows = await sql<Standby[]>`
    select pid, application_name as "applicationName", host(client_addr) as "clientAddress", state,
      case when state is not null then sync_state end as "syncState", backend_start as "connectedAt",
      greatest(pg_wal_lsn_diff(here.lsn, sent_lsn), case when sent_lsn is not null then 0 end)::float8 as "sentLagBytes",
      greatest(pg_wal_lsn_diff(here.lsn, write_lsn), case when write_lsn is not null then 0 end)::float8 as "writtenLagBytes",
      greatest(pg_wal_lsn_diff(here.lsn, flush_lsn), case when flush_lsn is not null then 0 end)::float8 as "flushedLagBytes",
      case when replay_lsn is not null
           then greatest(pg_wal_lsn_diff(here.lsn, replay_lsn), 0)::float8 end as "lagBytes",
      case when state = 'streaming' and replay_lsn >= here.lsn then 0
           else extract(epoch from replay_lag)::float8 end as "lagSeconds"
    from pg_stat_replication,
      lateral (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn()
                           else pg_current_wal_lsn() end as lsn) as here
    order by "lagBytes" desc nulls last, pid`;
  return [...rows];
}

async function readReceiver(sql: Sql): Promise<Receiver | null> {
  const [row] = await sql<(Receiver & { inRecovery: boolean })[]>`
    select pg_is_in_recovery() as "inRecovery", r.pid is not null as connected, r.status,
      r.sender_host as "senderHost", r.sender_port as "senderPort",
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
  const { inRecovery: _, ...receiver } = row;
  return receiver;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
