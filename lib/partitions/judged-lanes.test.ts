import { expect, test } from "vitest";
import { type CheckContext, defineCheck } from "../check.ts";
import { evaluateCheck } from "../evaluation/evaluate-check.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { gap } from "./check-bounds.ts";
import { currentPartition } from "./check-runway.ts";
import {
  buildEachTable,
  type JudgedLane,
  type JudgedTables,
  judgeLanes,
  laneIsWell,
} from "./judged-lanes.ts";
import type { PartitionLane } from "./types.ts";

const table = (name: string) => ({ oid: name.length, schema: "public", name }) as PartitionNode;
const laneOf = (name: string): JudgedLane => ({
  database: "d",
  root: table(name),
  lane: {
    ...table(name),
    axis: "time",
    gaps: [],
    unknownBounds: 0,
    runway: null,
    runwayUnjudged: null,
    gapsUnjudged: null,
  } as unknown as PartitionLane,
  name,
});
const contextOf = (tables: Partial<JudgedTables>) =>
  ({
    now: new Date(0),
    once: async () => ({ database: "d", lanes: [], failed: [], ...tables }),
  }) as unknown as CheckContext;
const noLimits = () => ({ warning: null, critical: null });
const oops = new Error("an odd bound");

test("a table that cannot be put together leaves the others", () => {
  const built = buildEachTable(["a", "odd", "b"].map(table), ({ name }) => {
    if (name === "odd") throw oops;
    return [name];
  });
  expect(built).toEqual({ lanes: ["a", "b"], failed: [{ root: table("odd"), thrown: oops }] });
});

test("it is an error of one check, told to the log once, and nothing that was known of it is gone", async () => {
  const context = contextOf({ lanes: [laneOf("a")], failed: [{ root: table("odd"), thrown: oops }] });
  const gaps = await evaluateCheck(gap, context, noLimits);
  expect(gaps.answer?.objects.map(({ object, state }) => ["name" in object && object.name, state])).toEqual([
    ["odd", "error"],
    ["a", "ok"],
  ]);
  expect(gaps.answer?.complete).toBe(false);
  expect([gaps.error, gaps.thrown]).toEqual([null, oops]);
  const others = await evaluateCheck(currentPartition, context, noLimits);
  expect([others.answer, others.thrown]).toEqual([{ objects: [], complete: false }, undefined]);
});

test("a lane on which a condition throws is an error of that condition alone", async () => {
  const check = defineCheck({
    ...gap,
    evaluate: (context) =>
      judgeLanes(context, (judged) => {
        if (judged.name === "odd") throw oops;
        return laneIsWell(judged, "Well.");
      }),
  });
  const context = contextOf({ lanes: ["a", "odd", "b"].map(laneOf) });
  const { answer, thrown } = await evaluateCheck(check, context, noLimits);
  expect(answer?.objects.map(({ state, words }) => [state, words.title])).toEqual([
    ["ok", "Well."],
    ["error", "The partitions of odd could not be judged."],
    ["ok", "Well."],
  ]);
  expect([answer?.complete, thrown]).toEqual([false, oops]);
});
