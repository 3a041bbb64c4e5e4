import { describe, expect, test } from "vitest";
import { toAppError } from "../../errors.ts";
import type { ScopePolicy, ScopeTarget } from "../scope-types.ts";
import type { DecisionPart } from "../types.ts";
import { type DecisionFacts, judgeDecision } from "./judge-decision.ts";

const target = (name: string, policies: string[], problem: string | null = null) =>
  ({ target: name, problem, policies: policies.map((policy) => ({ policy }) as ScopePolicy) }) as ScopeTarget;
const facts: DecisionFacts = {
  number: 7,
  regime: "eu",
  kind: "erasure",
  scope: { state: "done", targets: [target("eu", ["minimal", "phi"]), target("us", ["minimal"])] },
};
const grant = (name: string, policy: string): DecisionPart => ({
  target: name,
  policy,
  decision: "grant",
  ground: null,
});
const refuse = (name: string, policy: string, ground: string | null = "eu_17_3_b"): DecisionPart => ({
  target: name,
  policy,
  decision: "refuse",
  ground,
});
const all = [grant("eu", "minimal"), grant("eu", "phi"), grant("us", "minimal")];
const [first, , third] = all as [DecisionPart, DecisionPart, DecisionPart];
const judge = (parts: DecisionPart[], ground: string | null = null, given = facts) => {
  try {
    return judgeDecision(given, { parts, ground }).command;
  } catch (thrown) {
    return toAppError(thrown).message;
  }
};

describe("of the parts of a scope", () => {
  test("all granted, some, none", () => {
    expect(judge(all)).toBe("approve");
    expect(judge([first, refuse("eu", "phi"), third])).toBe("refuse_partly");
    expect(judge([refuse("eu", "minimal"), refuse("eu", "phi"), refuse("us", "minimal")])).toBe("refuse");
  });

  test("each is decided once, and no other", () => {
    expect(judge([first, third])).toContain("lack phi on eu");
    expect(judge([...all, grant("us", "phi")])).toContain("nothing under phi on us");
    expect(judge([...all, first])).toContain("minimal on eu stands there twice");
  });

  test("a refusal names a ground that the law has for the kind; a grant none", () => {
    expect(judge([first, refuse("eu", "phi", null), third])).toContain("A refusal names its ground");
    expect(judge([first, refuse("eu", "phi", "eu_20_3"), third])).toContain("no ground to refuse it on");
    expect(judge([first, { ...grant("eu", "phi"), ground: "eu_17_3_b" }, third])).toContain("needs none");
  });

  test("without a complete scope nothing is decided", () => {
    expect(judge(all, null, { ...facts, scope: null })).toContain("not counted yet");
    expect(judge(all, null, { ...facts, scope: { state: "running", targets: [] } })).toContain(
      "not counted yet",
    );
    const partly = {
      ...facts,
      scope: { state: "done", targets: [target("eu", []), target("us", [], "down")] },
    };
    expect(judge([], null, partly as DecisionFacts)).toContain("us could not be asked");
  });

  test("somebody of whom there is nothing is granted it", () => {
    expect(judge([], null, { ...facts, scope: { state: "done", targets: [target("eu", [])] } })).toBe(
      "approve",
    );
  });
});

test("the whole is refused with one ground that refuses a whole, counted or not", () => {
  expect(judge([], "eu_11_2", { ...facts, scope: null })).toBe("refuse");
  expect(judge([], "eu_17_3_b", { ...facts, scope: null })).toContain("no ground to refuse it on");
  expect(judge(all, "eu_11_2")).toContain("give it, or parts");
});
