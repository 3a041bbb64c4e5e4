import { expect, test } from "vitest";
import { doneWords, mayBe, type Verb } from "./verb-words.ts";

const verbs: Verb[] = ["acknowledge", "unacknowledge", "snooze", "comment", "close"];
const able = (...[state, condition]: [Parameters<typeof mayBe>[1]["state"], "firing" | "normal"]) =>
  verbs.filter((verb) => mayBe(verb, { state, condition })).join(" ");

test("what can be done to an incident as it stands", () => {
  expect([
    able("open", "firing"),
    able("open", "normal"),
    able("acknowledged", "firing"),
    able("snoozed", "firing"),
    able("closed", "normal"),
  ]).toEqual([
    "acknowledge snooze comment close",
    "comment close",
    "unacknowledge snooze comment close",
    "acknowledge unacknowledge snooze comment close",
    "comment",
  ]);
});

test("what was done is said once for all", () => {
  expect([doneWords("acknowledge", 3), doneWords("close", 1)]).toEqual([
    "3 incidents acknowledged",
    "Incident closed",
  ]);
});
