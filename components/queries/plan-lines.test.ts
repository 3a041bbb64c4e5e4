import { expect, test } from "vitest";
import type { PlanNode } from "@/lib/queries/plan-tree.ts";
import { planLines } from "./plan-lines.ts";

function node(name: string, change: Partial<PlanNode> = {}): PlanNode {
  return {
    node: name,
    relation: null,
    alias: null,
    index: null,
    startupCost: 0,
    totalCost: 10,
    rows: 5,
    widthBytes: 8,
    ownCostShare: 0.1,
    details: [],
    children: [],
    ...change,
  };
}

test("the tree becomes lines in the order of execution's nesting", () => {
  const plan = node("Limit", {
    children: [node("Sort", { children: [node("Seq Scan", { relation: "public.a" })] })],
  });
  expect(planLines(plan).map((line) => [line.node.node, line.depth])).toEqual([
    ["Limit", 0],
    ["Sort", 1],
    ["Seq Scan", 2],
  ]);
});

test("scans of many partitions are one line that adds them up and names the costliest", () => {
  const scans = Array.from({ length: 8 }, (_, i) =>
    node("Seq Scan", { relation: `public.p${i}`, totalCost: i, rows: 10, ownCostShare: 0.05 }),
  );
  const lines = planLines(
    node("Append", { children: [...scans, node("Index Scan", { relation: "public.q" })] }),
  );
  expect(lines.map((line) => line.node.node)).toEqual(["Append", "Seq Scan", "Index Scan"]);
  const [, folded] = lines;
  expect(folded).toMatchObject({ repeated: 7, node: { relation: "public.p7", rows: 80, totalCost: 28 } });
  expect(folded?.node.ownCostShare).toBeCloseTo(0.4);
});

test("a few like steps stay by themselves, and ids stay unique", () => {
  const lines = planLines(
    node("Append", { children: [1, 2, 3].map((i) => node("Seq Scan", { relation: `public.p${i}` })) }),
  );
  expect(lines).toHaveLength(4);
  expect(new Set(lines.map((line) => line.id)).size).toBe(4);
});
