import { expect, test } from "vitest";
import { groundsFor } from "@/lib/request-law/grounds.ts";
import { requestKindNames } from "@/lib/request-law/kinds.ts";
import { lawTable } from "@/lib/request-law/law.ts";
import { regimes } from "@/lib/request-law/regimes.ts";
import { requestStates } from "@/lib/request-law/states.ts";
import { lawAt } from "./law-at.ts";

test("at a decision it names the right that is asked for, every ground that may refuse it, and no other kind's", () => {
  for (const regime of regimes)
    for (const kind of requestKindNames) {
      const now = lawAt(lawTable, { kind, regime, state: "decision_pending" });
      const named = new Set(now.flatMap(({ grounds }) => grounds));
      const may = new Set(groundsFor(regime, kind).map(({ id }) => id.replace(/^(eu|uk|ca)_/, "")));
      expect([regime, kind, [...may].filter((id) => !named.has(id))]).toEqual([regime, kind, []]);
      if (regime === "california") continue;
      const own = { access: "Art. 15", portability: "Art. 20", erasure: "Art. 17" };
      expect(now.some(({ law }) => law.startsWith(own[kind]))).toBe(true);
      for (const other of requestKindNames.filter((each) => each !== kind))
        expect(now.filter(({ law }) => law.startsWith(own[other]))).toEqual([]);
    }
});

test("a request under the UK GDPR is told of that law alone, and of its own clock", () => {
  for (const kind of requestKindNames)
    for (const state of requestStates) {
      const named = lawAt(lawTable, { kind, regime: "uk", state }).map(({ law }) => law);
      expect([kind, state, named.filter((law) => !/UK GDPR|DPA 2018/.test(law))]).toEqual([kind, state, []]);
    }
  const received = lawAt(lawTable, { kind: "access", regime: "uk", state: "received" });
  expect(received.map(({ law }) => law)).toEqual(["Art. 12A UK GDPR"]);
});
