import type { CheckStanding } from "../evaluation/standing.ts";
import type { Tile, TileId } from "./types.ts";

/** The checks that speak of a tile's figure. */
const checksOf: Partial<Record<TileId, readonly string[]>> = {
  connections: ["connections.used"],
  hitRatio: ["buffers.hit_ratio"],
  readLatency: ["buffers.read_cost"],
  partitionRunway: ["partitions.current", "partitions.runway"],
  replicationLag: [
    "replication.split_brain",
    "replication.foreign_server",
    "replication.replica_down",
    "replication.receiver",
    "replication.lag_bytes",
    "replication.lag_seconds",
    "replication.drained",
  ],
};

/** The checks that any tile goes by. */
export const checksOfTiles = Object.values(checksOf).flat();

/**
 * Tiles with the state that the checks give them, so that a tile never says other than the verdict. A figure
 * whose check could not run is unknown, not OK; one that nothing checks is what it was.
 */
export function judgeTiles(tiles: readonly Tile[], standings: readonly CheckStanding[]): Tile[] {
  return tiles.map((tile) => {
    const checks = checksOf[tile.id];
    if (!checks || tile.value === null) return tile;
    const about = standings.filter(({ check }) => checks.includes(check.id));
    const states = new Set(about.flatMap(({ objects }) => objects.map(({ state }) => state)));
    if (states.has("critical")) return { ...tile, state: "critical" };
    if (states.has("warning")) return { ...tile, state: "warning" };
    const blind = about.some(({ error, objects }) => error || objects.some(isBlind));
    return blind ? { ...tile, state: "unknown" } : tile;
  });
}

/** What is not judged because it has no such figure (a runway of a key that is no time) hides none. */
function isBlind({ state, unavailable }: CheckStanding["objects"][number]): boolean {
  if (state === "unavailable") return unavailable?.code !== "unsupported";
  return state === "no_data" || state === "error";
}
