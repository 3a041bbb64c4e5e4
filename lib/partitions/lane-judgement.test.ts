import { expect, test } from "vitest";
import { branchesOf } from "../partition-facts/branches.ts";
import { findGaps, findOverlaps } from "../partition-facts/find-gaps.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { getRunway } from "../partition-facts/get-runway.ts";
import { inferInterval } from "../partition-facts/infer-interval.ts";
import { measureReach } from "../partition-facts/measure-reach.ts";
import type { KeyColumn, LaneRunway } from "../partition-facts/types.ts";
import { runwayLimits, runwayState } from "./runway-state.ts";
import type { PartitionLane } from "./types.ts";

const timestamptz = "timestamp with time zone";
const month = { unit: "month", seconds: 30 * 86_400 } as const;
const now = new Date("2024-03-15T12:00:00Z");

interface Made {
  name: string;
  bounds?: string;
  /** Key columns as `name type`; a leaf has none. */
  by?: readonly string[];
  how?: "range" | "list" | "hash";
  below?: readonly Made[];
  detaching?: boolean;
}

/** A tree as the catalogue tells it. */
function plant(made: Made) {
  const nodes: PartitionNode[] = [];
  const visit = ({ name, bounds, by, how = "range", below = [], detaching }: Made, parent: number | null) => {
    const key = by?.map((column): KeyColumn => {
      const [columnName = "", ...type] = column.split(" ");
      return { name: columnName, type: type.join(" "), collation: null, less: "<" };
    });
    const node: PartitionNode = {
      ...{ oid: nodes.length + 1, schema: "public", name, root: 1, parent, level: parent === null ? 0 : 1 },
      kind: key ? "p" : "r",
      strategy: key ? how : null,
      partitionKey: key ? `${how} (${key.map((column) => column.name).join(", ")})` : null,
      key: key ?? null,
      bounds: bounds ?? null,
      isDefault: bounds === "DEFAULT",
      detachPending: detaching ?? false,
      rowsAtAnalyze: null,
    };
    nodes.push(node);
    for (const child of below) visit(child, node.oid);
  };
  visit(made, null);
  const [root] = nodes;
  if (!root) throw new Error("a root");
  return { root, children: (oid: number) => nodes.filter((node) => node.parent === oid) };
}

const between = (from: string | null, to: string | null) => {
  const end = (text: string | null, open: string) => (text === null ? open : `'${text}'`);
  return `FOR VALUES FROM (${end(from, "MINVALUE")}) TO (${end(to, "MAXVALUE")})`;
};
const leaf = (name: string, from: string | null, to: string | null): Made => ({
  name,
  bounds: between(from, to),
});
const byTime = (...below: Made[]): Made => ({ name: "t", by: [`at ${timestamptz}`], below });

function judge(made: Made, options?: Parameters<typeof measureReach>[2]) {
  const forest = plant(made);
  const reach = measureReach(forest, forest.root, options);
  return {
    reach,
    gaps: findGaps(reach, "time"),
    overlaps: findOverlaps(reach, "time"),
    runway: getRunway(reach, "time", timestamptz, month, now),
  };
}

test("a gap and an overlap are told with their ends and neighbours, in any order given", () => {
  const { gaps, overlaps } = judge(
    byTime(
      leaf("mar", "2024-03-01", "2024-04-01"),
      leaf("jan", "2024-01-01", "2024-02-01"),
      leaf("apr", "2024-03-30 00:00:00+00", "2024-05-01"),
    ),
  );
  expect(gaps).toEqual([
    {
      from: "2024-02-01T00:00:00.000Z",
      to: "2024-03-01T00:00:00.000Z",
      id: "2024-02-01T00:00:00.000Z",
      words: "1 Feb 2024 to 1 Mar 2024 UTC",
      ends: { from: "2024-02-01", to: "2024-03-01" },
      between: ["jan", "mar"],
      caughtBy: null,
      path: "",
    },
  ]);
  expect(overlaps).toMatchObject([
    { from: "2024-03-30T00:00:00.000Z", to: "2024-04-01T00:00:00.000Z", between: ["mar", "apr"] },
  ]);
});

test("a partition inside another hides no later gap", () => {
  const { gaps } = judge(
    byTime(
      leaf("wide", "2024-01-01", "2024-06-01"),
      leaf("inner", "2024-02-01", "2024-03-01"),
      leaf("late", "2024-07-01", "2024-08-01"),
    ),
  );
  expect(gaps).toMatchObject([
    { from: "2024-06-01T00:00:00.000Z", to: "2024-07-01T00:00:00.000Z", between: ["wide", "late"] },
  ]);
});

test("the same moment printed with two offsets adjoins", () => {
  const adjoining = byTime(
    leaf("a", "2024-01-01", "2024-02-01 00:00:00+02"),
    leaf("b", "2024-01-31 22:00:00+00", null),
  );
  expect(judge(adjoining)).toMatchObject({ gaps: [], overlaps: [] });
});

