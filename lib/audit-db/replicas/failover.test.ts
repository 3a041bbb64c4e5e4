import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidate, electPrimary, type Known } from "./failover.ts";

const nobody: Known = { primary: null, systemId: null, timeline: 0 };
const known = (primary: string, timeline: number): Known => ({ primary, systemId: "1", timeline });
const node = (name: string, timeline: number, inRecovery = false, systemId = "1"): Candidate => ({
  name,
  timeline,
  inRecovery,
  systemId,
});

test("the only read-write node is the primary", () => {
  expect(electPrimary([node("a", 1, true), node("b", 1), node("c", 1, true)], nobody)).toEqual({
    primary: "b",
    systemId: "1",
    timeline: 1,
    writable: true,
    stale: [],
    foreign: [],
  });
});

test("a promoted standby replaces a dead primary, and one that still answers", () => {
  expect(electPrimary([node("b", 2), node("c", 1, true)], known("a", 1))).toMatchObject({
    primary: "b",
    stale: [],
  });
  expect(electPrimary([node("a", 1), node("b", 2)], known("a", 1))).toMatchObject({
    primary: "b",
    stale: ["a"],
  });
});

test("an old primary that comes back is not written to, even while the new one is gone", () => {
  expect(electPrimary([node("a", 1)], known("b", 2))).toMatchObject({
    primary: "b",
    writable: false,
    stale: ["a"],
  });
});

test("without memory, a standby on a newer timeline gives the old primary away", () => {
  expect(electPrimary([node("a", 1), node("c", 2, true)], nobody)).toMatchObject({
    primary: null,
    writable: false,
    stale: ["a"],
  });
});

test("of two on one timeline the one known before stays; where none is known nobody is written to", () => {
  const two = [node("a", 2), node("b", 2)];
  expect(electPrimary(two, known("b", 2))).toMatchObject({ primary: "b", writable: true, stale: ["a"] });
  expect(electPrimary(two, nobody)).toMatchObject({ primary: null, writable: false, stale: ["a", "b"] });
});

test("no read-write node: the last primary is kept for watching, and nothing is written", () => {
  expect(electPrimary([node("b", 1, true)], known("a", 1))).toMatchObject({
    primary: "a",
    writable: false,
    stale: [],
  });
});

test("another cluster's server is never the primary, however high its timeline", () => {
  expect(electPrimary([node("a", 1), node("x", 9, false, "2")], known("a", 1))).toMatchObject({
    primary: "a",
    timeline: 1,
    foreign: ["x"],
  });
});

test("whatever the nodes say, the timeline written to never falls and only one node is written to", () => {
  const candidate = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    timeline: fc.integer({ min: 1, max: 4 }),
    inRecovery: fc.boolean(),
    systemId: fc.constantFrom("1", "1", "1", "2"),
  });
  const rounds = fc.array(fc.uniqueArray(candidate, { selector: (c) => c.name, maxLength: 3 }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(rounds, (history) => {
      let state: Known = nobody;
      let written = 0;
      for (const candidates of history) {
        const verdict = electPrimary(candidates, state);
        expect(verdict.timeline).toBeGreaterThanOrEqual(state.timeline);
        if (verdict.writable) {
          const chosen = candidates.find((c) => c.name === verdict.primary);
          expect(chosen).toMatchObject({
            inRecovery: false,
            timeline: verdict.timeline,
            systemId: verdict.systemId,
          });
          expect(chosen?.timeline).toBeGreaterThanOrEqual(written);
          expect(verdict.stale).not.toContain(verdict.primary);
          written = chosen?.timeline ?? 0;
        }
        state = verdict;
      }
    }),
  );
});
