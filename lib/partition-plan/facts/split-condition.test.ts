import { expect, test } from "vitest";
import { implies, rangeOf, splitCondition } from "./split-condition.ts";

const printed = `((policy IS NOT NULL) AND (at IS NOT NULL) AND (policy = 'a AND (b'::text) AND ("odd ) key" >= '2024-01-01'::date) AND ("odd ) key" < '2024-02-01'::date))`;

test("a condition is split at its own ANDs, not at those in texts and names", () => {
  expect(splitCondition(printed)).toEqual([
    "policy IS NOT NULL",
    "at IS NOT NULL",
    "policy = 'a AND (b'::text",
    `"odd ) key" >= '2024-01-01'::date`,
    `"odd ) key" < '2024-02-01'::date`,
  ]);
  expect(splitCondition("(a > 1)")).toEqual(["a > 1"]);
  expect(splitCondition("(a > 1) OR ((b) AND (c))")).toEqual(["(a > 1) OR ((b) AND (c))"]);
});

test("what is said in any order and in several places implies it, and NOT NULL columns need no word", () => {
  const said = [`((at < '2024-02-01'::date) AND (at >= '2024-01-01'::date))`, "(policy = 'a'::text)"];
  const wanted = `((at IS NOT NULL) AND (policy = 'a'::text) AND (at >= '2024-01-01'::date) AND (at < '2024-02-01'::date))`;
  expect(implies(said, wanted, ["at"])).toBe(true);
  expect(implies(said, wanted, ["policy"])).toBe(false);
  expect(implies(said.slice(1), wanted, ["at"])).toBe(false);
});

test("both ends of a key's range are read, with a quoted key or an expression too", () => {
  expect(rangeOf([printed], `"odd ) key"`)).toEqual({ from: "'2024-01-01'::date", to: "'2024-02-01'::date" });
  expect(rangeOf(["(((id / 2) >= 10) AND ((id / 2) < 20))"], "(id / 2)")).toEqual({ from: "10", to: "20" });
  expect(rangeOf(["(at >= '2024-01-01'::date)"], "at")).toBeNull();
});
