import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

/** Queries that recovery cancelled on one replica, since its statistics were reset. */
export interface ReplicaConflicts {
  node: string;
  /** null: the replica could not be asked. */
  cancelled: {
    tablespace: number;
    lock: number;
    snapshot: number;
    bufferpin: number;
    deadlock: number;
  } | null;
  since: Date | null;
}

/** What each configured replica says of itself (pg_stat_database_conflicts); a primary has none. */
export async function getConflicts(audit: AuditDb, now: Date): Promise<Observed<ReplicaConflicts[]>> {
  const replicas = audit.nodes().filter(({ role }) => role === "replica");
  const data = await Promise.all(
    replicas.map(async ({ name: node }): Promise<ReplicaConflicts> => {
      const answer = await audit
        .read({
          name: "replication.conflicts",
          key: [node],
          node,
          ttlMs: 10_000,
          source: "pg_stat_database_conflicts",
          run: async (sql) => {
            const [row] = await sql<{ since: Date | null; cancelled: ReplicaConflicts["cancelled"] }[]>`
              select stats_reset as since, json_build_object(
                       'tablespace', confl_tablespace, 'lock', confl_lock, 'snapshot', confl_snapshot,
                       'bufferpin', confl_bufferpin, 'deadlock', confl_deadlock) as cancelled
              from pg_stat_database_conflicts join pg_stat_database using (datid, datname)
              where datname = current_database()`;
            return row;
          },
        })
        .catch(() => null);
      return { node, cancelled: answer?.data?.cancelled ?? null, since: answer?.data?.since ?? null };
    }),
  );
  return { data, observedAt: now, source: "pg_stat_database_conflicts of each replica" };
}
