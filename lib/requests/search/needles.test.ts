import { describe, expect, test } from "vitest";
import { createMatcher, formsOf } from "./needles.ts";

const matches = (kind: "id" | "email" | "phone" | "name" | "ip", value: string, text: string) =>
  createMatcher([{ kind, value }])(text);

test.each([
  ["id", "user-4711", 'seen {"id": "USER-4711"}'],
  ["email", "Ada.Lovelace@example.test", "mail to ada.lovelace@EXAMPLE.test bounced"],
  ["email", "ada@example.test", "GET /people?mail=ada%40example.test"],
  ["name", "Zoë Müller", "by Zoe\u0308 Mu\u0308ller"],
  ["name", 'Anna "Nan" Smith', '{"who": "anna \\"nan\\" smith"}'],
  ["phone", "+49 170 1234567", "call 0049-170/123 45 67 back"],
  ["phone", "0049 (170) 1234567", "tel: +491701234567"],
  ["ip", "10.0.0.1", "from 10.0.0.1:443"],
  ["id", "4711", "id=4711;"],
  ["id", "7", '{"id":"7"}'],
  ["id", "7", "7"],
] as const)("%s %s is found in %s", (kind, value, text) => {
  expect(matches(kind, value, text)).toBe(true);
});

test.each([
  ["ip", "10.0.0.1", "from 10.0.0.12"],
  ["ip", "10.0.0.1", "from 110.0.0.1"],
  ["id", "4711", "018f4711-aaaa"],
  ["id", "ada", "adamant"],
  ["id", "7", '{"done": 7, "total": 17}'],
  ["phone", "+49 170 1234567", "id 99491701234567"],
  ["name", "Ada Lovelace", "Ada L."],
] as const)("%s %s is not found in %s", (kind, value, text) => {
  expect(matches(kind, value, text)).toBe(false);
});

describe("forms", () => {
  test("a plain identifier has one form, and one for addresses", () => {
    expect(formsOf("ada@example.test")).toEqual(["ada@example.test", "ada%40example.test"]);
    expect(formsOf("user4711")).toEqual(["user4711"]);
  });
  test("a lone surrogate breaks nothing", () => {
    expect(formsOf("a\ud800b").length).toBeGreaterThan(0);
  });
});
