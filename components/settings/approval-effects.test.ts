import { expect, test } from "vitest";
import { listActions } from "@/lib/admin.ts";
import { approvalEffect, approvalEffects } from "./approval-effects.ts";
import { approvalTitle, approvalTitles } from "./approval-titles.ts";

test("whoever has to agree to an action is told what it does, and of no action that needs nobody else", () => {
  const ofTwo = listActions().flatMap(([, { name, approval }]) => (approval ? [name] : []));
  expect(ofTwo).toContain("privacy.erase");
  expect(Object.keys(approvalEffects).sort()).toEqual(ofTwo.sort());
  expect(Object.keys(approvalTitles).sort()).toEqual(ofTwo.sort());
  for (const [name, text] of Object.entries(approvalEffects))
    expect([name, text]).toEqual([name, expect.stringMatching(/^[A-Z].{30,}\.$/)]);
});

test("what is destroyed for good says so", () => {
  const destroys = listActions().filter(
    ([, { approval, name, effect }]) =>
      approval && (effect?.destroys !== undefined || /erase|destroy|drop|redact|remove/.test(name)),
  );
  expect(destroys.map(([, { name }]) => name).sort()).toEqual(["privacy.erase", "privacy.redact_values"]);
  for (const [, { name }] of destroys) expect(approvalEffect(name)).toContain("It cannot be undone.");
});

test("an action that is no more has none", () => {
  expect(approvalEffect("gone.action")).toBeNull();
  expect(approvalTitle("gone.action")).toBe("gone.action");
});
