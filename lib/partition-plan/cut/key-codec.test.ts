import fc from "fast-check";
import { expect, test } from "vitest";
import { pointOf } from "../../audit-db/schema/calendar-cut.ts";
import { codecOf, codecOfType } from "./key-codec.ts";
import { learnKey } from "./learn-key.ts";

const specs: [spec: string, type: string, grain: bigint][] = [
  ["timestamp with time zone", "timestamp with time zone", 1n],
  ["timestamp without time zone", "timestamp without time zone", 1n],
  ["date", "date", 86_400_000_000n],
  ["epoch seconds", "bigint", 1_000_000n],
  ["epoch milliseconds", "bigint", 1_000n],
  ["epoch microseconds", "numeric", 1n],
  ["calendar yyyymmddhh", "bigint", 3_600_000_000n],
  ["calendar yyyymmdd", "integer", 86_400_000_000n],
  ["snowflake 2010-11-04T01:42:54.657Z", "bigint", 1_000n],
  ["snowflake 1420070400000 >> 20", "bigint", 1_000n],
  ["uuid v7", "uuid", 1_000n],
  ["text {yyyy}-{mm}-{dd}T{hh}:{mi}:{ss}Z", "text", 1_000_000n],
  ["number", "bigint", 1n],
];
test.each(specs)("%s of %s: what is written is read again, and keeps its order", (spec, type, grain) => {
  const codec = codecOf(spec, type);
  if (!codec) throw new Error("no codec");
  const since = fc
    .bigInt({ min: pointOf(2015, 1, 1) / grain, max: pointOf(2075, 1, 1) / grain })
    .map((n) => n * grain);
  fc.assert(
    fc.property(since, since, (a, b) => {
      const [one, other] = [codec.encode(a), codec.encode(b)];
      if (one === null || other === null) throw new Error(`not written: ${a} ${b}`);
      expect([codec.decode(one), codec.decode(other)]).toEqual([a, b]);
      const isNumber = /^\d+$/.test(one);
      const before = isNumber ? BigInt(one) < BigInt(other) : one < other;
      expect(before).toBe(a < b);
      if (grain > 1n) expect(codec.encode(a + 1n)).toBeNull();
    }),
  );
});

test.each([
  ["20260230", "calendar yyyymmdd", "integer"],
  ["202613", "calendar yyyymm", "integer"],
  ["2026-1", "text {yyyy}-{mm}", "text"],
  ["019a0000-0000-7000-8000-000000000001", "uuid v7", "uuid"],
  ["1858000000000000001", "snowflake 0", "bigint"],
  ["1.5", "number", "numeric"],
])("%s begins no %s", (text, spec, type) => {
  expect(codecOf(spec, type)?.decode(text)).toBeNull();
});

test("years before Christ and beyond four digits are written as the server reads them", () => {
  const date = codecOfType("date");
  expect(["0044-03-15 BC", "12026-11-27"].map((text) => date?.encode(date.decode(text) ?? 0n))).toEqual([
    "0044-03-15 BC",
    "12026-11-27",
  ]);
  const stamp = codecOfType("timestamp with time zone");
  expect(stamp?.encode(stamp.decode("0044-03-15 01:02:03.5+00 BC") ?? 0n)).toBe(
    "0044-03-15 01:02:03.500000+00 BC",
  );
});

test("a value that its type does not hold is not written", () => {
  expect(codecOf("epoch seconds", "integer")?.encode(pointOf(2038, 1, 20))).toBeNull();
  expect(codecOf("calendar yyyymmdd", "smallint")?.encode(pointOf(2026, 11, 27))).toBeNull();
});

test.each([
  ["bigint", ["1858000000000000000", "1860000000000000000"], "number"],
  ["integer", ["0", "1000000"], "number"],
  ["bigint", ["1793491200000", "1796083200000"], "epoch milliseconds"],
  ["text", ["2026-10", "2026-11"], "text {yyyy}-{mm}"],
  ["text", ["a", "m"], null],
  ["uuid", ["019a0000-0000-7000-8000-000000000000", "019b0000-0000-7000-8000-000000000000"], null],
  ["numeric", ["-1.5", "0.25"], null],
] as const)("%s %j is %s", (type, [from, to], spec) => {
  expect(learnKey(type, [{ from, to }])?.spec ?? null).toBe(spec);
});
