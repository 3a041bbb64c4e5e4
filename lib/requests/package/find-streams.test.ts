import { expect, test } from "vitest";
import type { SubjectKey } from "../../key-store/subject-keys.ts";
import { unnamedController } from "../controller.ts";
import { findStreams } from "./find-streams.ts";

const key = (token: string, target: string | null, policy: string | null) =>
  ({ token, target, policy }) as SubjectKey;
const keys = [key("eu-1", "eu", "standard"), key("us-1", "us", "standard"), key("old", null, null)];
const granted = [
  { target: "eu", policy: "standard" },
  { target: "eu", policy: "minimal" },
  { target: "us", policy: "?" },
];
const facts = { purposes: ["p"], floorLaw: null, retentionWords: "w" };

test("access reads every granted part in both roles under every token of that target, and what waits", () => {
  const streams = findStreams("access", granted, keys, { regime: "eu", controller: unnamedController });
  const told = streams.map(({ target, policy, token, role, from }) =>
    [target, policy, token, role, from].join(" "),
  );
  expect(told).toContain("eu minimal old target audit_log");
  expect(told).toContain("eu standard eu-1 actor audit_quarantine");
  expect(told).toContain("us ? us-1 actor audit_quarantine");
  expect(told.filter((one) => /us-1/.test(one) && one.startsWith("eu"))).toEqual([]);
  expect(told.filter((one) => /\? .* audit_log/.test(one))).toEqual([]);
  expect(new Set(told).size).toBe(told.length);
});

test("portability reads what the person did, under consent and contract alone", () => {
  const controller = {
    ...unnamedController,
    policies: {
      standard: { ...facts, basis: "contract" as const },
      minimal: { ...facts, basis: "legal_obligation" as const },
    },
  };
  const streams = findStreams("portability", granted, keys, { regime: "eu", controller });
  expect(new Set(streams.map(({ policy, role }) => `${policy} ${role}`))).toEqual(
    new Set(["standard actor"]),
  );
  // Nothing said of the basis: nothing is owed.
  const unnamed = { regime: "eu", controller: unnamedController } as const;
  expect(findStreams("portability", granted, keys, unnamed)).toEqual([]);
  // California's law asks for no basis.
  const californian = findStreams("portability", granted, keys, { regime: "california", controller });
  expect(new Set(californian.map(({ policy }) => policy))).toEqual(new Set(["standard", "minimal", "?"]));
});
