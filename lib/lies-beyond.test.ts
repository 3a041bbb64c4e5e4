import { expect, test } from "vitest";
import { liesBeyond } from "./lies-beyond.ts";

const rising = { limits: { warning: 3, critical: null }, direction: "rising", for: 30 } as const;
const falling = { limits: { warning: 45, critical: 14 }, direction: "falling", for: 0 } as const;
const condition = { limits: null, direction: null, for: 60 } as const;

test.each([
  ["the same", rising, { warning: 3, critical: null, for: 30 }, false],
  ["sooner and more", rising, { warning: 1, critical: 2, for: 0 }, false],
  ["a second limit beside", rising, { warning: 3, critical: 9_000 }, false],
  ["patience as it is", rising, { warning: 3, critical: null, for: null }, false],
  ["from a higher figure", rising, { warning: 4, critical: null }, true],
  ["no limit where there is one", rising, { warning: null, critical: 9 }, true],
  ["later", rising, { warning: 3, critical: null, for: 31 }, true],
  ["a falling one sooner", falling, { warning: 60, critical: 20 }, false],
  ["a falling one from a lower figure", falling, { warning: 45, critical: 13 }, true],
  ["a condition, sooner", condition, { warning: null, critical: null, for: 0 }, false],
  ["a condition, later", condition, { warning: null, critical: null, for: 61 }, true],
] as const)("%s", (_, own, set, beyond) => {
  expect(liesBeyond(own, set)).toBe(beyond);
});
