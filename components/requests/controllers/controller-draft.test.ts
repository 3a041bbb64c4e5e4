import { expect, test } from "vitest";
import { unnamedController } from "../../../lib/requests/controller.ts";
import { controllerOf, draftOfController, repeatedPolicies } from "./controller-draft.ts";

const policy = (key: number, name: string, more: { purposes?: string } = {}) => ({
  ...{ key, policy: name, basis: "consent" as const, purposes: "", floorLaw: "", retentionWords: "" },
  ...more,
});

test("a draft says what was set, and what stands in for nobody begins empty", () => {
  const controller = {
    ...unnamedController,
    ...{ name: "Acme", country: "DE", recipients: ["One", "Two"] },
    policies: {
      standard: { basis: "consent" as const, purposes: ["a", "b"], floorLaw: null, retentionWords: "a year" },
    },
  };
  expect(controllerOf(draftOfController({ controller, version: 1 }))).toEqual(controller);
  expect(draftOfController({ controller: unnamedController, version: 0 }).name).toBe("");
});

test("a policy without a name is sent where something was typed, and an empty one is left out", () => {
  const empty = draftOfController({ controller: unnamedController, version: 0 });
  const policies = [policy(1, ""), policy(2, " ", { purposes: "security" }), policy(3, "minimal")];
  expect(Object.keys(controllerOf({ ...empty, policies }).policies ?? {})).toEqual(["", "minimal"]);
});

test("a policy that is described twice is named, since one of the two would be lost", () => {
  expect(repeatedPolicies([policy(1, "a"), policy(2, "b"), policy(3, ""), policy(4, "")])).toBeNull();
  expect(repeatedPolicies([policy(1, "a"), policy(2, " a ")])).toEqual({
    "controller.policies.a": "is described twice",
  });
});
