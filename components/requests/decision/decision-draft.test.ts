import { expect, it } from "vitest";
import { scopeTarget } from "@/components/requests/request-fixtures.ts";
import { getRequestGrounds } from "@/lib/requests/get-request-grounds.ts";
import { groundWords, partsOf, suggestedDecision, sumDecision, usualGround } from "./decision-draft.ts";
import { lawOf } from "./use-grounds.ts";

const law = (kind: "erasure" | "portability") => lawOf(getRequestGrounds(), { kind, regime: "eu" });

const parts = partsOf([
  scopeTarget("audit", [
    { policy: "minimal", events: 10, outcome: "erasable", basis: "consent" },
    { policy: "standard", events: 30, outcome: "floor", basis: "legal_obligation" },
    { policy: "security", events: 5, outcome: "held", basis: "legitimate_interest" },
  ]),
]);

it("grants an erasure in all parts, those too that are kept for now", () => {
  const decided = suggestedDecision("erasure", law("erasure"), parts);
  expect(decided.every(({ decision, ground }) => decision === "grant" && ground === null)).toBe(true);
  expect(sumDecision(parts, decided)).toEqual({
    granted: { parts: 3, events: 45 },
    later: { parts: 2, events: 35 },
    refused: { parts: 0, events: 0 },
  });
});

it("hands over for portability what rests on consent or a contract alone", () => {
  const decided = suggestedDecision("portability", law("portability"), parts);
  expect(decided.map(({ decision }) => decision)).toEqual(["grant", "refuse", "refuse"]);
  expect(decided[1]?.ground).toBe("eu_20_1");
  expect(sumDecision(parts, decided).refused).toEqual({ parts: 2, events: 35 });
});

it("begins a refusal with the ground of what keeps it", () => {
  expect(usualGround("erasure", law("erasure"), { outcome: "floor" })).toBe("eu_17_3_b");
  expect(usualGround("erasure", law("erasure"), { outcome: "held" })).toBe("eu_17_3_e");
  expect(groundWords(law("erasure"), "eu_17_3_e")).toContain("Art. 17(3)(e) GDPR");
  expect(groundWords(law("erasure"), "of_another_version")).toBe("of_another_version");
});
