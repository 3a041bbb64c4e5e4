import fc from "fast-check";
import { expect, test } from "vitest";
import { type ErasureFacts, judgeErasure } from "./erasure-state.ts";
import { freeAt, lastFreeAt } from "./floor.ts";

const now = new Date("2026-11-27T12:00:00Z");
const free: ErasureFacts = { now, keyFreeAt: null, holds: [], restricted: false, quarantined: false };
const day = (days: number) => new Date(now.getTime() + days * 86_400_000);

const facts = fc.record({
  now: fc.constant(now),
  keyFreeAt: fc.option(fc.integer({ min: -4_000, max: 4_000 }).map(day)),
  holds: fc.array(fc.uuid(), { maxLength: 3 }),
  restricted: fc.boolean(),
  quarantined: fc.boolean(),
});

test("a key is marked only when no floor, no hold, no restriction and nothing in quarantine is left", () => {
  fc.assert(
    fc.property(facts, (given) => {
      const step = judgeErasure(given);
      const floor = given.keyFreeAt !== null && given.keyFreeAt > now;
      const held = given.holds.length > 0 || given.restricted || given.quarantined;
      expect(step.state).toBe(held ? "held" : floor ? "kept" : "marked");
      expect(step.dueAt).toEqual(floor ? given.keyFreeAt : null);
    }),
  );
});

test("what holds it is named, and the floor beside", () => {
  expect(
    judgeErasure({ ...free, keyFreeAt: day(3), holds: ["h"], restricted: true, quarantined: true }),
  ).toEqual({ state: "held", heldBy: ["h", "restriction", "quarantine"], dueAt: day(3) });
});

test("a floor ends on its moment", () => {
  expect(judgeErasure({ ...free, keyFreeAt: new Date(now.getTime() + 1) }).state).toBe("kept");
  expect(judgeErasure({ ...free, keyFreeAt: now }).state).toBe("marked");
});

test("once nothing holds it, it goes on the day of the newest floor and on no day before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ days: fc.integer({ min: -3_000, max: 0 }), floorDays: fc.nat(2_555) }), {
        minLength: 1,
        maxLength: 5,
      }),
      (policies) => {
        const rows = policies.map(({ days, floorDays }) => ({ newest: day(days), floorDays }));
        const last = lastFreeAt(rows) as Date;
        for (const row of rows) expect(freeAt(row)?.getTime()).toBeLessThanOrEqual(last.getTime());
        const before = judgeErasure({ ...free, now: new Date(last.getTime() - 1), keyFreeAt: last });
        expect(before).toEqual({ state: "kept", heldBy: [], dueAt: last });
        expect(judgeErasure({ ...free, now: last, keyFreeAt: last }).state).toBe("marked");
      },
    ),
  );
});

test("what has no floor has no last day", () => {
  expect(lastFreeAt([])).toBeNull();
  expect(lastFreeAt([{ newest: now, floorDays: null }])).toBeNull();
  expect(freeAt({ newest: now, floorDays: 90 })).toEqual(day(90));
});
