import { expect, test } from "vitest";
import { assertBounded } from "./bounded-input.ts";

const nested = (levels: number): unknown => (levels === 0 ? 0 : [nested(levels - 1)]);

test("takes what pages send", () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `id ${i}`);
  for (const input of [undefined, null, [{ from: new Date(), text: "x".repeat(10_000), ids }], nested(8)])
    expect(() => assertBounded(input)).not.toThrow();
});

test("refuses what is deeper, larger or no data", () => {
  // Each level is the one before, twenty times: 20^7 places in seven arrays.
  let doubled: unknown[] = [];
  for (let i = 0; i < 7; i++) doubled = Array(20).fill(doubled);
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const refused: [unknown, RegExp][] = [
    [nested(9), /nested deeper than 8/],
    [cyclic, /nested deeper than 8/],
    [Array(4_000).fill(0), /more than 4000 values/],
    [doubled, /more than 4000 values/],
    ["x".repeat(10_001), /more than 10000 characters/],
    [{ ["x".repeat(10_001)]: 1 }, /name that is too long/],
    [new Map(), /no data/],
    [[() => {}], /no data/],
    [Promise.resolve(), /no data/],
  ];
  for (const [input, says] of refused) expect(() => assertBounded(input)).toThrow(says);
});
