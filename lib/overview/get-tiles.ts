import { getBufferCacheHits } from "../buffers/get-buffer-cache-hits.ts";
import { readIoTiming, readSampledLatency } from "../buffers/get-read-latency.ts";
import { toAppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import { type RangeInput, resolveRange } from "../read.ts";
import { commitsTile, hitRatioTile, readLatencyTile } from "./history-tiles.ts";
import { connectionsTile, replicationTile, runwayTile, sizeTile } from "./live-tiles.ts";
import { readTileSeries } from "./tile-series.ts";
import type { Tile } from "./types.ts";

const weekMs = 7 * 86_400_000;

/** The overview's figures. One that cannot be read is there without a value, and says why. */
export async function getTiles(
  { audit, history, now }: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<{ tiles: Tile[]; collected: { since: Date | null; newestAt: Date | null } }> {
  const week = { from: new Date(now.getTime() - weekMs), to: now };
  const context = { audit, history, now };
  const [series, sizes, hits, latency, timing] = await Promise.all([
    readTileSeries(history, audit.target, resolveRange(range, now)),
    history.totals(audit.target, ["storage.databaseBytes"], week),
    getBufferCacheHits(context, range),
    readSampledLatency(context, range),
    readIoTiming(audit).catch(() => true),
  ]);
  const tiles = await Promise.all([
    orEmpty(connectionsTile(audit, series), {
      id: "connections",
      title: "Connections",
      unit: "count",
      path: "connections",
    }),
    commitsTile(series),
    hitRatioTile(series, hits),
    readLatencyTile(series, latency, timing),
    orEmpty(runwayTile(audit, series, now), {
      id: "partitionRunway",
      title: "Partition runway",
      unit: "days",
      path: "partitions",
    }),
    orEmpty(sizeTile(audit, series, sizes.series["storage.databaseBytes"] ?? []), {
      id: "size",
      title: "Size",
      unit: "bytes",
      path: "partitions",
    }),
    orEmpty(replicationTile(audit, series), {
      id: "replicationLag",
      title: "Replication lag",
      unit: "seconds",
      path: "replication",
    }),
  ]);
  return { tiles, collected: { since: series.now.collectingSince, newestAt: series.now.observedAt } };
}

async function orEmpty(
  tile: Promise<Tile>,
  shape: Pick<Tile, "id" | "title" | "unit" | "path">,
): Promise<Tile> {
  try {
    return await tile;
  } catch (thrown) {
    return {
      ...shape,
      value: null,
      max: null,
      note: toAppError(thrown).message,
      observedAt: null,
      source: "not readable",
      series: null,
      spark: [],
      average: null,
      previousAverage: null,
      change: null,
      state: "unknown",
    };
  }
}
