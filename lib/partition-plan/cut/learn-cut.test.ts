import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Cut,
  type CutUnit,
  calendarCut,
  cutAt,
  cutIndex,
  cutStretch,
  pointOf,
} from "../../audit-db/schema/calendar-cut.ts";
import { learnCut } from "./learn-cut.ts";

const units: CutUnit[] = ["hour", "day", "week", "month", "quarter", "year", "number"];
const point = fc.bigInt({ min: pointOf(1900, 1, 1), max: pointOf(2200, 1, 1) });
const cuts: fc.Arbitrary<Cut> = fc.record({
  unit: fc.constantFrom(...units),
  count: fc.bigInt({ min: 1n, max: 40n }),
  anchor: fc
    .tuple(
      fc.integer({ min: 1990, max: 2040 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
    )
    .map(([year, month, day]) => pointOf(year, month, day)),
});

test("every point lies in exactly the piece that its index names", () => {
  fc.assert(
    fc.property(cuts, point, (cut, at) => {
      const index = cutIndex(cut, at);
      expect(cutAt(cut, index) <= at && at < cutAt(cut, index + 1n)).toBe(true);
      expect(cutIndex(cut, cutAt(cut, index))).toBe(index);
    }),
  );
});

test("a stretch is cut without a hole, an overlap or an empty piece", () => {
  fc.assert(
    fc.property(cuts, point, fc.integer({ min: 1, max: 400 }), (cut, from, days) => {
      const step = cut.unit === "number" ? 1n : cut.unit === "hour" ? 900_000_000n : 86_400_000_000n;
      const to = from + BigInt(days) * step;
      const pieces = cutStretch(cut, from, to);
      expect(pieces[0]?.from).toBe(from);
      expect(pieces.at(-1)?.to).toBe(to);
      for (const [i, piece] of pieces.entries()) {
        expect(piece.from < piece.to).toBe(true);
        if (i > 0) expect(piece.from).toBe(pieces[i - 1]?.to);
        if (i > 0) expect(cutAt(cut, cutIndex(cut, piece.from))).toBe(piece.from);
      }
    }),
  );
});

test("what was cut so is learned so: its next pieces are the same", () => {
  fc.assert(
    fc.property(
      cuts,
      fc.bigInt({ min: -50n, max: 50n }),
      fc.integer({ min: 1, max: 15 }),
      (cut, first, many) => {
        const pieces = Array.from({ length: many }, (_, i) => {
          const index = first + BigInt(i);
          return { from: cutAt(cut, index), to: cutAt(cut, index + 1n) };
        });
        const learned = learnCut(pieces, cut.unit === "number");
        const next = pieces.at(-1)?.to ?? 0n;
        if (!learned) throw new Error("nothing was learned");
        expect(cutAt(learned, cutIndex(learned, next))).toBe(next);
        // One February of 28 days may be four weeks as well.
        if (many > 2)
          expect(cutAt(learned, cutIndex(learned, next) + 1n)).toBe(cutAt(cut, first + BigInt(many) + 1n));
      },
    ),
  );
});

test("most of the newest decide; where they do not agree nothing is learned", () => {
  const day = (n: number) => pointOf(2026, 11, n);
  const days = [1, 2, 3, 4, 5, 6].map((n) => ({ from: day(n), to: day(n + 1) }));
  expect(learnCut([{ from: day(-60), to: day(1) }, ...days])).toMatchObject({ unit: "day", count: 1n });
  expect(
    learnCut([
      { from: day(1), to: day(2) },
      { from: day(2), to: day(9) },
      { from: day(9), to: day(11) },
    ]),
  ).toBeNull();
  expect(learnCut([])).toBeNull();
  expect(calendarCut("week").anchor).toBe(pointOf(1970, 1, 5));
});
