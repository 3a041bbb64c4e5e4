import { expect, test } from "vitest";
import { findInputProblem } from "./action-input.ts";

test("takes what React writes for our pages", () => {
  const inputs = [
    "[]",
    '[[{"name":"a","target":"b","input":{"range":{"range":"1h"}},"maxAgeMs":4750}]]',
    '[{"from":"$D2026-03-01T00:00:00.000Z","text":"$$5 off","none":"$undefined","odd":["$NaN","$Infinity","$-Infinity","$-0"]}]',
    // The second read shares the first one's range.
    '[[{"input":{"range":{"range":"1h"}}},{"input":{"range":"$0:0:0:input:range"}}]]',
    '[{"userId":"x"},"$undefined"]',
  ];
  for (const input of inputs) expect([input, findInputProblem(input)]).toEqual([input, null]);
});

test("refuses what React would fail on, wait for or walk without end", () => {
  const refused: [string, string][] = [
    ["", "is no JSON"],
    ["[", "is no JSON"],
    ["x\n{}", "is no JSON"],
    ["null", "is no list of arguments"],
    ['"$0"', "is no list of arguments"],
    ['{"0":[]}', "is no list of arguments"],
    [`${"[".repeat(23)}${"]".repeat(23)}`, "is nested deeper than 20 levels"],
    [`${"[".repeat(32_000)}${"]".repeat(32_000)}`, "is nested deeper than 20 levels"],
    ...[
      "$1",
      "$@1",
      "$F1",
      "$h1",
      "$K1",
      "$Q1",
      "$W1",
      "$i1",
      "$T",
      "$n1",
      "$nx",
      "$S1",
      "$B1",
      "$r1",
      "$z",
      "$",
    ].map((text): [string, string] => [JSON.stringify([text]), "refers to what is not there"]),
    ['["$0:9"]', "refers to what is not there"],
    ['["a","$0:0"]', "refers to what is not there"],
    ['["$0:__proto__"]', "refers to what is not there"],
    ['["$0:constructor:constructor"]', "refers to what is not there"],
  ];
  for (const [input, problem] of refused)
    expect([input.slice(0, 40), findInputProblem(input)]).toEqual([input.slice(0, 40), problem]);
});
