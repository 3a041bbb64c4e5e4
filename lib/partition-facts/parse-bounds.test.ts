import fc from "fast-check";
import { expect, test } from "vitest";
import { parseBounds } from "./parse-bounds.ts";

const value = (text: string) => ({ is: "value", text });

test.each([
  [
    "FOR VALUES FROM (MINVALUE) TO ('2023-12-31 22:00:00+00')",
    { kind: "range", from: [{ is: "min" }], to: [value("2023-12-31 22:00:00+00")] },
  ],
  [
    "FOR VALUES FROM ('-5', '2024-01-01') TO (5, MAXVALUE)",
    { kind: "range", from: [value("-5"), value("2024-01-01")], to: [value("5"), { is: "max" }] },
  ],
  [
    "FOR VALUES FROM ('-infinity') TO ('infinity')",
    { kind: "range", from: [value("-infinity")], to: [value("infinity")] },
  ],
  ["FOR VALUES IN ('a', 'it''s', NULL)", { kind: "list", values: ["a", "it's", null] }],
  ["FOR VALUES IN (true, NULL)", { kind: "list", values: ["true", null] }],
  ["FOR VALUES IN ('NULL', 'MINVALUE')", { kind: "list", values: ["NULL", "MINVALUE"] }],
  ["FOR VALUES IN ('x, y) TO (', '')", { kind: "list", values: ["x, y) TO (", ""] }],
  ["FOR VALUES WITH (modulus 4, remainder 0)", { kind: "hash", modulus: 4, remainder: 0 }],
  ["FOR VALUES IN ('a'::character varying)", { kind: "list", values: ["a"] }],
  [
    "FOR VALUES FROM ('MAXVALUE') TO (MAXVALUE)",
    { kind: "range", from: [value("MAXVALUE")], to: [{ is: "max" }] },
  ],
  ["DEFAULT", { kind: "default" }],
])("reads %s", (text, bounds) => {
  expect(parseBounds(text)).toEqual(bounds);
});

test.each([
  "",
  "FOR VALUES",
  "FOR VALUES IN ('a'",
  "FOR VALUES FROM (1) TO",
  "FOR VALUES IN (1) x",
  "IN ('a",
])("answers null for %j instead of guessing", (text) => {
  expect(parseBounds(text)).toBeNull();
});

test("whatever text stands in a list comes back as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string()), { minLength: 1, maxLength: 5 }), (values) => {
      const printed = values.map((v) => (v === null ? "NULL" : `'${v.replaceAll("'", "''")}'`)).join(", ");
      expect(parseBounds(`FOR VALUES IN (${printed})`)).toEqual({ kind: "list", values });
    }),
  );
});

test("ranges of several columns come back as they were", () => {
  const end = fc.oneof(
    fc.constant({ is: "min" as const }),
    fc.constant({ is: "max" as const }),
    fc.oneof(fc.string(), fc.bigInt().map(String)).map((text) => ({ is: "value" as const, text })),
  );
  const ends = fc.array(end, { minLength: 1, maxLength: 4 });
  const print = (list: { is: string; text?: string }[]) =>
    list
      .map((e) =>
        e.is === "min" ? "MINVALUE" : e.is === "max" ? "MAXVALUE" : `'${e.text?.replaceAll("'", "''")}'`,
      )
      .join(", ");
  fc.assert(
    fc.property(ends, ends, (from, to) => {
      expect(parseBounds(`FOR VALUES FROM (${print(from)}) TO (${print(to)})`)).toEqual({
        kind: "range",
        from,
        to,
      });
    }),
  );
});
