import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RecomputedRow, recomputeLeaf } from "../../testing/recompute-leaf.ts";
import type { Json } from "./i-json.ts";
import { type LeafRow, leafHexOf, leafOf, leafVersion } from "./leaf.ts";
import golden from "./leaf-vectors.json" with { type: "json" };

const text = fc.string({ unit: "binary", maxLength: 40 });
const optional = fc.option(text, { nil: null });
const digest = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: null });
// From the year 1 to 9999, as the engine takes them.
const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });
const details = fc.dictionary(
  text,
  fc.jsonValue({ stringUnit: "binary" }).map((value) => value as Json),
);

const row = fc.record({
  id: fc.uuid(),
  occurredMicros: micros,
  recordedMicros: micros,
  organizationId: text,
  action: text,
  status: fc.constantFrom("attempt", "success", "failure"),
  targetType: optional,
  targetId: optional,
  outcome: optional,
  correlationId: optional,
  eventVersion: fc.integer({ min: 1, max: 32_767 }),
  dataClassification: text,
  retentionPolicy: text,
  processingMs: fc.option(fc.integer({ min: 0, max: 2_147_483_647 }), { nil: null }),
  details,
  actorToken: optional,
  actorDigest: digest,
  targetToken: optional,
  targetDigest: digest,
});
type MadeRow = typeof row extends fc.Arbitrary<infer T> ? T : never;

function toLeafRow({ occurredMicros, recordedMicros, ...rest }: MadeRow): LeafRow {
  return { ...rest, occurredAt: toTime(occurredMicros), recordedAt: toTime(recordedMicros) };
}

function toTime(at: bigint): string {
  const below = ((at % 1_000n) + 1_000n) % 1_000n;
  const iso = new Date(Number((at - below) / 1_000n)).toISOString();
  return `${iso.slice(0, -1)}${String(below).padStart(3, "0")}Z`;
}

function toStranger(given: object): RecomputedRow {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.endsWith("Micros") ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  ) as unknown as RecomputedRow;
}

describe("the leaf", () => {
  test.each(golden.vectors)("golden vector: $name", ({ row: given, leaf }) => {
    expect(golden.leafVersion).toBe(leafVersion);
    const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, "hex"));
    const made = {
      ...given,
      actorDigest: bytes(given.actorDigest),
      targetDigest: bytes(given.targetDigest),
    } as unknown as LeafRow;
    expect(leafHexOf(made)).toBe(leaf);
    expect(leafOf(made).toString("hex")).toBe(leaf);
  });

  test("is what an implementation written from its description makes of any row", () => {
    fc.assert(
      fc.property(row, (made) => {
        expect(leafHexOf(toLeafRow(made))).toBe(recomputeLeaf(toStranger(made)));
      }),
      { numRuns: 500 },
    );
  });

  test("covers every column: whichever is changed, the leaf is another", () => {
    const names = Object.keys(toLeafRow(fc.sample(row, 1)[0] as MadeRow)) as (keyof LeafRow)[];
    fc.assert(
      fc.property(row, row, fc.constantFrom(...names), (one, other, name) => {
        const [first, second] = [toLeafRow(one), toLeafRow(other)];
        const mixed = { ...first, [name]: second[name] };
        fc.pre(JSON.stringify(mixed[name]) !== JSON.stringify(first[name]));
        expect(leafHexOf(mixed)).not.toBe(leafHexOf(first));
      }),
      { numRuns: 400 },
    );
  });

  test("text moved from one column to the next, null for empty, is another leaf", () => {
    const [made] = fc.sample(row, 1);
    const base = { ...toLeafRow(made as MadeRow), targetType: "ab", targetId: "c", outcome: null };
    const leaves = [
      base,
      { ...base, targetType: "a", targetId: "bc" },
      { ...base, outcome: "" },
      { ...base, targetType: null, targetId: "ab", outcome: "c" },
    ].map(leafHexOf);
    expect(new Set(leaves).size).toBe(leaves.length);
  });

  test("does not depend on the order of members, does on the order of lists", () => {
    const [made] = fc.sample(row, 1);
    const base = toLeafRow(made as MadeRow);
    const leaf = (value: LeafRow["details"]) => leafHexOf({ ...base, details: value });
    expect(leaf({ a: 1, b: { c: 2, d: 3 } })).toBe(leaf({ b: { d: 3, c: 2 }, a: 1 }));
    expect(leaf({ a: [1, 2] })).not.toBe(leaf({ a: [2, 1] }));
  });

  test("half a surrogate pair has no leaf, in details or in a text", () => {
    const [made] = fc.sample(row, 1);
    const base = toLeafRow(made as MadeRow);
    expect(() => leafHexOf({ ...base, details: { a: "\ud800" } })).toThrow("surrogate");
    expect(() => leafHexOf({ ...base, action: "\ud800" })).toThrow("surrogate");
  });

  test("details far beyond what an event may carry are still hashed whole", () => {
    const [made] = fc.sample(row, 1);
    const large = { ...(made as MadeRow), details: { a: "é".repeat(400_000) } };
    expect(leafHexOf(toLeafRow(large))).toBe(recomputeLeaf(toStranger(large)));
  });
});
