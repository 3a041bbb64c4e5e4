import { describe, expect, test } from "vitest";
import type { LaneAxis } from "@/lib/partition-facts/types.ts";
import { cell, lane } from "./lane-fixtures.ts";
import { placeLane, timeDomain } from "./strip-geometry.ts";
import { endsOf, momentsOf, orderAlong, type StripGhost } from "./strip-ghosts.ts";

function ghost(bounds: string, name = "new"): StripGhost {
  const ends = endsOf(bounds);
  if (!ends) throw new Error(`no range: ${bounds}`);
  return { key: name, name: `public.${name}`, lane: "public.t", ends, state: "pending" };
}

describe("a range's ends", () => {
  test.each([
    ["FROM (100) TO ('200')", ["100"], ["200"]],
    ["FROM ('a, (b)') TO ('it''s')", ["a, (b)"], ["it's"]],
    [
      "FROM ('2026-01-01', MINVALUE) TO (MAXVALUE, MINVALUE)",
      ["2026-01-01", "MINVALUE"],
      ["MAXVALUE", "MINVALUE"],
    ],
  ])("%s", (bounds, from, to) => expect(endsOf(bounds)).toEqual({ from, to }));
  test.each(["DEFAULT", "IN ('a')", "WITH (modulus 4, remainder 0)", ""])("%j has none", (bounds) =>
    expect(endsOf(bounds)).toBeNull(),
  );
});

describe("its place on the axis of its lane", () => {
  test.each<[LaneAxis, string, string | null, string | null]>([
    [
      "time",
      "FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')",
      "2026-01-01T00:00Z",
      "2026-02-01T00:00Z",
    ],
    [
      "time",
      "FROM ('2026-03-29 00:00:00+01') TO ('2026-03-30 00:00:00+02:00')",
      "2026-03-28T23:00Z",
      "2026-03-29T22:00Z",
    ],
    [
      "time",
      "FROM ('2026-01-01', MINVALUE) TO ('2026-01-02', MINVALUE)",
      "2026-01-01T00:00Z",
      "2026-01-02T00:00Z",
    ],
    ["epochSeconds", "FROM (1767225600) TO ('1767312000')", "2026-01-01T00:00Z", "2026-01-02T00:00Z"],
    [
      "epochMilliseconds",
      "FROM ('1767225600000') TO ('1767312000000')",
      "2026-01-01T00:00Z",
      "2026-01-02T00:00Z",
    ],
    [
      "epochMicroseconds",
      "FROM ('1767225600000000') TO ('1767312000000000')",
      "2026-01-01T00:00Z",
      "2026-01-02T00:00Z",
    ],
    ["calendarInteger", "FROM (20260101) TO (20260102)", "2026-01-01T00:00Z", "2026-01-02T00:00Z"],
    ["calendarInteger", "FROM ('202612') TO ('202701')", "2026-12-01T00:00Z", "2027-01-01T00:00Z"],
    ["time", "FROM (MINVALUE) TO ('2026-01-01')", null, null],
    ["integer", "FROM (1) TO (2)", null, null],
  ])("%s %s", (axis, bounds, from, to) => {
    const ends = endsOf(bounds);
    expect(ends && momentsOf(ends, axis)).toEqual(
      from && to ? { fromMs: Date.parse(from), toMs: Date.parse(to) } : null,
    );
  });
});

describe("without a clock it has its place in the order", () => {
  const uuid = (n: number) => `019b7${n}00-0000-7000-8000-000000000000`;
  const cells = [
    cell(null, null, { bounds: `FROM ('${uuid(1)}') TO ('${uuid(2)}')` }),
    cell(null, null, { bounds: `FROM ('${uuid(4)}') TO ('${uuid(5)}')` }),
  ];
  const at = (from: number) => ghost(`FROM ('${uuid(from)}') TO ('${uuid(from + 1)}')`, `n${from}`);
  const named = (order: ReturnType<typeof orderAlong>) =>
    order.map((each) => ("ends" in each ? each.key : "cell"));

  test("in a gap from either side, and ahead one behind the other", () => {
    expect(named(orderAlong(cells, [at(3), at(2)]))).toEqual(["cell", "n2", "n3", "cell"]);
    expect(named(orderAlong(cells, [at(5), at(6), at(9)]))).toEqual(["cell", "cell", "n5", "n6", "n9"]);
    expect(named(orderAlong(cells, [at(0)]))).toEqual(["n0", "cell", "cell"]);
  });

  test("the drawing makes room for it, and no longer once it is there", () => {
    const ids = lane(
      [
        cell(null, null, { bounds: "FROM (0) TO (100)" }),
        cell(null, null, { bounds: "FROM (200) TO (300)" }),
      ],
      { axis: "integer" },
    );
    const placed = placeLane(ids, { fromMs: 0, toMs: 1 }, 120, 0, [ghost("FROM ('100') TO ('200')")]);
    expect(placed.cells.map(({ x, width }) => [x, width])).toEqual([
      [0, 40],
      [80, 40],
    ]);
    expect(placed.ghosts.map(({ x, width }) => [x, width])).toEqual([[40, 40]]);
    const made = {
      ...ids,
      cells: [...ids.cells, cell(null, null, { name: "new", bounds: "FROM (100) TO (200)" })],
    };
    expect(
      placeLane(made, { fromMs: 0, toMs: 1 }, 120, 0, [ghost("FROM ('100') TO ('200')")]).ghosts,
    ).toEqual([]);
  });
});

test("seconds since 1970 to come widen the axis, and those of another branch do not", () => {
  const seconds = (day: number) => Date.UTC(2026, 0, day) / 1_000;
  const iso = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
  const epoch = lane([cell(iso(1), iso(2))], { axis: "epochSeconds" });
  const next = ghost(`FROM ('${seconds(2)}') TO ('${seconds(3)}')`);
  const now = Date.parse(iso(1));
  const room = (days: number) => Date.parse(iso(1 + days)) + days * 86_400_000 * 0.015;
  expect(timeDomain([epoch], now, [next])?.toMs).toBe(room(2));
  expect(timeDomain([epoch], now, [{ ...next, lane: "public.other" }])?.toMs).toBe(room(1));
  const [placed] = placeLane(epoch, { fromMs: now, toMs: now + 2 * 86_400_000 }, 100, now, [next]).ghosts;
  expect([placed?.x, placed?.width]).toEqual([50, 50]);
});
