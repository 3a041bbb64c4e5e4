import fc from "fast-check";
import { expect, test } from "vitest";
import { coverHash } from "./hash-coverage.ts";

const all = (modulus: number) => Array.from({ length: modulus }, (_, remainder) => ({ modulus, remainder }));

test("a full set covers everything, also of thirds and sevenths", () => {
  for (const modulus of [1, 2, 3, 7, 49, 1_000]) {
    expect(coverHash(all(modulus))).toEqual({ covered: 1, modulus, missing: [] });
  }
});

test("no partition covers nothing", () => {
  expect(coverHash([])).toEqual({ covered: 0, modulus: 1, missing: [0] });
});

test("a partition split into finer ones still covers its share", () => {
  const split = [
    { modulus: 4, remainder: 0 },
    { modulus: 4, remainder: 1 },
    { modulus: 4, remainder: 2 },
    { modulus: 8, remainder: 3 },
  ];
  expect(coverHash(split)).toEqual({ covered: 7 / 8, modulus: 8, missing: [7] });
  expect(coverHash([...split, { modulus: 8, remainder: 7 }])).toMatchObject({ covered: 1, missing: [] });
});

test("whichever partition is taken away, its remainder is named", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), (modulus, seed) => {
      const gone = seed % modulus;
      const { missing, covered } = coverHash(all(modulus).filter(({ remainder }) => remainder !== gone));
      expect(missing).toEqual([gone]);
      expect(covered).toBeCloseTo(1 - 1 / modulus, 9);
    }),
  );
});
