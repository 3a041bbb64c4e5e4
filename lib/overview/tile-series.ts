import type { History, SeriesHistory, TimeRange } from "../collector/types.ts";

const names = [
  "connections.total",
  "database.commits",
  "database.blksHit",
  "database.blksRead",
  "database.blkReadTimeMs",
  "partitions.runwaySeconds",
  "storage.databaseBytes",
  "replication.maxLagSeconds",
] as const;

/** Points of a sparkline. */
const sparkPoints = 60;
/** How far back a sample still counts as the newest; a point of a long range's line is a mean of many. */
const newestMs = 60_000;

export interface TileSeries {
  now: SeriesHistory;
  before: SeriesHistory;
  /** The end of the range, sample by sample. */
  newest: SeriesHistory;
}

/** What the collector has for the tiles: over the range, and over the same time before it. */
export async function readTileSeries(
  history: History,
  target: string,
  range: TimeRange,
): Promise<TileSeries> {
  const length = range.to.getTime() - range.from.getTime();
  const earlier = { from: new Date(range.from.getTime() - length), to: range.from };
  const end = { from: new Date(range.to.getTime() - newestMs), to: range.to };
  const [now, before, newest] = await Promise.all([
    history.totals(target, names, range, sparkPoints),
    history.totals(target, names, earlier, sparkPoints),
    history.totals(target, ["database.commits"], end, newestMs / 10_000 + 1),
  ]);
  return { now, before, newest };
}
