import { expect, test } from "vitest";
import type { Check, CheckState } from "../check.ts";
import { checks } from "../checks.ts";
import type { CheckStanding } from "../evaluation/standing.ts";
import { checksOfTiles, judgeTiles } from "./judge-tiles.ts";
import type { Tile, TileId } from "./types.ts";

const tile = (id: TileId, value: number | null = 1): Tile => ({
  id,
  title: id,
  value,
  unit: "count",
  max: null,
  note: null,
  observedAt: null,
  source: "",
  series: null,
  spark: [],
  average: null,
  previousAverage: null,
  change: null,
  state: value === null ? "unknown" : "ok",
  path: "connections",
});
const standing = (id: string, ...states: CheckState[]): CheckStanding => ({
  check: checks.find((check) => check.id === id) as Check,
  objects: states.map((state, n) => ({
    object: { kind: "standby", name: `${n}` },
    state,
    value: null,
    threshold: null,
    since: null,
    words: { title: "", detail: "" },
  })),
  error: null,
});
const states = (standings: CheckStanding[], ...tiles: Tile[]) =>
  judgeTiles(tiles, standings).map((t) => t.state);

test("a tile has the worst severity of the checks that speak of it, and no other", () => {
  const standings = [
    standing("buffers.hit_ratio", "warning"),
    standing("connections.blockers", "critical"),
    standing("partitions.current", "ok"),
    standing("partitions.runway", "ok", "warning", "critical"),
  ];
  expect(
    states(standings, tile("connections"), tile("hitRatio"), tile("partitionRunway"), tile("size")),
  ).toEqual(["ok", "warning", "critical", "ok"]);
});

test("a figure whose check could not run is unknown; a notice leaves it OK; no figure stays unknown", () => {
  expect(states([standing("buffers.hit_ratio", "unavailable")], tile("hitRatio"), tile("commits"))).toEqual([
    "unknown",
    "ok",
  ]);
  const failed = { ...standing("connections.used"), error: { code: "TIMEOUT", message: "" } as const };
  expect(states([failed], tile("connections"))).toEqual(["unknown"]);
  expect(states([standing("replication.lag_bytes", "notice")], tile("replicationLag"))).toEqual(["ok"]);
  expect(states([standing("connections.used", "critical")], tile("connections", null))).toEqual(["unknown"]);
});

test("a table whose key has no such figure hides none", () => {
  const runway = standing("partitions.runway", "ok", "unavailable");
  const because = (code: "unsupported" | "no_grant") => ({
    ...runway,
    objects: runway.objects.map((object) =>
      object.state === "unavailable" ? { ...object, unavailable: { code, reason: "" } } : object,
    ),
  });
  expect(states([because("unsupported")], tile("partitionRunway"))).toEqual(["ok"]);
  expect(states([because("no_grant")], tile("partitionRunway"))).toEqual(["unknown"]);
});

test("every check that a tile goes by exists", () => {
  expect(checksOfTiles.filter((id) => !checks.some((check) => check.id === id))).toEqual([]);
});
