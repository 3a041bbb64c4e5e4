import { expect, test } from "vitest";
import type { Finding } from "../finding.ts";
import { judgeTiles } from "./judge-tiles.ts";
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
const finding = (check: string, severity: Finding["severity"], blind = false): Finding => ({
  check,
  severity,
  title: "",
  detail: "",
  path: "",
  ...(blind && { unavailable: { code: "no_grant" as const, reason: "" } }),
});
const states = (findings: Finding[], ...tiles: Tile[]) => judgeTiles(tiles, findings).map((t) => t.state);

test("a tile has the worst severity of the checks that speak of it, and no other", () => {
  const findings = [
    finding("caches.bufferHits", "warning"),
    finding("connections.blockers", "critical"),
    finding("partitions.runway", "warning"),
    finding("partitions.runway", "critical"),
  ];
  expect(
    states(findings, tile("connections"), tile("hitRatio"), tile("partitionRunway"), tile("size")),
  ).toEqual(["ok", "warning", "critical", "ok"]);
});

test("a figure whose check could not run is unknown; a notice leaves it OK; no figure stays unknown", () => {
  expect(states([finding("caches.rates", "notice", true)], tile("hitRatio"), tile("commits"))).toEqual([
    "unknown",
    "ok",
  ]);
  expect(states([finding("replication.lag", "notice")], tile("replicationLag"))).toEqual(["ok"]);
  expect(states([finding("connections.used", "critical")], tile("connections", null))).toEqual(["unknown"]);
});
