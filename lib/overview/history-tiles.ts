import type { Unavailable } from "../result.ts";
import { momentInWords } from "../words.ts";
import { hitRatioMinBlocks } from "./thresholds.ts";
import type { TileSeries } from "./tile-series.ts";
import { combine, grown, trendOf } from "./trend.ts";
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

/** Blocks found in shared_buffers over the range; unknown where too few were asked for. */
export function hitRatioTile({ now, before }: TileSeries): Tile {
  const ratio = (series: TileSeries["now"]) =>
    combine(series, hit, read, (h, r) => (h + r > 0 ? h / (h + r) : null));
  const { last: _, ...trend } = trendOf(ratio(now), ratio(before));
  const hits = grown(now, hit);
  const reads = grown(now, read);
  const blocks = hits === null || reads === null ? null : hits + reads;
  const value = blocks !== null && blocks > 0 && hits !== null ? hits / blocks : null;
  const enough = blocks !== null && blocks >= hitRatioMinBlocks;
  return {
    id: "hitRatio",
    title: "Buffer hit ratio",
    value,
    unit: "ratio",
    max: null,
    note: value !== null && !enough ? "too few blocks read to judge it" : "found in shared_buffers",
    observedAt: now.observedAt,
    source,
    series: "database.hitRatio",
    ...trend,
    state: value === null ? "unknown" : "ok",
    path: "caches",
    ...(value === null && { unavailable: collecting(now.collectingSince) }),
  };
}

/** Milliseconds per block read past shared_buffers over the range; needs track_io_timing. */
export function readLatencyTile({ now, before }: TileSeries, timing: boolean): Tile {
  const latency = (series: TileSeries["now"]) =>
    combine(series, readTime, read, (ms, blocks) => (blocks > 0 ? ms / blocks : null));
  const { last: _, ...trend } = trendOf(latency(now), latency(before));
  const ms = grown(now, readTime);
  const blocks = grown(now, read);
  const value = ms !== null && blocks !== null && blocks > 0 ? ms / blocks : null;
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
    ...(value === null && { unavailable: timing ? noReads(now, ms !== null) : noTiming }),
  };
}

const noTiming: Unavailable = {
  code: "not_configured",
  reason: "track_io_timing is off, so the server does not measure reads.",
  enable: "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
};

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
