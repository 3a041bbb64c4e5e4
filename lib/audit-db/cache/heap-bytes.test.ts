import { expect, test } from "vitest";
import { memoryInUse } from "../../testing/memory-in-use.ts";
import { heapBytes } from "./heap-bytes.ts";

/** Text the engine makes anew, as rows from a socket are; concatenation would only point at its parts. */
const fresh = (text: string) => Buffer.from(text).toString();

const shapes: [string, (i: number) => unknown][] = [
  [
    "rows of a statement",
    (i) => ({ name: fresh(`audit_log_standard_${i}`), hits: i * 1e9, share: i / 7, table: null, ok: true }),
  ],
  ["long text", (i) => fresh(`select ${i} ${"x".repeat(500)}`)],
  ["text beyond ASCII", (i) => fresh(`Zürich ${i} ${"ü".repeat(200)}`)],
  ["moments", (i) => [new Date(i), new Date(i + 1)]],
  ["bytes", (i) => Buffer.alloc(3_000, i)],
  ["points of a series", (i) => Array.from({ length: 50 }, (_, at) => [1.7e12 + at, i / (at + 1)])],
];

test.each(shapes)("%s: neither half nor twice of what the heap really takes", (_what, make) => {
  // Now and then the engine frees something else meanwhile: the middle of three.
  const [, ratio] = [1, 2, 3]
    .map(() => {
      const before = used();
      const kept = Array.from({ length: 4_000 }, (_, i) => make(i));
      const real = used() - before;
      return heapBytes(kept) / real;
    })
    .toSorted((a, b) => a - b);
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test("stops counting where it is enough", () => {
  expect(heapBytes(["x".repeat(1_000), "y".repeat(1_000_000)], 10_000)).toBeGreaterThan(10_000);
  const long = Array.from({ length: 1_000 }, () => "x".repeat(1_000));
  expect(heapBytes(long, 10_000)).toBeLessThan(20_000);
});

function used(): number {
  const { heap, external } = memoryInUse();
  return heap + external;
}
