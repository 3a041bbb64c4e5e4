import { expect, test } from "vitest";
import { parsePlan } from "./plan-tree.ts";

test("secrets in a plan's conditions are hidden", () => {
  const plan = parsePlan([
    {
      Plan: {
        "Node Type": "Seq Scan",
        "Total Cost": 1,
        Filter: "((api_token = 's3cr3t'::text) AND (name = 'bob'::text))",
        "Sort Key": ["a", "crypt(b, 's3cr3t'::text)"],
      },
    },
  ]);
  expect(plan?.details).toEqual([
    ["Filter", "((api_token = '…'::text) AND (name = 'bob'::text))"],
    ["Sort Key", "a, crypt(b, '…'::text)"],
  ]);
});
