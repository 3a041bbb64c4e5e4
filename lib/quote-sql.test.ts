import fc from "fast-check";
import { expect, test } from "vitest";
import { nameRelation, parseQualified, quoteQualified, suffixName } from "./quote-sql.ts";

const name = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.string({ unit: fc.constantFrom("a", "B", ".", '"', "_", " "), minLength: 1 }),
);

test("a qualified name comes back as it was, whatever it holds", () => {
  fc.assert(
    fc.property(name, name, (schema, table) => {
      expect(parseQualified(quoteQualified(schema, table))).toEqual({ schema, name: table });
    }),
  );
});

test("two relations never have one text", () => {
  const relation = fc.record({ schema: fc.oneof(fc.constant("public"), name), name });
  fc.assert(
    fc.property(relation, relation, (a, b) => {
      fc.pre(a.schema !== b.schema || a.name !== b.name);
      expect(nameRelation(a)).not.toBe(nameRelation(b));
    }),
  );
});

test.each([
  ["events", { schema: null, name: "events" }],
  ["Public.Events", { schema: "public", name: "events" }],
  ['"a.b".c', { schema: "a.b", name: "c" }],
  ['a."b.c"', { schema: "a", name: "b.c" }],
  ['"a""b"', { schema: null, name: 'a"b' }],
  ['"MixedCase"', { schema: null, name: "MixedCase" }],
  ["ÄB", { schema: null, name: "Äb" }],
  ["a.b.c", null],
  ['"a', null],
  ["", null],
  ["a.", null],
  [".b", null],
])("%s is read as psql reads it", (text, expected) => {
  expect(parseQualified(text)).toEqual(expected);
});

test.each([
  [{ schema: "public", name: "audit_log" }, "audit_log"],
  [{ schema: "s1", name: "events" }, "s1.events"],
  [{ schema: "public", name: "s1.events" }, '"s1.events"'],
  [{ schema: "a.b", name: "c" }, '"a.b".c'],
])("%o is called %s", (relation, text) => {
  expect(nameRelation(relation)).toBe(text);
});

test("what tells a name from the next is not what is cut off", () => {
  expect(suffixName("events", "_1")).toBe("events_1");
  expect(suffixName("e".repeat(63), "_12")).toBe(`${"e".repeat(60)}_12`);
  expect(suffixName("☃".repeat(21), "_1")).toBe(`${"☃".repeat(20)}_1`);
});
