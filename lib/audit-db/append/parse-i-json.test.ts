import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIJson } from "./parse-i-json.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":{"b":[{"x":1,"\\u0078":2}]}}', "a.b.0.x"],
  ['{"a":0.1000000000000000055511}', "a"],
  ['{"a":12345678901234567890}', "a"],
  ["[1.7976931348623157e309000000000000]", "0"],
  ['{"a":1e400}', "a"],
  ['{"a":[{"b":-1e-400}]}', "a.0.b"],
  ['[{"a":[1,[2,{}],{"b":"]"}]},{"a":[{"c":[[],1e400]}]}]', "1.a.0.c.1"],
  ["12345678901234567890", "value"],
  ['{"a":9007199254740993}', "a"],
])("%s would not survive and is refused at %s", (text, path) => {
  expect(() => parseIJson(text)).toThrow(
    expect.objectContaining({ code: "BAD_INPUT", fields: { [path]: expect.any(String) } }),
  );
});

test.each(["", "{", "{'a':1}", '{"a":01}', "NaN"])("%j is no JSON", (text) => {
  expect(() => parseIJson(text)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
});

test("neither a long text nor a deep one exhausts the stack", () => {
  const long = { a: "x".repeat(20_000_000), b: "\n".repeat(1_000_000) };
  expect(parseIJson(JSON.stringify(long))).toEqual(long);
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  expect(() => parseIJson(deep)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
});

test("numbers that a double holds pass, however they are written", () => {
  const text =
    "[5e-324, 1.7976931348623157e308, 0.1234567890123456, 9007199254740991, 1.50E+01, 100.00000000000000000, 1e+100]";
  expect(parseIJson(text)).toEqual(JSON.parse(text));
});

test("whatever JSON.stringify writes is read as it was, punctuation in strings included", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: fc.constantFrom('"', "\\", ":", "{", "é", "😀", "a") }),
      (value) => {
        const text = JSON.stringify(value);
        expect(parseIJson(text)).toEqual(JSON.parse(text));
      },
    ),
  );
});
