import type { BufferCacheHits, ReadLatency } from "../buffers/types.ts";
import type { Observed, Unavailable } from "../result.ts";
import { momentInWords } from "../words.ts";
import type { TileSeries } from "./tile-series.ts";
import { combine, trendOf } from "./trend.ts";
import type { Tile } from "./types.ts";

const [hit, read, readTime] = ["database.blksHit", "database.blksRead", "database.blkReadTimeMs"] as const;
const source = "samples of pg_stat_database";

/** Commits per second, newest sample. */
export function commitsTile({ now, before, newest }: TileSeries): Tile {
  const name = "database.commits";
  const { last: lastStep, ...trend } = trendOf(now.series[name], before.series[name]);
  const last = newest.series[name]?.findLast(([, value]) => value !== null)?.[1] ?? lastStep;
  return {
    id: "commits",
    title: "Commits",
    value: last,
    unit: "perSecond",
    max: null,
    note: null,
    observedAt: now.observedAt,
    source,
    series: name,
    ...trend,
    state: last === null ? "unknown" : "ok",
    path: "queries",
    ...(last === null && { unavailable: collecting(now.collectingSince) }),
  };
}

/** Blocks found in shared_buffers over the range, as Caches tells it; unknown where too few were asked for. */
export function hitRatioTile({ now, before }: TileSeries, { data }: Observed<BufferCacheHits>): Tile {
  const ratio = (series: TileSeries["now"]) =>
    combine(series, hit, read, (h, r) => (h + r > 0 ? h / (h + r) : null));
  const { last: _, ...trend } = trendOf(ratio(now), ratio(before));
  const value = data.share;
  return {
    id: "hitRatio",
    title: "Buffer hit ratio",
    value,
    unit: "ratio",
    max: null,
    note: value === null ? null : "found in shared_buffers",
    observedAt: now.observedAt,
    source,
    series: "database.hitRatio",
    ...trend,
    state: value === null ? "unknown" : "ok",
    path: "caches",
    ...(value === null && { unavailable: noBlocks(data) }),
  };
}

/** Milliseconds per block read past shared_buffers over the range, as Caches tells it; needs track_io_timing. */
export function readLatencyTile(
  { now, before }: TileSeries,
  { data }: Observed<ReadLatency>,
  timing: boolean,
): Tile {
  const latency = (series: TileSeries["now"]) =>
    combine(series, readTime, read, (ms, blocks) => (blocks > 0 ? ms / blocks : null));
  const { last: _, ...trend } = trendOf(latency(now), latency(before));
  const value = data.meanMs;
  return {
    id: "readLatency",
    title: "Read latency",
    value,
    unit: "ms",
    max: null,
    note: value === null ? null : "per block read",
    observedAt: now.observedAt,
    source,
    series: "readLatency.block",
    ...trend,
    state: value === null ? "unknown" : "ok",
    path: "caches",
    ...(value === null && { unavailable: timing ? noReads(now, data.sampled) : noTiming }),
  };
}

const noTiming: Unavailable = {
  code: "not_configured",
  reason: "track_io_timing is off, so the server does not measure reads.",
  enable: "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
};

function noBlocks({ series, collectingSince }: BufferCacheHits): Unavailable {
  if (!series[read]?.some(([, rate]) => rate !== null)) return collecting(collectingSince);
  return {
    code: "insufficient_data",
    reason: "Too few blocks were asked for in this range to tell a share.",
  };
}

function noReads(now: TileSeries["now"], sampled: boolean): Unavailable {
  if (!sampled) return collecting(now.collectingSince);
  return { code: "insufficient_data", reason: "No block was read past shared_buffers in this range." };
}

function collecting(since: Date | null): Unavailable {
  return {
    code: "insufficient_data",
    reason: since
      ? `Nothing was collected in this range; collecting since ${momentInWords(since.toISOString())} UTC.`
      : "Nothing has been collected yet.",
  };
}
