import { share } from "../collector/history/ratio.ts";
import type { History, TimeRange } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed, Unavailable } from "../result.ts";
import { explainNoIoTiming, explainNoIoView, ioBytes, ioOperations } from "./io-columns.ts";
import { ioObjectSampler, ioSeries } from "./sample-io.ts";
import type { IoByBackend, IoRow, IoWindow } from "./types.ts";

interface Live {
  missing: Unavailable | null;
  timing: Unavailable | null;
  rows: Omit<IoRow, "window">[];
  countsSince: Date | null;
  blockSizeBytes: number;
}

/**
 * Who reads, writes and finds what, by kind of process, object and context: since the server's counters began
 * from pg_stat_io, and over the range from samples of it. Unavailable before PostgreSQL 16.
 */
export async function getIoByBackend(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<IoByBackend>> {
  const window = resolveRange(range, context.now);
  const live = await readLive(context.audit);
  const { missing, timing, rows, countsSince, blockSizeBytes } = live.data;
  if (missing) {
    const data = { rows: [], history: null, windowSeconds: null, collectingSince: null, timing: null };
    return { ...live, data, unavailable: missing };
  }
  const [grown, history] = await Promise.all([
    readWindows(context.history, context.audit.target, window, blockSizeBytes),
    context.history.totals(
      context.audit.target,
      ioSeries.map((series) => series.name),
      window,
    ),
  ]);
  return {
    ...live,
    countsSince,
    data: {
      rows: rows.map((row) => ({
        ...row,
        window: grown.get(`${row.backendType}/${row.object}/${row.context}`) ?? unmoved(row, grown.size > 0),
      })),
      history,
      windowSeconds: (window.to.getTime() - window.from.getTime()) / 1_000,
      collectingSince: history.collectingSince,
      timing,
    },
  };
}

function readLive(audit: ReadContext["audit"]): Promise<Observed<Live>> {
  return audit.read({
    name: "caches.io",
    source: "pg_stat_io",
    run: async (sql, server) => {
      const { blockSizeBytes } = server;
      const missing = explainNoIoView(server);
      if (missing) return { missing, timing: null, rows: [], countsSince: null, blockSizeBytes };
      const { read, write, extend } = ioBytes(sql, server);
      const rows = await sql<(Omit<IoRow, "window"> & { timed: boolean; countsSince: Date | null })[]>`
        select backend_type as "backendType", object, context,
               reads::float8 as reads, (${read})::float8 as "readBytes", read_time as "readTimeMs",
               writes::float8 as writes, (${write})::float8 as "writeBytes", write_time as "writeTimeMs",
               extends::float8 as extends, (${extend})::float8 as "extendBytes",
               hits::float8 as hits, evictions::float8 as evictions, reuses::float8 as reuses,
               fsyncs::float8 as fsyncs,
               current_setting('track_io_timing')::bool as timed, stats_reset as "countsSince"
        from pg_stat_io
        where ${ioOperations(sql)} > 0
        order by coalesce(reads, 0) + coalesce(writes, 0) + coalesce(extends, 0) desc, hits desc nulls last, 1, 2, 3`;
      return {
        missing,
        timing: rows[0]?.timed === false ? explainNoIoTiming() : null,
        countsSince: rows[0]?.countsSince ?? null,
        blockSizeBytes,
        rows: rows.map(({ timed, countsSince: _, ...row }) =>
          timed ? row : { ...row, readTimeMs: null, writeTimeMs: null },
        ),
      };
    },
  });
}

/** A line that others outgrew while it stood still did nothing; what it never does stays null. */
function unmoved(row: Omit<IoRow, "window">, collected: boolean): IoWindow | null {
  if (!collected) return null;
  const none = (figure: number | null) => (figure === null ? null : 0);
  return {
    reads: none(row.reads),
    readBytes: none(row.readBytes),
    writes: none(row.writes),
    writeBytes: none(row.writeBytes),
    hits: none(row.hits),
    evictions: none(row.evictions),
    hitShare: null,
  };
}

async function readWindows(
  history: History,
  target: string,
  window: TimeRange,
  blockSizeBytes: number,
): Promise<Map<string, IoWindow>> {
  const { objects } = await history.topObjects(target, ioObjectSampler.name, window, {
    orderBy: "hits",
    limit: 200,
  });
  return new Map(
    objects.map(({ key, values }) => {
      const { reads = null, readBytes = null, writes = null, writeBytes = null } = values;
      const { hits = null, evictions = null } = values;
      const blocks = readBytes === null ? null : readBytes / blockSizeBytes;
      return [
        key,
        {
          reads,
          readBytes,
          writes,
          writeBytes,
          hits,
          evictions,
          hitShare: hits === null || blocks === null ? null : share(hits, blocks),
        },
      ];
    }),
  );
}