test("runway runs through adjoining partitions and stops at a gap", () => {
  const { runway } = judge(
    byTime(
      leaf("feb", "2024-02-01", "2024-03-01"),
      leaf("mar", "2024-03-01", "2024-04-01"),
      leaf("apr", "2024-04-01", "2024-05-01"),
      leaf("jun", "2024-06-01", "2024-07-01"),
    ),
  );
  expect(runway).toMatchObject({
    coversNow: true,
    until: "2024-05-01T00:00:00.000Z",
    untilInWords: "1 May 2024",
    seconds: (Date.parse("2024-05-01T00:00:00Z") - now.getTime()) / 1_000,
    lastBound: "2024-07-01T00:00:00.000Z",
    unlimited: false,
    retired: false,
    caughtBy: null,
  });
});

test("without a partition for now the runway is nothing, however many lie ahead", () => {
  expect(judge(byTime(leaf("jun", "2024-06-01", "2024-07-01"))).runway).toMatchObject({
    coversNow: false,
    seconds: 0,
    lastBound: "2024-07-01T00:00:00.000Z",
  });
  expect(judge(byTime()).runway).toMatchObject({ coversNow: false, seconds: 0, lastBound: null });
});

test("MAXVALUE and infinity are an unlimited runway", () => {
  for (const end of [null, "infinity"])
    expect(judge(byTime(leaf("all", null, end))).runway).toMatchObject({
      coversNow: true,
      unlimited: true,
      seconds: null,
      until: null,
    });
});

test("a lane that ended long ago is retired, one that ended last month is not", () => {
  expect(judge(byTime(leaf("old", "2022-01-01", "2022-02-01"))).runway?.retired).toBe(true);
  expect(judge(byTime(leaf("feb", "2024-01-01", "2024-02-01"))).runway?.retired).toBe(false);
});

const year = (name: string, from: string, to: string, ...below: Made[]): Made => ({
  ...byTime(...below),
  name,
  bounds: between(from, to),
});

test("a year takes rows where its months do, and what the last of one and the first of the next leave is one gap", () => {
  const made = byTime(
    year(
      "y2024",
      "2024-01-01",
      "2025-01-01",
      leaf("q1", "2024-01-01", "2024-04-01"),
      leaf("q2", "2024-04-01", "2024-07-01"),
    ),
    year(
      "y2025",
      "2025-01-01",
      "2026-01-01",
      leaf("mar", "2025-03-01", "2025-04-01"),
      leaf("late", "2025-12-01", "2027-01-01"),
    ),
    year("y2026", "2026-01-01", "2027-01-01"),
  );
  const { gaps, runway, reach } = judge(made);
  expect(gaps.map(({ words, between: neighbours }) => [words, ...neighbours])).toEqual([
    ["1 Jul 2024 to 1 Mar 2025 UTC", "q2", "mar"],
    ["1 Apr 2025 to 1 Dec 2025 UTC", "mar", "late"],
  ]);
  expect(runway).toMatchObject({ until: "2024-07-01T00:00:00.000Z", lastBound: "2026-01-01T00:00:00.000Z" });
  expect(reach.covered.map(({ name }) => name)).toEqual(["q1", "q2", "mar", "late"]);
});

test("a default catches what its level leaves, and no more", () => {
  const rest: Made = { name: "rest", bounds: "DEFAULT" };
  const made = byTime(
    year("y2024", "2024-01-01", "2025-01-01", leaf("q1", "2024-01-01", "2024-04-01"), rest),
    leaf("y2026", "2026-01-01", "2027-01-01"),
  );
  const { gaps, runway } = judge(made);
  expect(runway).toMatchObject({ until: "2024-04-01T00:00:00.000Z", caughtBy: "rest" });
  expect(gaps.map(({ words, caughtBy }) => [words, caughtBy])).toEqual([
    ["1 Apr 2024 to 1 Jan 2025 UTC", "rest"],
    ["1 Jan 2025 to 1 Jan 2026 UTC", null],
  ]);
});

test("under a list each of its values is a path of its own", () => {
  const kinds = (...below: Made[]) => ({ by: ["kind text"], how: "list", below }) as const;
  const kind = (value: string, ...below: Made[]): Made => ({
    ...byTime(...below),
    name: value,
    bounds: `FOR VALUES IN ('${value}')`,
  });
  const made = byTime({
    name: "y2024",
    bounds: between("2024-01-01", "2025-01-01"),
    ...kinds(
      kind("eu", leaf("eu1", "2024-01-01", "2024-06-01"), leaf("eu2", "2024-07-01", "2025-01-01")),
      kind("us", leaf("us1", "2024-01-01", "2024-05-01")),
    ),
  });
  const { gaps, runway } = judge(made);
  expect(runway?.until).toBe("2024-05-01T00:00:00.000Z");
  expect(gaps).toMatchObject([{ words: "1 Jun 2024 to 1 Jul 2024 UTC", path: "eu" }]);
});

