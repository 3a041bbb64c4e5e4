import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEntry, encodeEntry } from "./codec.ts";
import type { SharedEntry } from "./types.ts";

const entry = (value: unknown): SharedEntry => ({
  value,
  observedAt: new Date("2026-01-01T00:00:00.123Z"),
  costMs: 12.5,
  stamp: "a/b",
});

const cell = fc.oneof(
  fc.string({ unit: "binary" }),
  // The sign of zero is not kept.
  fc.double().map((number) => number + 0),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(null, undefined, true, false),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    cell,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      tie("value"),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
}));

describe("an entry as bytes", () => {
  test("comes back as it was: text, numbers, bigints, dates, bytes, absence", async () => {
    await fc.assert(
      fc.asyncProperty(value, async (one) => {
        const { bytes } = await encodeEntry(entry(one));
        expect(await decodeEntry(bytes)).toStrictEqual(entry(one));
      }),
      { numRuns: 500 },
    );
  });

  test("is compressed where that saves a tenth, and left alone where it does not or is small", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      name: `audit_log_standard_${i}`,
      bytes: 8_192 * i,
    }));
    const repeated = await encodeEntry(entry(rows));
    expect(repeated.bytes[0]).toBe(2);
    expect(repeated.bytes.length).toBeLessThan(repeated.plainBytes * 0.9);
    const noise = await encodeEntry(entry(crypto.getRandomValues(new Uint8Array(5_000))));
    expect(noise.bytes[0]).toBe(1);
    expect(noise.bytes.length).toBe(noise.plainBytes);
    expect((await encodeEntry(entry("x".repeat(900)))).bytes[0]).toBe(1);
  });

  test("holds integers beyond 64 bits", async () => {
    const { bytes } = await encodeEntry(entry(-(2n ** 80n)));
    expect((await decodeEntry(bytes))?.value).toBe(-(2n ** 80n));
  });
});

describe("bytes that are no entry", () => {
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["another format", Buffer.of(9, 1, 2, 3)],
    ["no zstd", Buffer.of(2, 1, 2, 3)],
    ["text", Buffer.from('{"value":1}')],
  ])("%s", async (_what, bytes) => {
    expect(await decodeEntry(bytes)).toBeUndefined();
  });

  test("cut anywhere, or with any byte changed, never throw", async () => {
    const { bytes } = await encodeEntry(
      entry(Array.from({ length: 100 }, (_, i) => ({ i, at: new Date(i) }))),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, to) => {
        expect(await decodeEntry(bytes.subarray(0, at))).toBeUndefined();
        const changed = Buffer.from(bytes);
        changed[at] = to;
        await decodeEntry(changed);
      }),
      { numRuns: 300 },
    );
  });
});
