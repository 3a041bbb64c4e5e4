import fc from "fast-check";
import { expect, test } from "vitest";
import { parseIJson } from "./parse-i-json.ts";

test.each([
  ['{"a":1,"a":2}', "a"],
  ['{"a":{"b":[{"x":1,"\\u0078":2}]}}', "a.b[].x"],
  ['{"a":0.1000000000000000055511}', "a"],
  ['{"a":12345678901234567890}', "a"],
  ["[1.7976931348623157e309000000000000]", "[]"],
])("%s would not survive and is refused at %s", (text, path) => {
  expect(() => parseIJson(text)).toThrow(
    expect.objectContaining({ code: "BAD_INPUT", fields: { [path]: expect.any(String) } }),
  );
});

test.each(["", "{", "{'a':1}", '{"a":01}', "NaN"])("%j is no JSON", (text) => {
  expect(() => parseIJson(text)).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
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
