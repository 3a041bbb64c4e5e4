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

export interface TileSeries {
  now: SeriesHistory;
  before: SeriesHistory;
}

/** What the collector has for the tiles: over the range, and over the same time before it. */
export async function readTileSeries(
  history: History,
  target: string,
  range: TimeRange,
): Promise<TileSeries> {
  const length = range.to.getTime() - range.from.getTime();
  const earlier = { from: new Date(range.from.getTime() - length), to: range.from };
  const [now, before] = await Promise.all([
    history.totals(target, names, range, sparkPoints),
    history.totals(target, names, earlier, sparkPoints),
  ]);
  return { now, before };
}
