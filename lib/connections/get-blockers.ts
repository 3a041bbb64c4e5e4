import type { Sql } from "postgres";
import { explainHiddenSessions } from "../audit-db/hidden-sessions.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { buildBlockerTree, type Waiter } from "./blocker-tree.ts";
import { type SessionRow, sessionColumns, tellUnreadableOf, withoutSecrets } from "./server-sessions.ts";
import type { Blockers } from "./types.ts";

/** Each pg_blocking_pids() call stops all lock traffic for a moment, so only the longest waiters are asked. */
const maxWaiters = 200;

/**
 * Who waits for whose lock, from pg_locks and pg_blocking_pids(); users, states and queries from
 * pg_stat_activity, as far as our role may see them. Our own sessions are never left out: they may block.
 */
export async function getBlockers(audit: AuditDb): Promise<Observed<Blockers>> {
  const { data, ...observed } = await audit.read({
    name: "connections.blockers",
    source: "pg_locks, pg_blocking_pids()",
    run: async (sql, server) => {
      const rows = await readWaiters(sql);
      const total = rows[0]?.total ?? 0;
      if (total === 0)
        return { blockers: { roots: [], blockedTotal: 0, notShown: 0, hidden: null }, unreadable: {} };
      const pids = [...new Set(rows.flatMap((row) => [row.pid, ...row.blockedBy]))];
      const sessions = await sql<SessionRow[]>`
        select ${sessionColumns(sql, audit)} from pg_stat_activity where pid in ${sql(pids)}`;
      const readable = await withoutSecrets(sessions);
      const byPid = new Map(readable.map((session) => [session.pid, session]));
      const blockers: Blockers = {
        roots: buildBlockerTree(rows, byPid),
        blockedTotal: total,
        notShown: total - rows.length,
        hidden: await explainHiddenSessions(sql, server),
      };
      return { blockers, unreadable: tellUnreadableOf(readable) };
    },
  });
  return { ...observed, data: data.blockers, ...data.unreadable };
}

/**
 * A wait for a row is a wait for the transaction that changed it; the relation is then known from the tuple
 * lock that the first in the queue holds.
 */
function readWaiters(sql: Sql): Promise<(Waiter & { total: number })[]> {
  return sql<(Waiter & { total: number })[]>`
    with lock as materialized (
      select * from pg_locks
    ), waiting as materialized (
      select *, count(*) over ()::int as total
      from lock where not granted and pid is not null
      order by waitstart nulls last
      limit ${maxWaiters}
    ), prepared as materialized (
      -- Its locks go by the virtual transaction of the session that prepared it, which only its own lock tells.
      select own.virtualtransaction, p.gid from pg_prepared_xacts p
      join lock own on own.pid is null and own.granted
        and own.locktype = 'transactionid' and own.transactionid = p.transaction
    ), blocked as materialized (
      select *, array(select distinct unnest(pg_blocking_pids(pid)))::int[] as "blockedBy" from waiting
    )
    select b.pid, b.total, b.locktype as "lockType", b.mode, array_to_json(b."blockedBy") as "blockedBy",
           extract(epoch from clock_timestamp() - b.waitstart)::float8 as "waitSeconds",
           (select format('%I.%I', n.nspname, c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = coalesce(b.relation, (
                    select t.relation from lock t
                    where t.pid = b.pid and t.locktype = 'tuple' and t.granted limit 1))
              and coalesce(b.database, d.oid) in (0, d.oid)) as relation,
           (select coalesce(json_agg(distinct jsonb_build_object(
                     'pid', coalesce(h.pid, 0), 'mode', h.mode, 'granted', h.granted, 'gid', p.gid)), '[]')
            from lock h
            left join prepared p on h.pid is null and p.virtualtransaction = h.virtualtransaction
            where h.pid is distinct from b.pid
              and coalesce(h.pid, 0) = any(b."blockedBy")
              and (h.locktype, h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid,
                   h.classid, h.objid, h.objsubid)
                  is not distinct from
                  (b.locktype, b.database, b.relation, b.page, b.tuple, b.virtualxid, b.transactionid,
                   b.classid, b.objid, b.objsubid)) as blockers
    from blocked b, (select oid from pg_database where datname = current_database()) d
    order by b.waitstart nulls last`;
}
