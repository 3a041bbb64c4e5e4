import { expect, test } from "vitest";
import type { Point, SeriesHistory } from "@/lib/collector/types.ts";
import { watchingCost } from "./watching-cost.ts";

const points = (...values: (number | null)[]): Point[] =>
  values.map((value, index) => [index * 60_000, value]);
const history = (series: Record<string, Point[]>): SeriesHistory => ({
  series,
  units: {},
  stepSeconds: 60,
  collectingSince: null,
  observedAt: null,
});

test("the share counts only steps in which both were seen; failures are counted, not averaged", () => {
  const cost = watchingCost(
    history({
      "collector.execMs": points(1, 3, null, 2),
      "collector.everybodyExecMs": points(100, 300, 50, null),
      "collector.wallMs": points(4, null, 6, null),
      "collector.failures": points(0, 1 / 60, null, 0),
    }),
  );
  expect(cost).toEqual({ share: 0.01, serverMsPerSecond: 2, clockMsPerSecond: 5, failures: 1 });
});

test("without pg_stat_statements the server's side is not known; without samples nothing is", () => {
  expect(watchingCost(history({ "collector.wallMs": points(3) }))).toEqual({
    share: null,
    serverMsPerSecond: null,
    clockMsPerSecond: 3,
    failures: null,
  });
});
