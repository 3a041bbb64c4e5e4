import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const counters = [
  "commits",
  "rollbacks",
  "blksHit",
  "blksRead",
  "tupReturned",
  "tupFetched",
  "inserted",
  "updated",
  "deleted",
  "tempFiles",
  "deadlocks",
  "sessions",
] as const;

const databaseSeries: readonly SeriesDefinition[] = [
  ...counters.map((name) => ({ name: `database.${name}`, kind: "counter", unit: "count" }) as const),
  { name: "database.tempBytes", kind: "counter", unit: "bytes" },
  { name: "database.blkReadTimeMs", kind: "counter", unit: "ms" },
  { name: "database.blkWriteTimeMs", kind: "counter", unit: "ms" },
  { name: "database.activeMs", kind: "counter", unit: "ms" },
];

type Row = Record<
  (typeof counters)[number] | "tempBytes" | "blkReadTimeMs" | "blkWriteTimeMs" | "activeMs",
  number
> & {
  timed: boolean;
  countsSince: Date | null;
};

/**
 * The connected database's counters every 10 s, from pg_stat_database. With track_io_timing off the server
 * counts no read and write times: they are left out.
 */
export const databaseSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "database",
  everySeconds: 10,
  series: databaseSeries,
  sample: async (audit) => {
    const [row] = await audit.use(
      "watch",
      "caches.sample-database",
      (sql) => sql<Row[]>`
        select xact_commit::float8 as commits, xact_rollback::float8 as rollbacks,
               blks_hit::float8 as "blksHit", blks_read::float8 as "blksRead",
               tup_returned::float8 as "tupReturned", tup_fetched::float8 as "tupFetched",
               tup_inserted::float8 as inserted, tup_updated::float8 as updated, tup_deleted::float8 as deleted,
               temp_files::float8 as "tempFiles", temp_bytes::float8 as "tempBytes",
               deadlocks::float8 as deadlocks, sessions::float8 as sessions,
               blk_read_time as "blkReadTimeMs", blk_write_time as "blkWriteTimeMs",
               active_time as "activeMs",
               current_setting('track_io_timing')::bool as timed, stats_reset as "countsSince"
        from pg_stat_database where datname = current_database()`,
    );
    if (!row) return { values: {} };
    const { timed, countsSince, blkReadTimeMs, blkWriteTimeMs, ...counted } = row;
    const values = { ...counted, ...(timed && { blkReadTimeMs, blkWriteTimeMs }) };
    return {
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [`database.${name}`, value])),
      countsSince,
    };
  },
};
