import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cacheKey, encode, type KeyPart } from "./cache-key.ts";

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "\ufffd", "a", ":", "s", '"') }),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(null, undefined, -0, 0, "", "null", "n1;"),
);
const { part } = fc.letrec<{ part: KeyPart }>((tie) => ({
  part: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("part"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("part"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** Equal in the sense of the key: NaN is itself, -0 is not 0, dates by their moment, fields in any order. */
function same(a: KeyPart, b: KeyPart): boolean {
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, KeyPart>, b as Record<string, KeyPart>];
  const names = Object.keys(x);
  return (
    names.length === Object.keys(y).length &&
    names.every((name) => Object.hasOwn(y, name) && same(x[name], y[name]))
  );
}

describe("encode", () => {
  test("tells any two different parameters apart, and only those", () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(encode(a) === encode(b)).toBe(same(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  test("tells lists apart that concatenate to the same text", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(), fc.nat(), (words, i, j) => {
        const whole = words.join("");
        const [a, b] = [i % (whole.length + 1), j % (whole.length + 1)];
        const cut = (at: number) => encode([whole.slice(0, at), whole.slice(at)]);
        expect(cut(a) === cut(b)).toBe(a === b);
      }),
    );
  });

  test("is the same for the same fields in another order", () => {
    expect(encode({ b: 1, a: [2] })).toBe(encode({ a: [2], b: 1 }));
  });
});

describe("cacheKey", () => {
  test("differs by target, scope, statement and parameters", () => {
    const keys = [
      cacheKey("a", "s", "n", []),
      cacheKey("as", "", "n", []),
      cacheKey("a", "s", "n", [null]),
      cacheKey("a", "s", "n", ["\ud800"]),
      cacheKey("a", "s", "n", ["\udbff"]),
      cacheKey("a", "s", "n", ["\ufffd"]),
      cacheKey("a", "", "sn", []),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  });
});
