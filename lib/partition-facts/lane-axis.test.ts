import { expect, test } from "vitest";
import type { BoundValue } from "./bound-values.ts";
import { inferAxis, toIso, toMicros } from "./lane-axis.ts";

const value = (order: bigint): BoundValue => ({ order, text: String(order) });
const adjoining = (orders: readonly bigint[]) =>
  orders.slice(1).map((to, i) => ({ from: value(orders[i] ?? 0n), to: value(to) }));

test.each([
  ["epochSeconds", "bigint", [1_704_067_200n, 1_706_745_600n]],
  ["epochMilliseconds", "bigint", [1_704_067_200_000n, 1_706_745_600_000n]],
  ["epochMicroseconds", "bigint", [1_704_067_200_000_000n, 1_706_745_600_000_000n]],
  ["calendarInteger", "integer", [20_240_101n, 20_240_201n]],
  ["calendarInteger", "integer", [202_401n, 202_402n, 202_403n]],
  ["integer", "integer", [0n, 1_000_000n]],
  ["integer", "bigint", [1_000_000_000n, 1_001_000_000n]],
  ["integer", "smallint", [2025n, 2026n, 2027n]],
  ["integer", "bigint", [1_858_000_000_000_000_000n, 1_860_000_000_000_000_000n]],
  ["time", "date", [0n, 1n]],
  ["values", "text", [1n, 2n]],
] as const)("bounds of %s are recognised", (axis, type, orders) => {
  expect(inferAxis(type, adjoining(orders))).toBe(axis);
});

test("ids that would be partitions of decades, were they epochs, are ids", () => {
  expect(inferAxis("bigint", adjoining([1_800_000_000n, 2_700_000_000n, 3_600_000_000n]))).toBe("integer");
  expect(inferAxis("integer", adjoining([200_001n, 210_001n]))).toBe("integer");
});

test("integer epochs read as the moments they stand for", () => {
  for (const [axis, order] of [
    ["epochSeconds", 1_704_067_200n],
    ["epochMilliseconds", 1_704_067_200_000n],
    ["calendarInteger", 20_240_101n],
    ["calendarInteger", 202_401n],
  ] as const)
    expect(toIso(toMicros(value(order), axis))).toBe("2024-01-01T00:00:00.000Z");
});
