import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RecomputedRow, recomputeLeaf } from "../../testing/recompute-leaf.ts";
import type { Json } from "./i-json.ts";
import { commitmentOf, type LeafRow, leafHexOf, leafOf } from "./leaf.ts";
import golden from "./leaf-vectors.json" with { type: "json" };
import { commitmentIn, drawSalts, redactableFields, redactedForm, saltBytes } from "./salts.ts";

const text = fc.string({ unit: "binary", maxLength: 40 });
const optional = fc.option(text, { nil: null });
const digest = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: null });
// From the year 1 to 9999, as the engine takes them.
const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });
const details = fc.dictionary(
  text,
  fc.jsonValue({ stringUnit: "binary" }).map((value) => value as Json),
);

const columns = fc.record({
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
  leafVersion: fc.constantFrom(1, 2),
  drawn: fc.uint8Array({ minLength: 64, maxLength: 64, min: 1 }),
});

/** Of both versions; a salt for each field that is not null. */
const row = columns.map(({ drawn, ...made }) => {
  if (made.leafVersion === 1) return { ...made, salts: null };
  const salts = Uint8Array.from(drawn);
  for (const [slot, field] of redactableFields.entries())
    if (made[field] === null) salts.fill(0, slot * saltBytes, (slot + 1) * saltBytes);
  return { ...made, salts };
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

/** A row of which one column is another row's may be one that can have none. */
function leafOrNone(of: LeafRow): string | null {
  try {
    return leafHexOf(of);
  } catch {
    return null;
  }
}

describe("the leaf", () => {
  test.each(golden.vectors)("golden vector: $name", ({ row: given, leaf }) => {
    const bytes = (hex: string | null) => (hex === null ? null : Buffer.from(hex, "hex"));
    const made = {
      ...given,
      actorDigest: bytes(given.actorDigest),
      targetDigest: bytes(given.targetDigest),
      salts: bytes(given.salts),
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
        // Version 1 knows no salts.
        fc.pre(name !== "salts" || first.leafVersion > 1);
        fc.pre(JSON.stringify(mixed[name]) !== JSON.stringify(first[name]));
        expect(leafOrNone(mixed)).not.toBe(leafHexOf(first));
      }),
      { numRuns: 400 },
    );
  });

  test("stays when fields of version 2 are redacted, whichever they are", () => {
    const version2 = row.filter(({ leafVersion }) => leafVersion === 2);
    fc.assert(
      fc.property(version2, fc.subarray([...redactableFields]), (made, fields) => {
        const before = toLeafRow(made);
        const after = { ...before, salts: Uint8Array.from(before.salts ?? []) };
        for (const field of fields) {
          if (before[field] === null) continue;
          const slot = redactableFields.indexOf(field);
          const text = field === "details" ? (canonicalize(before.details) as string) : `${before[field]}`;
          const form = redactedForm(field, commitmentOf(field, text, before.salts as Uint8Array));
          Object.assign(after, { [field]: field === "details" ? JSON.parse(form) : form });
          after.salts.fill(0, slot * saltBytes, (slot + 1) * saltBytes);
        }
        expect(leafHexOf(after)).toBe(leafHexOf(before));
        const stranger = toStranger({ ...made, ...after });
        expect(recomputeLeaf(stranger)).toBe(leafHexOf(before));
      }),
      { numRuns: 300 },
    );
  });

  test("a row of version 2 whose salts do not fit its fields has none", () => {
    const [made] = fc.sample(
      row.filter(({ leafVersion, outcome: of }) => leafVersion === 2 && of !== null),
      1,
    );
    const whole = toLeafRow(made as MadeRow);
    const without = (slot: number) => Uint8Array.from(whole.salts ?? []).fill(0, slot * 16, slot * 16 + 16);
    expect(() => leafHexOf({ ...whole, salts: null })).toThrow("without its salts");
    expect(() => leafHexOf({ ...whole, salts: new Uint8Array(63) })).toThrow("without its salts");
    expect(() => leafHexOf({ ...whole, outcome: null })).toThrow("has a salt");
    expect(() => leafHexOf({ ...whole, salts: without(2) })).toThrow("has no salt");
    expect(() => leafHexOf({ ...whole, leafVersion: 3 })).toThrow("not known");
  });

  test("salts are new for each row and each field, and none for what is null", () => {
    const drawn = drawSalts(["a", "b"], (_, field) => field === "outcome");
    const slots = drawn.flatMap((salts) =>
      [0, 1, 2, 3].map((at) => salts.toString("hex", at * 16, at * 16 + 16)),
    );
    expect(slots[2]).toBe("0".repeat(32));
    expect(slots[6]).toBe("0".repeat(32));
    expect(new Set(slots).size).toBe(7);
  });

  test("a redacted form holds its commitment, and nothing that merely looks like one does", () => {
    const commitment = "0f".repeat(32);
    for (const field of redactableFields)
      expect(commitmentIn(field, redactedForm(field, commitment))).toBe(commitment);
    for (const text of [
      `redacted:${commitment}\n`,
      `redacted:${commitment.toUpperCase()}`,
      "redacted:0f",
      "",
    ])
      expect(commitmentIn("outcome", text)).toBe(null);
    expect(commitmentIn("details", `{"a":1,"redacted":"${commitment}"}`)).toBe(null);
  });

  test("text moved from one column to the next, null for empty, is another leaf", () => {
    const [made] = fc.sample(row, 1);
    const base = {
      ...toLeafRow(made as MadeRow),
      ...{ leafVersion: 1, salts: null, targetType: "ab", targetId: "c", outcome: null },
    };
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
