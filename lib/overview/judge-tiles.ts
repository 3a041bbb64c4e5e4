import type { Finding } from "../finding.ts";
import type { Tile, TileId } from "./types.ts";

/** The checks that speak of a tile's figure; a topic whose checks failed speaks of all its tiles. */
const checksOf: Partial<Record<TileId, RegExp>> = {
  connections: /^connections\.(used|checks)$/,
  hitRatio: /^caches\.(bufferHits|rates|checks)$/,
  partitionRunway: /^partitions\.(runway|checks)/,
  replicationLag: /^replication\./,
};

/**
 * Tiles with the state that the checks give them, so that a tile never says other than the verdict. A figure
 * whose check could not run is unknown, not OK; one that nothing checks is what it was.
 */
export function judgeTiles(tiles: readonly Tile[], findings: readonly Finding[]): Tile[] {
  return tiles.map((tile) => {
    const checks = checksOf[tile.id];
    if (!checks || tile.value === null) return tile;
    const about = findings.filter((finding) => checks.test(finding.check));
    const severities = about.flatMap((finding) => (finding.unavailable ? [] : finding.severity));
    if (severities.includes("critical")) return { ...tile, state: "critical" };
    if (severities.includes("warning")) return { ...tile, state: "warning" };
    return about.some((finding) => finding.unavailable) ? { ...tile, state: "unknown" } : tile;
  });
}
