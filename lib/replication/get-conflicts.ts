import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { askNode } from "./ask-node.ts";
import { probedNodes } from "./probed-nodes.ts";

/** Queries that recovery cancelled on one replica, in the audit database, since its statistics were reset. */
export interface ReplicaConflicts {
  node: string;
  /** null: the replica could not be asked. */
  cancelled: {
    total: number;
    tablespace: number;
    lock: number;
    snapshot: number;
    bufferpin: number;
    deadlock: number;
    /** From PostgreSQL 16, else null: decoding that replay ended. */
    slot: number | null;
  } | null;
  /** How long replay waits for a query before it cancels it, as the setting reads there ("30s"; "-1": for ever). */
  patience: string | null;
  /** hot_standby_feedback: the primary keeps what queries there still need. */
  feedback: boolean | null;
  since: Date | null;
}

type Told = Pick<ReplicaConflicts, "cancelled" | "patience" | "feedback" | "since">;

const unasked: Told = { cancelled: null, patience: null, feedback: null, since: null };

/** What each configured replica says of itself (pg_stat_database_conflicts); a primary has none. */
export async function getConflicts(audit: AuditDb, now: Date): Promise<Observed<ReplicaConflicts[]>> {
  const replicas = (await probedNodes(audit)).filter(({ role }) => role === "replica");
  const data = await Promise.all(
    replicas.map(async (node): Promise<ReplicaConflicts> => {
      const told = await askNode(node, () => readConflicts(audit, node.name));
      return { node: node.name, ...(told ?? unasked) };
    }),
  );
  return { data, observedAt: now, source: "pg_stat_database_conflicts of each replica" };
}

function readConflicts(audit: AuditDb, node: string): Promise<Observed<Told | null>> {
  return audit.read({
    name: "engine.replication_conflicts",
    node,
    ttlMs: 5_000,
    source: "pg_stat_database_conflicts",
    run: async (sql) => {
      const [row] = await sql<Told[]>`
        select stats_reset as since, current_setting('max_standby_streaming_delay') as patience,
               current_setting('hot_standby_feedback')::boolean as feedback,
               json_build_object(
                 'total', d.conflicts, 'tablespace', confl_tablespace, 'lock', confl_lock,
                 'snapshot', confl_snapshot, 'bufferpin', confl_bufferpin, 'deadlock', confl_deadlock,
                 'slot', (to_jsonb(c) ->> 'confl_active_logicalslot')::bigint) as cancelled
        from pg_stat_database_conflicts as c join pg_stat_database as d using (datid, datname)
        where datname = current_database()`;
      return row ?? null;
    },
  });
}
