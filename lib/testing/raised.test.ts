import { expect, test } from "vitest";
import { checks } from "../checks.ts";
import { missingRaised } from "./raised.ts";

const ids = checks.map(({ id }) => id);

test("a check that no test made true is named, and so is an excuse that excuses nothing", () => {
  const excused = { "a.impossible": "the server forbids it", "a.gone": "removed" };
  const known = ["a.seen", "a.unseen", "a.impossible"];
  expect(missingRaised("a.seen\na.seen\n", known, excused)).toEqual([
    "No database test makes a.unseen true: judge it on a server that is sick so.",
    "a.gone is excused, and there is no such check.",
  ]);
  expect(missingRaised("a.seen\na.unseen\na.impossible\n", known, excused)).toEqual([
    "a.impossible is excused, and a database test makes it true.",
    "a.gone is excused, and there is no such check.",
  ]);
});

test("of all checks one alone is excused", () => {
  expect(missingRaised("", ids)).toHaveLength(ids.length - 1);
  const noted = ids.filter((id) => id !== "partitions.overlap").join("\n");
  expect(missingRaised(noted, ids)).toEqual([]);
});
