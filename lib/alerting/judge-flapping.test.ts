import fc from "fast-check";
import { expect, test } from "vitest";
import { flappingWithinMs, judgeFlapping, steadyAfterMs, toldCondition } from "./judge-flapping.ts";

const start = Date.UTC(2026, 2, 1);
const at = (minutes: number) => new Date(start + minutes * 60_000);

/** Looks every 30 s for `hours`, with these changes, and answers when it flapped (minutes). */
function replay(changesAt: readonly number[], hours: number): { from: number; to: number | null }[] {
  const spans: { from: number; to: number | null }[] = [];
  let flapping = false;
  for (let minutes = 0; minutes <= hours * 60; minutes += 0.5) {
    const changes = changesAt.filter((change) => change <= minutes).map(at);
    const verdict = judgeFlapping({ flapping, changes }, at(minutes));
    if (verdict === "begins") spans.push({ from: minutes, to: null });
    const open = spans.at(-1);
    if (verdict === "ends" && open) open.to = minutes;
    if (verdict) flapping = verdict === "begins";
  }
  return spans;
}

test("fired and resolved twice within an hour flaps until twenty minutes after the last change", () => {
  expect(replay([0, 10, 20, 30], 3)).toEqual([{ from: 30, to: 50 }]);
  expect(replay([0, 10, 20], 3)).toEqual([]);
});

test("once an hour is no flapping, and an outage of one piece neither", () => {
  expect(replay([0, 5, 60, 65, 120, 125, 180, 185], 5)).toEqual([]);
  expect(replay([0, 40], 3)).toEqual([]);
});

test("begins exactly where four changes lie within an hour, and ends after twenty minutes without one", () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 40 });
  fc.assert(
    fc.property(minutes, (given) => {
      const changes = given.toSorted((a, b) => a - b);
      const spans = replay(changes, 8);
      const dense = changes.some(
        (change, i) => (changes[i + 3] ?? Number.POSITIVE_INFINITY) - change < flappingWithinMs / 60_000,
      );
      expect(spans.length > 0).toBe(dense);
      for (const { from, to } of spans) {
        expect(
          changes.filter((change) => change <= from && from - change < 60).length,
        ).toBeGreaterThanOrEqual(4);
        const last = changes.filter((change) => to !== null && change <= to).at(-1);
        expect(to).toBe((last ?? Number.NaN) + steadyAfterMs / 60_000);
      }
    }),
  );
});

test("what is told of one that flaps is that it fires, until it is steady", () => {
  expect(toldCondition({ condition: "normal", flapping: true })).toBe("firing");
  expect(toldCondition({ condition: "normal", flapping: false })).toBe("normal");
  expect(toldCondition({ condition: "firing", flapping: false })).toBe("firing");
});
