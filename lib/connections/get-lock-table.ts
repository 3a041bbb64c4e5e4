import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface LockTable {
  locks: number;
  capacity: number;
  perTransaction: number;
}

/** Locks that backends keep for themselves (`fastpath`) and predicate locks have tables of their own. 0.6 ms. */
export function getLockTable(audit: AuditDb): Promise<Observed<LockTable>> {
  return audit.read<LockTable>({
    name: "connections.lockTable",
    ttlMs: 120_000,
    source: "pg_locks",
    run: async (sql) => {
      const [row] = await sql<LockTable[]>`
        select (select count(*)::int from pg_locks where not fastpath and mode <> 'SIReadLock') as locks,
               current_setting('max_locks_per_transaction')::int as "perTransaction",
               current_setting('max_locks_per_transaction')::float8
                 * (current_setting('max_connections')::int + current_setting('autovacuum_max_workers')::int + 1
                    + current_setting('max_worker_processes')::int + current_setting('max_wal_senders')::int
                    + current_setting('max_prepared_transactions')::int) as capacity`;
      return row as LockTable;
    },
  });
}
