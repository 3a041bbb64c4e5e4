import type { ObjectSampler, SeriesDefinition, TotalsSampler } from "../collector/types.ts";
import { ioBytes, ioOperations } from "./io-columns.ts";

const operations = ["reads", "writes", "hits", "extends", "evictions", "fsyncs"] as const;
const bytes = ["readBytes", "writeBytes", "extendBytes"] as const;
const times = ["readTimeMs", "writeTimeMs"] as const;
type Figure = (typeof operations | typeof bytes | typeof times)[number];
const groups = ["client", "background"] as const;

const counters = (prefix: string): SeriesDefinition[] => [
  ...operations.map((name) => ({ name: prefix + name, kind: "counter", unit: "count" }) as const),
  ...bytes.map((name) => ({ name: prefix + name, kind: "counter", unit: "bytes" }) as const),
  ...times.map((name) => ({ name: prefix + name, kind: "counter", unit: "ms" }) as const),
];

export const ioSeries: readonly SeriesDefinition[] = groups.flatMap((group) => counters(`io.${group}.`));

/**
 * Reads, writes and hits of client backends and of all other processes every 10 s, from pg_stat_io
 * (PostgreSQL ≥ 16), relations only: WAL has its own sampler. Times only while track_io_timing is on.
 */
export const ioSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "io",
  everySeconds: 10,
  series: ioSeries,
  sample: async (audit) => {
    const server = await audit.server();
    if (server.versionNum < 160_000) return { values: {} };
    const rows = await audit.use("watch", "caches.sample-io", (sql) => {
      const { read, write, extend } = ioBytes(sql, server);
      return sql<
        (Record<Figure, number | null> & { group: string; timed: boolean; countsSince: Date | null })[]
      >`
        select case backend_type when 'client backend' then 'client' else 'background' end as "group",
               sum(reads)::float8 as reads, sum(${read})::float8 as "readBytes", sum(read_time) as "readTimeMs",
               sum(writes)::float8 as writes, sum(${write})::float8 as "writeBytes",
               sum(write_time) as "writeTimeMs",
               sum(hits)::float8 as hits, sum(extends)::float8 as extends,
               sum(${extend})::float8 as "extendBytes",
               sum(evictions)::float8 as evictions, sum(fsyncs)::float8 as fsyncs,
               current_setting('track_io_timing')::bool as timed, max(stats_reset) as "countsSince"
        from pg_stat_io where object <> 'wal' group by 1`;
    });
    const values: Record<string, number | null> = {};
    for (const { group, timed, countsSince: _, ...figures } of rows) {
      for (const [name, value] of Object.entries(figures)) {
        if (timed || !name.endsWith("TimeMs")) values[`io.${group}.${name}`] = value;
      }
    }
    return { values, countsSince: rows[0]?.countsSince ?? null };
  },
};

/** Every line of pg_stat_io by "backend type/object/context" once a minute, for rates over a window. */
export const ioObjectSampler: { form: "objects" } & ObjectSampler = {
  form: "objects",
  name: "ioByBackend",
  everySeconds: 60,
  metrics: [
    ...counters("").filter((metric) => !metric.name.endsWith("TimeMs")),
    { name: "operations", kind: "counter", unit: "count" },
  ],
  // A checkpointer finds nothing and an idle reader writes nothing: only the sum ranks them all.
  rankBy: "operations",
  sample: async (audit) => {
    const server = await audit.server();
    if (server.versionNum < 160_000) return [];
    const rows = await audit.use("watch", "caches.sample-io-objects", (sql) => {
      const { read, write, extend } = ioBytes(sql, server);
      return sql<
        (Record<Figure | "operations", number | null> & { key: string; countsSince: Date | null })[]
      >`
        select concat_ws('/', backend_type, object, context) as key,
               reads::float8 as reads, (${read})::float8 as "readBytes",
               writes::float8 as writes, (${write})::float8 as "writeBytes",
               hits::float8 as hits, extends::float8 as extends, (${extend})::float8 as "extendBytes",
               evictions::float8 as evictions, fsyncs::float8 as fsyncs,
               (${ioOperations(sql)})::float8 as operations, stats_reset as "countsSince"
        from pg_stat_io
        where ${ioOperations(sql)} > 0`;
    });
    return rows.map(({ key, countsSince, ...values }) => ({ key, values, countsSince }));
  },
};
