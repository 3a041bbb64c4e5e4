import fc from "fast-check";
import { expect, test } from "vitest";
import { missingPartitions } from "./extend-partitions.ts";
import {
  intervalAt,
  intervalLabel,
  intervalsBetween,
  partitionIntervals,
  uncovered,
} from "./partition-interval.ts";

const at = (text: string) => new Date(`${text}Z`);
const bounds = (from: string, to: string) => ({ from: at(`${from}T00:00:00`), to: at(`${to}T00:00:00`) });

test.each([
  ["day", "2026-11-23T23:59:59.999", "2026-11-23", "2026-11-24", "2026_11_23"],
  ["week", "2026-11-23T00:00:00", "2026-11-23", "2026-11-30", "2026_w48"],
  ["week", "2027-01-03T12:00:00", "2026-12-28", "2027-01-04", "2026_w53"],
  ["week", "2024-12-31T12:00:00", "2024-12-30", "2025-01-06", "2025_w01"],
  ["month", "2026-12-31T23:00:00", "2026-12-01", "2027-01-01", "2026_12"],
  ["month", "2028-02-29T00:00:00", "2028-02-01", "2028-03-01", "2028_02"],
  ["quarter", "2026-11-23T00:00:00", "2026-10-01", "2027-01-01", "2026_q4"],
] as const)("the %s of %s is %s to %s, labelled %s", (interval, moment, from, to, label) => {
  const found = intervalAt(interval, at(moment));
  expect(found).toEqual(bounds(from, to));
  expect(intervalLabel(interval, found)).toBe(label);
});

test("a range that is no whole interval is labelled by both its ends", () => {
  expect(intervalLabel("quarter", bounds("2026-12-01", "2027-01-01"))).toBe("20261201_20270101");
});

test("any run of intervals is without gap or overlap, holds its beginning, and reaches past now", () => {
  const moment = fc.date({
    min: at("1990-01-01T00:00:00"),
    max: at("2090-01-01T00:00:00"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...partitionIntervals),
      moment,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 6 }),
      (interval, from, days, ahead) => {
        const now = new Date(from.getTime() + days * 86_400_000);
        const run = intervalsBetween(interval, from, now, ahead);
        expect(run[0]?.from.getTime()).toBeLessThanOrEqual(from.getTime());
        for (const [index, one] of run.entries()) {
          expect(one.from < one.to).toBe(true);
          if (index > 0) expect(one.from).toEqual(run[index - 1]?.to);
        }
        const later = run.filter((one) => one.from > now);
        expect(later).toHaveLength(ahead);
      },
    ),
    { numRuns: 300 },
  );
});

test("only what nobody covers is missing, also after the interval changed", () => {
  expect(uncovered(bounds("2026-10-01", "2027-01-01"), [bounds("2026-11-01", "2026-12-01")])).toEqual([
    bounds("2026-10-01", "2026-11-01"),
    bounds("2026-12-01", "2027-01-01"),
  ]);
  const branch = {
    policy: "phi",
    interval: "quarter" as const,
    covered: [bounds("2026-10-01", "2026-11-01"), bounds("2026-11-01", "2026-12-01")],
  };
  expect(missingPartitions([branch], { now: at("2026-11-23T09:00:00"), ahead: 1 })).toEqual([
    { policy: "phi", name: "audit_log_phi_20261201_20270101", bounds: bounds("2026-12-01", "2027-01-01") },
    { policy: "phi", name: "audit_log_phi_2027_q1", bounds: bounds("2027-01-01", "2027-04-01") },
  ]);
});
