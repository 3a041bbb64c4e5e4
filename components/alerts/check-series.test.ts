import { expect, test } from "vitest";
import { checkSeries, limitLines } from "./check-series.ts";

const lines = (check: string, limits: Parameters<typeof limitLines>[1], whole: number | null = null) =>
  limitLines(checkSeries[check] as Parameters<typeof limitLines>[0], limits, whole);

test("limits are drawn in the unit of the series, and not where they compare something else", () => {
  expect([
    lines("connections.idle_in_transaction", { warning: 300, critical: 900 }),
    lines("connections.used", { warning: 0.75, critical: 0.9 }, 200),
    lines("connections.used", { warning: 0.75, critical: 0.9 }),
    lines("partitions.runway", { warning: 45, critical: null }),
    lines("connections.blockers", { warning: 300, critical: 600 }),
    lines("connections.long_query", null),
  ]).toEqual([
    [
      { label: "warning", value: 300 },
      { label: "critical", value: 900 },
    ],
    [
      { label: "warning", value: 150 },
      { label: "critical", value: 180 },
    ],
    [],
    [{ label: "warning", value: 3_888_000 }],
    [],
    [],
  ]);
});
