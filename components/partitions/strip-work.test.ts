import { expect, test } from "vitest";
import { plan, step } from "@/components/partition-plan/plan-fixtures.ts";
import { stepProgress } from "@/components/partition-plan/step-states.ts";
import { cell, lane } from "./lane-fixtures.ts";
import { layStrip } from "./strip-layout.ts";
import { gapEnds } from "./strip-stops.ts";
import { workOf } from "./strip-work.ts";
import { step as go } from "./use-strip-stops.ts";

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
const gap = {
  from: day(2),
  to: day(3),
  id: "a",
  words: "3 Jan 2026 to 4 Jan 2026",
  between: ["a", "b"] as [string, string],
  caughtBy: null,
  path: "",
};
const domain = { fromMs: Date.parse(day(0)), toMs: Date.parse(day(100)) };

test("a gap is a stop between its neighbours, wide enough to be hit", () => {
  const cells = [cell(day(0), day(2)), cell(day(3), day(100)), cell(null, null, { isDefault: true })];
  const { lanes } = layStrip([lane(cells, { gaps: [gap] })], domain, 1_000, Date.parse(day(50)));
  const stops = lanes[0]?.stops ?? [];
  expect(stops.map(({ kind }) => kind)).toEqual(["cell", "gap", "cell", "aside"]);
  expect(stops[1]?.width).toBe(14);
  const at = (stop: number) => ({ lane: 0, stop });
  expect(go(lanes, at(0), "ArrowRight")).toEqual(at(1));
  expect(go(lanes, at(1), "ArrowRight")).toEqual(at(2));
  expect(go(lanes, at(0), "End")).toEqual(at(3));
  expect(go(lanes, at(3), "ArrowRight")).toBeNull();
});

test("up and down lead to what stands nearest, and from beside the axis to beside it", () => {
  const aside = cell(null, null, { isDefault: true });
  const above = lane([cell(day(0), day(40)), cell(day(41), day(100)), aside], { gaps: [] });
  const below = lane([cell(day(0), day(100))]);
  const { lanes } = layStrip([above, below], domain, 1_000, Date.parse(day(50)));
  expect(go(lanes, { lane: 1, stop: 0 }, "ArrowUp")).toEqual({ lane: 0, stop: 1 });
  expect(go(lanes, { lane: 0, stop: 2 }, "ArrowDown")).toEqual({ lane: 1, stop: 0 });
  expect(go(lanes, { lane: 1, stop: 0 }, "ArrowDown")).toBeNull();
});

test("only a gap with two ends can be asked for", () => {
  expect(gapEnds(gap)).toEqual({ from: gap.from, to: gap.to });
  expect(gapEnds({ ...gap, ends: { from: "2026-01-03", to: "2026-01-04" } })?.from).toBe("2026-01-03");
  expect(gapEnds({ ...gap, ends: { from: "MINVALUE", to: "2026-01-04" } })).toBeNull();
  expect(gapEnds({ ...gap, from: null })).toBeNull();
});

test("partitions to come are drawn as they stand; those worked on only while somebody works", () => {
  const branch = { schema: "public", name: "t" };
  const bounds = "FROM ('2026-01-03') TO ('2026-01-04')";
  const create = (name: string) =>
    step(name, {
      step: {
        kind: "createPartition",
        params: { parent: branch, child: { schema: "public", name }, bounds },
      },
    });
  const vacuum = step("vacuum", {
    step: { kind: "vacuumTable", params: { table: { schema: "public", name: "t_9" } } },
  });
  const shown = plan({ steps: [create("t_1"), create("t_2"), vacuum] });
  expect(workOf(shown, null).ghosts.map(({ lane: to, state }) => [to, state])).toEqual([
    ["public.t", "pending"],
    ["public.t", "pending"],
  ]);
  expect(workOf(shown, null).busy.size).toBe(0);
  const done = { id: "t_1", words: "", outcome: "done" as const, why: null, retryAt: null };
  const going = workOf(shown, stepProgress(["t_1", "t_2", "vacuum"], [done], true));
  expect(going.ghosts.map(({ key, state }) => [key, state])).toEqual([
    ["t_1", "done"],
    ["t_2", "running"],
  ]);
  expect([...going.busy]).toEqual([["public.t_9", "pending"]]);
});
