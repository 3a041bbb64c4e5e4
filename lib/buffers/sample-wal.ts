import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const walSeries: readonly SeriesDefinition[] = [
  { name: "wal.bytes", kind: "counter", unit: "bytes" },
  { name: "wal.records", kind: "counter", unit: "count" },
  { name: "wal.fpi", kind: "counter", unit: "count" },
];

/** WAL written by the whole server every 10 s, from pg_stat_wal: bytes, records and full-page images. */
export const walSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "wal",
  everySeconds: 10,
  series: walSeries,
  sample: async (audit) => {
    const [row] = await audit.use(
      "watch",
      "caches.sample-wal",
      (sql) => sql<{ bytes: number; records: number; fpi: number; countsSince: Date | null }[]>`
        select wal_bytes::float8 as bytes, wal_records::float8 as records, wal_fpi::float8 as fpi,
               stats_reset as "countsSince"
        from pg_stat_wal`,
    );
    const values: Record<string, number> = row
      ? { "wal.bytes": row.bytes, "wal.records": row.records, "wal.fpi": row.fpi }
      : {};
    return { values, countsSince: row?.countsSince ?? null };
  },
};
