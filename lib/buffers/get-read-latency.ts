import type { AuditDb } from "../audit-db/types.ts";
import { combinePoints, growth } from "../collector/history/ratio.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";
import { explainNoIoTiming } from "./io-columns.ts";
import type { ReadLatency } from "./types.ts";

const [time, blocks] = ["database.blkReadTimeMs", "database.blksRead"] as const;
const [ioTime, ioReads] = ["io.client.readTimeMs", "io.client.reads"] as const;

/**
 * Milliseconds that reading one block past shared_buffers took (series `readLatency.block`), from samples of
 * pg_stat_database; from PostgreSQL 16 also per read of client backends (`readLatency.clientRead`, one read may
 * cover several blocks), from pg_stat_io. Unavailable while track_io_timing is off.
 */
export async function getReadLatency(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<ReadLatency>> {
  const timed = await readIoTiming(context.audit);
  const { data, ...known } = await readSampledLatency(context, range);
  if (timed) return { ...known, data };
  return {
    ...known,
    data: { ...data, series: {}, units: {}, meanMs: null },
    unavailable: explainNoIoTiming(),
  };
}

/** Whether the server times reads now. */
export async function readIoTiming(audit: AuditDb): Promise<boolean> {
  const { data } = await audit.read({
    name: "caches.io-timing",
    source: "pg_settings",
    run: async (sql) => {
      const [row] = await sql<{ timed: boolean }[]>`select current_setting('track_io_timing')::bool as timed`;
      return row?.timed ?? false;
    },
  });
  return data;
}

/** What was sampled of it, also while the target is down. */
export async function readSampledLatency(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<ReadLatency>> {
  const window = resolveRange(range, context.now);
  const names = [time, blocks, ioTime, ioReads];
  const history = await context.history.totals(context.audit.target, names, window);
  const series = (name: string) => history.series[name] ?? [];
  const perRead = (ms: number, reads: number) => (reads > 0 ? ms / reads : null);
  const clientRead = combinePoints(series(ioTime), series(ioReads), perRead);
  const timedSteps = new Set(series(time).flatMap(([at, ms]) => (ms === null ? [] : [at])));
  const timedBlocks = series(blocks).filter(([at]) => timedSteps.has(at));
  return {
    observedAt: history.observedAt ?? context.now,
    source: "samples of pg_stat_database and pg_stat_io",
    countsSince: history.collectingSince,
    data: {
      ...history,
      series: {
        "readLatency.block": combinePoints(series(time), series(blocks), perRead),
        ...(clientRead.some(([, value]) => value !== null) && { "readLatency.clientRead": clientRead }),
      },
      units: { "readLatency.block": "ms", "readLatency.clientRead": "ms" },
      meanMs: perRead(growth(series(time), history.stepSeconds), growth(timedBlocks, history.stepSeconds)),
      sampled: timedSteps.size > 0,
    },
  };
}
