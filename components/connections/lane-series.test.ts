import { expect, test } from "vitest";
import type { Point, SeriesHistory } from "@/lib/collector/types.ts";
import { isKnown, newest, serverLane } from "./lane-series.ts";

const points = (...values: (number | null)[]): Point[] =>
  values.map((value, index) => [index * 10_000, value]);
const history: SeriesHistory = {
  series: {
    "connections.total": points(10, 12, 5),
    "connections.active": points(4, 5, null),
    "connections.waiting": points(1, 6, null),
    "connections.idle": points(4, 4, null),
    "connections.idleInTransaction": points(1, 2, null),
    "connections.idleInTransactionAborted": points(1, 0, null),
    "connections.other": points(0, 1, null),
  },
  units: {},
  stepSeconds: 10,
  collectingSince: null,
  observedAt: null,
};

test("the server's parts add up to the total; more waiting than active is no negative running", () => {
  const { series } = serverLane(history);
  expect(series["server.running"]).toEqual(points(3, 0, null));
  expect(series["server.idleInTransaction"]).toEqual(points(2, 2, null));
  expect(series["server.idle"]).toEqual(points(4, 5, null));
  const sum = ["server.running", "connections.waiting", "server.idleInTransaction", "server.idle"].reduce(
    (all, name) => all + (series[name]?.[0]?.[1] ?? 0),
    0,
  );
  expect(sum).toBe(10);
});

test("a figure that was never seen is not known, and the newest is the last that was", () => {
  expect(isKnown(history, "connections.active")).toBe(true);
  expect(isKnown(history, "connections.max")).toBe(false);
  expect(newest(history, "connections.active")).toBe(5);
  expect(newest(history, "connections.max")).toBeNull();
});
