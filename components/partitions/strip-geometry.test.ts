import { expect, test } from "vitest";
import { cell, lane } from "./lane-fixtures.ts";
import { mergeNarrow, minCellPixels, nearestCell, placeLane, timeDomain } from "./strip-geometry.ts";

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();
const now = Date.parse(day(5));

test("a cell is as wide as its interval, planned when it begins after now", () => {
  const domain = { fromMs: Date.parse(day(0)), toMs: Date.parse(day(10)) };
  const placed = placeLane(
    lane([cell(day(0), day(2)), cell(day(2), day(3)), cell(day(6), day(10))]),
    domain,
    1_000,
    now,
  );
  expect(placed.cells.map(({ x, width, planned }) => [x, width, planned])).toEqual([
    [0, 200, false],
    [200, 100, false],
    [600, 400, true],
  ]);
});

test("open ends reach the edges, and what lies outside the zoom is left out", () => {
  const domain = { fromMs: Date.parse(day(4)), toMs: Date.parse(day(8)) };
  const placed = placeLane(
    lane([cell(null, day(1)), cell(day(1), day(5)), cell(day(5), null)]),
    domain,
    400,
    now,
  );
  expect(placed.cells.map(({ x, width }) => [x, width])).toEqual([
    [0, 100],
    [100, 300],
  ]);
});

test("the default partition and hidden bounds stand beside the axis", () => {
  const fallback = cell(null, null, { isDefault: true, bounds: "DEFAULT" });
  const hidden = cell(null, null, { bounds: null });
  const placed = placeLane(
    lane([cell(day(0), day(1)), hidden, fallback]),
    { fromMs: 0, toMs: now },
    100,
    now,
  );
  expect(placed.aside.map((each) => each.cells[0])).toEqual([hidden, fallback]);
});

test("a gap too short to see is still three pixels wide and stays in its place", () => {
  const gap = {
    from: day(3),
    to: new Date(Date.parse(day(3)) + 60_000).toISOString(),
    id: "a",
    words: "",
    between: ["a", "b"] as [string, string],
    caughtBy: null,
    path: "",
  };
  const domain = { fromMs: Date.parse(day(0)), toMs: Date.parse(day(10)) };
  const [placed] = placeLane(lane([cell(day(0), day(3))], { gaps: [gap] }), domain, 1_000, now).gaps;
  expect(placed?.width).toBe(3);
  expect((placed?.x ?? 0) + 1.5).toBeCloseTo(300, 0);
});

test("lists and hashes get equal cells in their order", () => {
  const placed = placeLane(
    lane([cell(null, null), cell(null, null)], { axis: "values", strategy: "list" }),
    { fromMs: 0, toMs: 1 },
    80,
    now,
  );
  expect(placed.cells.map(({ x, width }) => [x, width])).toEqual([
    [0, 40],
    [40, 40],
  ]);
});

test("five thousand partitions become cells of at least four pixels, and none is lost", () => {
  const hour = 3_600_000;
  const cells = Array.from({ length: 5_000 }, (_, i) =>
    cell(new Date(now + i * hour).toISOString(), new Date(now + (i + 1) * hour).toISOString()),
  );
  const placed = placeLane(
    lane(cells),
    { fromMs: now, toMs: now + 5_000 * hour },
    1_000,
    now + 5_000 * hour,
  ).cells;
  expect(placed.length).toBeLessThanOrEqual(1_000 / minCellPixels + 1);
  expect(placed.flatMap((each) => each.cells)).toEqual(cells);
  expect(placed.slice(0, -1).every((each) => each.width >= minCellPixels)).toBe(true);
});

test("narrow cells do not join across a gap or across now", () => {
  const narrow = (x: number, planned = false) => ({ key: String(x), x, width: 1, cells: [], planned });
  expect(
    mergeNarrow([narrow(0), narrow(1), narrow(5), narrow(6, true)]).map(({ x, width }) => [x, width]),
  ).toEqual([
    [0, 2],
    [5, 1],
    [6, 1],
  ]);
});

test("the domain holds now and every bound; without a clock there is none", () => {
  const domain = timeDomain([lane([cell(day(0), day(2))])], now);
  expect(domain?.fromMs).toBeLessThan(Date.parse(day(0)));
  expect(domain?.toMs).toBeGreaterThan(now);
  expect(timeDomain([lane([cell(null, null)], { axis: "values" })], now)).toBeNull();
});

test("moving between lanes lands on the nearest cell", () => {
  const at = (x: number) => ({ key: String(x), x, width: 10, cells: [], planned: false });
  expect(nearestCell([at(0), at(50), at(100)], 62)).toBe(1);
});
