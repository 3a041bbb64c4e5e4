import { expect, it } from "vitest";
import { scopeTarget } from "@/components/requests/request-fixtures.ts";
import { monthBars, othersPart } from "./scope-months.ts";

const target = (months: [month: string, policy: string, events: number][]) => ({
  ...scopeTarget("audit", []),
  months: months.map(([month, policy, events]) => ({ month, policy, events })),
});

it("adds up targets by month and policy, and leaves no month out between", () => {
  const { parts, bars } = monthBars([
    target([
      ["2025-12", "standard", 4],
      ["2026-02", "minimal", 1],
    ]),
    target([["2025-12", "standard", 6]]),
  ]);
  expect(parts).toEqual(["standard", "minimal"]);
  expect(bars.map(({ values }) => values)).toEqual([
    [10, 0],
    [0, 0],
    [0, 1],
  ]);
  expect(new Date(bars[0]?.toMs ?? 0).toISOString()).toBe("2026-01-01T00:00:00.000Z");
});

it("keeps six at most apart, the rest together", () => {
  const { parts, bars } = monthBars([
    target(["a", "b", "c", "d", "e", "f", "g"].map((policy, index) => ["2026-01", policy, 10 - index])),
  ]);
  expect(parts).toEqual(["a", "b", "c", "d", "e", othersPart]);
  expect(bars[0]?.values.at(-1)).toBe(5 + 4);
  expect(monthBars([]).bars).toEqual([]);
});