test("of several columns all values of a moment must find a partition", () => {
  const tuple = (name: string, from: string, to: string): Made => ({
    name,
    bounds: `FOR VALUES FROM (${from}) TO (${to})`,
  });
  const two = (...below: Made[]): Made => ({ name: "t", by: [`at ${timestamptz}`, "org integer"], below });
  const until = (to: string) => judge(two(tuple("a", "'2024-03-01', MINVALUE", to))).runway?.until;
  expect(until("'2024-04-01', MINVALUE")).toBe("2024-04-01T00:00:00.000Z");
  expect(until("'2024-04-01', 100")).toBe("2024-04-01T00:00:00.000Z");
  const behind = judge(two(tuple("a", "'2024-03-01', MINVALUE", "'2024-04-01', MAXVALUE")));
  // A microsecond later: ISO ends at the millisecond, seconds do not.
  expect(behind.runway?.seconds).toBe((Date.parse("2024-04-01") - now.getTime()) / 1_000 + 0.000_001);
  const { gaps } = judge(
    two(
      tuple("a", "'2024-03-01', MINVALUE", "'2024-04-01', 7"),
      tuple("b", "'2024-04-01', 9", "'2024-06-01', 0"),
    ),
  );
  expect(gaps.map(({ words }) => words)).toEqual(["(1 Apr 2024, 7) to (1 Apr 2024, 9) UTC"]);
});

test("a partition that is being detached takes no new rows, and its stretch is no gap", () => {
  const made = byTime(
    leaf("mar", "2024-03-01", "2024-04-01"),
    { ...leaf("apr", "2024-04-01", "2024-05-01"), detaching: true },
    leaf("may", "2024-05-01", "2024-06-01"),
  );
  expect(judge(made).gaps).toEqual([]);
  expect(judge(made, { withoutDetaching: true }).runway?.until).toBe("2024-04-01T00:00:00.000Z");
});

test("ranges by another key below have lanes of their own", () => {
  const forest = plant({
    name: "orgs",
    by: ["org integer"],
    below: [
      {
        ...byTime(leaf("one_a", "2024-01-01", "2024-02-01")),
        name: "one",
        bounds: "FOR VALUES FROM (1) TO (2)",
      },
    ],
  });
  expect(branchesOf(forest, forest.root, []).map(({ branch, path }) => [branch.name, ...path])).toEqual([
    ["orgs"],
    ["one", "one"],
  ]);
});

test.each([
  ["day", [86_400, 86_400, 82_800, 86_400, 90_000]],
  ["week", [604_800, 604_800]],
  ["month", [31, 29, 31, 30, 31].map((d) => d * 86_400)],
  ["quarter", [91, 91, 92, 92].map((d) => d * 86_400)],
  ["year", [365 * 86_400, 366 * 86_400]],
  ["custom", [86_400, 604_800, 31 * 86_400]],
])("widths of a %s are recognised, across changes of the clock", (unit, widths) => {
  expect(inferInterval(widths)?.unit).toBe(unit);
});

test("the interval follows the newest partitions, not the oldest", () => {
  const yearly = Array(20).fill(365 * 86_400);
  const monthly = Array(12).fill(30 * 86_400);
  expect(inferInterval([...yearly, ...monthly])?.unit).toBe("month");
  expect(inferInterval([])).toBeNull();
});

const laneOf = (days: number, widthDays: number | null) =>
  ({
    interval: widthDays === null ? null : { unit: "custom", seconds: widthDays * 86_400 },
    runway: { coversNow: true, seconds: days * 86_400, unlimited: false, retired: false } as LaneRunway,
  }) as PartitionLane;

test.each([
  ["a daily table with four days", 4, 1, "ok"],
  ["a daily table with two days", 2, 1, "warning"],
  ["a daily table with twelve hours", 0.5, 1, "critical"],
  ["a yearly table with eleven months", 335, 365, "ok"],
  ["a yearly table with forty days", 40, 365, "warning"],
  ["a yearly table with thirteen days", 13, 365, "critical"],
  ["a monthly table with two months", 60, 30, "ok"],
  ["a monthly table with sixteen days", 16, 30, "warning"],
  ["a table until 9999 in one partition", 2_900_000, 2_900_000, "ok"],
  ["400 days ahead of days", 400, 1, "ok"],
  ["no width to go by", 40, null, "warning"],
] as const)("%s: %d d of widths of %s d are %s", (_, days, width, state) => {
  expect(runwayState(laneOf(days, width), { warning: 45, critical: 14 })).toBe(state);
});

test("limits that people set are days, whatever the width", () => {
  const limits = { warning: 10, critical: 5 };
  expect(runwayState(laneOf(4, 1), limits)).toBe("critical");
  expect(runwayState(laneOf(40, 365), limits)).toBe("ok");
  expect(runwayLimits({ warning: 45, critical: 14 }, laneOf(4, 1))).toEqual({ warning: 3, critical: 1 });
});
