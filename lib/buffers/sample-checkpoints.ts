import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const checkpointSeries: readonly SeriesDefinition[] = [
  { name: "checkpoint.timed", kind: "counter", unit: "count" },
  { name: "checkpoint.requested", kind: "counter", unit: "count" },
  { name: "checkpoint.writeMs", kind: "counter", unit: "ms" },
  { name: "checkpoint.syncMs", kind: "counter", unit: "ms" },
  { name: "checkpoint.buffersWritten", kind: "counter", unit: "count" },
];

interface Row {
  timed: number;
  requested: number;
  writeMs: number;
  syncMs: number;
  buffersWritten: number;
  countsSince: Date | null;
}

/** Checkpoints and what they write every 10 s; pg_stat_checkpointer from PostgreSQL 17, pg_stat_bgwriter before. */
export const checkpointSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "checkpoint",
  everySeconds: 10,
  series: checkpointSeries,
  sample: async (audit) => {
    const server = await audit.server();
    const [row] = await audit.use("watch", "caches.sample-checkpoints", (sql) =>
      server.versionNum >= 170_000
        ? sql<Row[]>`
            select num_timed::float8 as timed, num_requested::float8 as requested, write_time as "writeMs",
                   sync_time as "syncMs", buffers_written::float8 as "buffersWritten",
                   stats_reset as "countsSince"
            from pg_stat_checkpointer`
        : sql<Row[]>`
            select checkpoints_timed::float8 as timed, checkpoints_req::float8 as requested,
                   checkpoint_write_time as "writeMs", checkpoint_sync_time as "syncMs",
                   buffers_checkpoint::float8 as "buffersWritten", stats_reset as "countsSince"
            from pg_stat_bgwriter`,
    );
    if (!row) return { values: {} };
    const { countsSince, ...counted } = row;
    return {
      values: Object.fromEntries(
        Object.entries(counted).map(([name, value]) => [`checkpoint.${name}`, value]),
      ),
      countsSince,
    };
  },
};
