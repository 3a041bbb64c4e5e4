import { expect, test } from "vitest";
import { joinRuns } from "./run-report.ts";

const failure = (name: string) => ({ name, error: "Error: no" });
const first = [
  { file: "/a", passed: 3, skipped: 1, failures: [] },
  { file: "/b", passed: 1, skipped: 0, failures: [failure("b: one"), failure("b: two")] },
  { file: "/c", passed: 0, skipped: 4, failures: [failure("c: a hook")] },
];

test("a run that is not repeated is told as it is", () => {
  expect(joinRuns(first)).toEqual({
    passed: 4,
    failed: 3,
    skipped: 5,
    failures: [failure("b: one"), failure("b: two"), failure("c: a hook")],
    flaky: [],
  });
});

test("of a file that is run again the second run counts, and what passed only then is told", () => {
  const again = [
    { file: "/b", passed: 2, skipped: 0, failures: [failure("b: two")] },
    { file: "/c", passed: 4, skipped: 0, failures: [] },
  ];
  expect(joinRuns(first, again)).toEqual({
    passed: 9,
    failed: 1,
    skipped: 1,
    failures: [failure("b: two")],
    flaky: [failure("b: one"), failure("c: a hook")],
  });
});

test("what no file is known of cannot be run again and stays", () => {
  const nowhere = { file: "", passed: 0, skipped: 0, failures: [failure("outside of the tests")] };
  const run = joinRuns([...first, nowhere], [{ ...nowhere, failures: [] }]);
  expect(run.failures).toContainEqual(failure("outside of the tests"));
});
