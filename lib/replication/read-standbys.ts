import type { Sql } from "postgres";
import type { Missing } from "../audit-db/read-parts.ts";
import type { Standby } from "./types.ts";
import { readAtWalPosition } from "./wal-position.ts";

/** Who is fed by this server and how far each of them is (pg_stat_replication, slots by pg_replication_slots). */
export async function readStandbys(sql: Sql, missing: Missing): Promise<Standby[]> {
  // greatest() passes over null, which would turn "not allowed to see" into 0.
  // write_lag and its kin turn null once an idle standby has caught up: all replayed counts as 0 while it streams.
  const rows = await readAtWalPosition<Standby>(
    sql,
    missing,
    (here) => sql<Standby[]>`
    select pid, application_name as "applicationName", host(client_addr) as "clientAddress", state,
      case when state is not null then sync_state end as "syncState", backend_start as "connectedAt",
      greatest(pg_wal_lsn_diff(here.lsn, sent_lsn), case when sent_lsn is not null then 0 end)::float8 as "sentLagBytes",
      greatest(pg_wal_lsn_diff(here.lsn, write_lsn), case when write_lsn is not null then 0 end)::float8 as "writtenLagBytes",
      greatest(pg_wal_lsn_diff(here.lsn, flush_lsn), case when flush_lsn is not null then 0 end)::float8 as "flushedLagBytes",
      case when replay_lsn is not null
           then greatest(pg_wal_lsn_diff(here.lsn, replay_lsn), 0)::float8 end as "lagBytes",
      case when state = 'streaming' and write_lsn >= here.lsn then 0
           else extract(epoch from write_lag)::float8 end as "writtenLagSeconds",
      case when state = 'streaming' and flush_lsn >= here.lsn then 0
           else extract(epoch from flush_lag)::float8 end as "flushedLagSeconds",
      case when state = 'streaming' and replay_lsn >= here.lsn then 0
           else extract(epoch from replay_lag)::float8 end as "lagSeconds",
      slot.slot_name as slot, slot.slot_type as "slotType"
    from pg_stat_replication
      left join pg_replication_slots as slot on slot.active_pid = pid,
      lateral ${here} as here
    order by "lagBytes" desc nulls last, pid`,
  );
  return [...rows];
}
