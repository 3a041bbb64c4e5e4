import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const count = (name: string) => ({ name, kind: "gauge", unit: "count" }) as const;

export const connectionSeries: readonly SeriesDefinition[] = [
  count("connections.active"),
  count("connections.idle"),
  count("connections.idleInTransaction"),
  count("connections.idleInTransactionAborted"),
  count("connections.other"),
  count("connections.waiting"),
  count("connections.blocked"),
  count("connections.total"),
  count("connections.max"),
  { name: "connections.longestTransactionSeconds", kind: "gauge", unit: "seconds" },
];

interface Row {
  seesAll: boolean;
  active: number;
  idle: number;
  idleInTransaction: number;
  idleInTransactionAborted: number;
  waiting: number;
  blocked: number;
  total: number;
  max: number;
  longestTransactionSeconds: number | null;
}

/**
 * Client connections by state every 10 s, in one pass over pg_stat_activity. Without pg_monitor only the
 * total is known. A longest transaction of 0 s means that none is open.
 */
export const connectionSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "connections",
  everySeconds: 10,
  series: connectionSeries,
  sample: async (audit) => {
    const [row] = await audit.use(
      "watch",
      "connections.sample",
      (sql) => sql<Row[]>`
        select pg_has_role('pg_read_all_stats', 'usage') as "seesAll",
               count(*) filter (where state = 'active')::int as active,
               count(*) filter (where state = 'idle')::int as idle,
               count(*) filter (where state = 'idle in transaction')::int as "idleInTransaction",
               count(*) filter (where state = 'idle in transaction (aborted)')::int as "idleInTransactionAborted",
               count(*) filter (where state = 'active' and wait_event_type not in ('Client', 'Activity'))::int as waiting,
               count(*) filter (where wait_event_type = 'Lock')::int as blocked,
               count(*)::int as total,
               current_setting('max_connections')::int as max,
               extract(epoch from max(clock_timestamp() - xact_start) filter (where pid <> pg_backend_pid()))::float8
                 as "longestTransactionSeconds"
        from pg_stat_activity
        where coalesce(backend_type = 'client backend', usesysid is not null)`,
    );
    if (!row) return { values: {} };
    const named = row.active + row.idle + row.idleInTransaction + row.idleInTransactionAborted;
    const always = { "connections.total": row.total, "connections.max": row.max };
    if (!row.seesAll) return { values: always };
    return {
      values: {
        ...always,
        "connections.active": row.active,
        "connections.idle": row.idle,
        "connections.idleInTransaction": row.idleInTransaction,
        "connections.idleInTransactionAborted": row.idleInTransactionAborted,
        "connections.other": row.total - named,
        "connections.waiting": row.waiting,
        "connections.blocked": row.blocked,
        "connections.longestTransactionSeconds": row.longestTransactionSeconds ?? 0,
      },
    };
  },
};
