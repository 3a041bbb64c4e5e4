import { describe, expect, test } from "vitest";
import type { CheckAnswer, CheckState, Limits } from "../check.ts";
import { checks } from "../checks.ts";
import { compareSight, missingSights } from "./raised.ts";

const ids = checks.map(({ id }) => id);

test("a check that no test made true or saw end is named, and so is an excuse that excuses nothing", () => {
  const excused = { "a.impossible": "the server forbids it", "a.gone": "removed" };
  const known = ["a.seen", "a.unseen", "a.endless", "a.impossible"];
  expect(missingSights("raised a.seen\nraised a.endless\ngone a.seen\n", known, excused)).toEqual([
    "No database test makes a.unseen true: judge it on a server that is sick so.",
    "No database test sees a.endless end: remove the cause, and judge it again on the same engine.",
    "a.gone is excused, and there is no such check.",
  ]);
  expect(missingSights("raised a.b\ngone a.b\n", ["a.b"], { "a.b": "no" })).toEqual([
    "a.b is excused, and a database test makes it true.",
  ]);
});

test("of all checks one alone is excused", () => {
  expect(missingSights("", ids)).toHaveLength(ids.length - 1);
  const noted = ids
    .filter((id) => id !== "partitions.overlap")
    .flatMap((id) => [`raised ${id}`, `gone ${id}`]);
  expect(missingSights(noted.join("\n"), ids)).toEqual([]);
});

describe("what was bad is over", () => {
  const strict: Limits = { warning: 1, critical: 2 };
  const check = { id: "a.check" };
  const answerOf = (states: Record<string, CheckState>, complete = true): CheckAnswer => ({
    objects: Object.entries(states).map(([name, state]) => ({
      ...{ object: { kind: "slot", name }, state, value: null, threshold: null, since: null },
      words: { title: "", detail: "" },
    })),
    complete,
  });
  const watcher = () => {
    const audit = { engine: {}, target: "t" } as never;
    return (answer: CheckAnswer | null, at = 0, limits = strict) =>
      compareSight({ check, answer, audit, limitsFor: () => limits, now: new Date(at) });
  };
  const seen = (raised: boolean, gone: boolean) => ({ raised, gone });

  test("when the object is fine, or is not among all there are", () => {
    const see = watcher();
    expect(see(answerOf({ a: "ok", b: "unavailable" }))).toEqual(seen(false, false));
    expect(see(answerOf({ a: "warning", b: "notice" }))).toEqual(seen(true, false));
    expect(see(answerOf({ a: "ok", b: "notice" }))).toEqual(seen(true, true));
    expect(see(answerOf({ a: "ok" }))).toEqual(seen(false, true));
    expect(see(answerOf({}))).toEqual(seen(false, false));
  });

  test("not when it cannot be judged, is cut off, or another object is fine", () => {
    const see = watcher();
    see(answerOf({ a: "critical" }));
    for (const state of ["no_data", "error", "unavailable"] as const)
      expect(see(answerOf({ a: state }))).toEqual(seen(false, false));
    expect(see(answerOf({ b: "ok" }, false))).toEqual(seen(false, false));
    expect(see(null)).toEqual(seen(false, false));
    expect(see(answerOf({ b: "ok" }))).toEqual(seen(false, true));
  });

  test("not for other limits, at an earlier moment, or on another engine", () => {
    const see = watcher();
    see(answerOf({ a: "warning" }), 1_000);
    expect(see(answerOf({ a: "ok" }), 999)).toEqual(seen(false, false));
    expect(see(answerOf({ a: "ok" }), 1_000, { warning: 5, critical: 6 })).toEqual(seen(false, false));
    expect(watcher()(answerOf({ a: "ok" }), 1_000)).toEqual(seen(false, false));
    expect(see(answerOf({ a: "ok" }), 1_000)).toEqual(seen(false, true));
  });
});
