import { expect, test } from "vitest";
import { answerOf, noneFound } from "./answer-of.ts";
import type { CheckState } from "./check.ts";

const state = (name: string, is: CheckState) => ({ ...noneFound(name, name, ""), state: is });
const names = (answer: ReturnType<typeof answerOf>) => answer.objects.map(({ words }) => words.title);

test("the worst come first, and equals stay as they were given", () => {
  const given = [state("a", "ok"), state("b", "warning"), state("c", "critical"), state("d", "warning")];
  expect(names(answerOf(given))).toEqual(["c", "b", "d", "a"]);
});

test("a list that is cut is complete while only normal objects are cut off", () => {
  const given = [state("a", "ok"), state("b", "ok"), state("c", "warning"), state("d", "critical")];
  expect(answerOf(given, { most: 4 })).toMatchObject({ complete: true });
  const cut = answerOf(given, { most: 2 });
  expect([names(cut), cut.complete]).toEqual([["d", "c"], true]);
  expect(answerOf(given, { most: 1 })).toMatchObject({ complete: false });
});
