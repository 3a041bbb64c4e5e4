import { expect, test } from "vitest";
import { findInputProblem } from "./action-input.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

test("takes what React writes for our pages", () => {
  const inputs = [
    "[]",
    '[[{"name":"a","target":"b","input":{"range":{"range":"1h"}},"maxAgeMs":4750}]]',
    '[{"from":"$D2026-03-01T00:00:00.000Z","text":"$$5 off","none":"$undefined","odd":["$NaN","$Infinity","$-Infinity","$-0"]}]',
    // The second read shares the first one's range.
    '[[{"input":{"range":{"range":"1h"}}},{"input":{"range":"$0:0:0:input:range"}}]]',
    '[{"userId":"x"},"$undefined"]',
    nested(12),
    JSON.stringify([{ target: "a", ids: Array(1_000).fill("0190163d-8694-739b-aea5-966c26f8ad91") }]),
  ];
  for (const input of inputs)
    expect([input.slice(0, 40), findInputProblem(input)]).toEqual([input.slice(0, 40), null]);
});

test("refuses what React would fail on, wait for or walk without end", () => {
  const foreign = [
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
  ];
  const nowhere = ["$0:9", "$0:0", "$0:__proto__", "$0:constructor:constructor"];
  const refused: [string, string][] = [
    ["", "is no JSON"],
    ["[", "is no JSON"],
    ["x\n{}", "is no JSON"],
    ["null", "is no list of arguments"],
    ['"$0"', "is no list of arguments"],
    ['{"0":[]}', "is no list of arguments"],
    [nested(14), "is nested deeper than 12 levels"],
    [nested(32_000), "is nested deeper than 12 levels"],
    ['[["$0"]]', "is nested deeper than 12 levels"],
    [JSON.stringify(Array(5_001).fill(0)), "holds more than 5000 values"],
    // Each row is the one before, twenty times.
    [
      JSON.stringify([[], ...Array.from({ length: 6 }, (_, i) => Array(20).fill(`$0:${i}`))]),
      "holds more than 5000 values",
    ],
    ...[...foreign, ...nowhere].map((text): [string, string] => [
      JSON.stringify(["a", text]),
      "refers to what is not there",
    ]),
  ];
  for (const [input, problem] of refused)
    expect([input.slice(0, 40), findInputProblem(input)]).toEqual([input.slice(0, 40), problem]);
});
