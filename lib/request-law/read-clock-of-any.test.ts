import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, atPlace, berlin, london, losAngeles } from "../testing/clocks.ts";
import type { ClockFacts } from "./clock.ts";
import { addMonths, daysBetween } from "./days.ts";
import { isWorkingDay } from "./public-holidays.ts";
import { readClock } from "./read-clock.ts";
import { regimes } from "./regimes.ts";

describe("any request", () => {
  const day = fc
    .integer({ min: Date.UTC(2024, 0, 1) / 3_600_000, max: Date.UTC(2030, 0, 1) / 3_600_000 })
    .map((hours) => new Date(hours * 3_600_000));
  const hours = fc.integer({ min: 0, max: 3_000 });
  const interval = fc.record({
    kind: fc.constantFrom("identity" as const, "clarification" as const, "fee" as const),
    after: hours,
    lasts: hours,
  });
  const facts = fc
    .record({
      regime: fc.constantFrom(...regimes),
      place: fc.constantFrom(berlin, london, losAngeles, { ...berlin, ...atPlace("DE", "BY") }),
      receivedAt: day,
      intervals: fc.array(interval, { maxLength: 4 }),
      extended: fc.option(hours),
    })
    .map(({ regime, place, receivedAt, intervals, extended }): ClockFacts => {
      const hoursOn = (count: number) => new Date(receivedAt.getTime() + count * 3_600_000);
      return {
        ...{ regime, ...place, receivedAt },
        intervals: intervals.map(({ kind, after: begins, lasts }) => ({
          ...{ kind, beganAt: hoursOn(begins), endedAt: hoursOn(begins + lasts) },
        })),
        extendedAt: extended === null ? null : hoursOn(extended),
      };
    });
  const now = at("2031-01-01");

  test("is due on a working day no sooner than it would be had nothing happened, and no later than all of it allows", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { dueOn, dueAt, stoodDays } = readClock(given, now);
        const plain = readClock({ ...given, intervals: [], extendedAt: null }, now);
        if (dueOn === null || dueAt === null || plain.dueOn === null) throw new Error("it stands");
        expect(dueOn >= plain.dueOn).toBe(true);
        expect(dueAt > given.receivedAt).toBe(true);
        if (given.regime !== "california") expect(isWorkingDay(given, dueOn)).toBe(true);
        const received = given.receivedAt.toISOString().slice(0, 10);
        // Three months, what it stood, and the longest row of days off.
        expect(daysBetween(addMonths(received, 3), dueOn)).toBeLessThanOrEqual(stoodDays + 8);
      }),
      { numRuns: 500 },
    );
  });

  test("reads the same however often it is read once nothing is outstanding", () => {
    fc.assert(
      fc.property(facts, fc.integer({ min: 0, max: 400 }), (given, days) => {
        const { extendBy: _, ...first } = readClock(given, now);
        const { extendBy: __, ...second } = readClock(given, new Date(now.getTime() + days * 86_400_000));
        expect(second).toEqual(first);
      }),
      { numRuns: 200 },
    );
  });
});
