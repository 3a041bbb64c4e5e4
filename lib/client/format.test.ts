import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatChange,
  formatExact,
  formatMs,
  formatNumber,
  formatRatio,
  formatSeconds,
  formatValue,
} from "./format.ts";
import { formatInstant, formatMoment, formatRelative, formatSecond, formatTick } from "./format-time.ts";

describe("figures", () => {
  it.each([
    [0, "0"],
    [0.1234, "0.123"],
    [7, "7"],
    [42.56, "42.6"],
    [999.7, "1,000"],
    [9_876, "9,876"],
    [12_345, "12.3k"],
    [999_499, "999k"],
    [4_560_000, "4.56M"],
    [-15_000, "-15k"],
    [7.2e12, "7.2T"],
  ])("number %d → %s", (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_024, "1 kB"],
    [8_192 * 1_024, "8 MB"],
    [1_325_400_064, "1.23 GB"],
  ])("bytes %d → %s", (value, text) => expect(formatBytes(value)).toBe(text));

  it.each([
    [0, "0 ms"],
    [0.12, "0.12 ms"],
    [34.4, "34.4 ms"],
    [1_230, "1.23 s"],
    [125_000, "2 m 5 s"],
    [3_600_000, "1 h"],
  ])("milliseconds %d → %s", (value, text) => expect(formatMs(value)).toBe(text));

  it.each([
    [0.5, "500 ms"],
    [59.97, "1 m"],
    [3_599.9, "1 h"],
    [90_000, "1 d 1 h"],
    [86_400 * 800, "2.19 y"],
    [-5, "−5 s"],
  ])("seconds %d → %s", (value, text) => expect(formatSeconds(value)).toBe(text));

  it.each([
    [1, "100 %"],
    [0.99999, "99.99 %"],
    [0.9912, "99.12 %"],
    [0.954, "95.4 %"],
    [0.004, "0.4 %"],
    [0.00001, "< 0.01 %"],
    [0, "0 %"],
  ])("ratio %d → %s", (value, text) => expect(formatRatio(value)).toBe(text));

  it("never claims a hundred per cent that is not there", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ratio) => {
        expect(formatRatio(ratio)).not.toBe("100 %");
      }),
    );
  });

  it("says what is not known with a dash, not with a zero", () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY])
      expect(formatValue(value, "count")).toBe("–");
  });

  it("names the unit of a rate and keeps the exact figure", () => {
    expect(formatValue(1_536, "bytesPerSecond")).toBe("1.5 kB/s");
    expect(formatValue(12_345, "perSecond")).toBe("12.3k/s");
    expect(formatExact(4_299_161, "bytes")).toBe("4,299,161 bytes");
    expect(formatExact(0.99123, "ratio")).toBe("99.123 %");
  });

  it("tells a change in words, ratios in points", () => {
    expect(formatChange(112, 100, "count", "previous hour")?.words).toBe("+12 % vs previous hour");
    expect(formatChange(0.97, 0.99, "ratio")?.words).toBe("−2 points vs previous period");
    expect(formatChange(5, 0, "count")?.words).toBe("new");
    expect(formatChange(5_000, 100, "count")?.words).toBe("50× the previous period");
    expect(formatChange(768, 100, "count", "previous 10 m")?.words).toBe("+668 % vs previous 10 m");
    expect(formatChange(100, 100.1, "count")?.words).toBe("unchanged from the previous period");
    expect(formatChange(0, 0, "count")?.direction).toBe("same");
    expect(formatChange(null, 3, "count")).toBeNull();
  });
});

describe("times", () => {
  const at = new Date("2026-11-23T09:12:45Z");
  it("writes an instant with its zone", () => {
    expect(formatInstant(at, "utc")).toBe("23 Nov 2026, 09:12:45 UTC");
  });
  it("writes a moment as briefly as its day allows", () => {
    expect(formatMoment(at, Date.parse("2026-11-23T20:00:00Z"), "utc")).toBe("09:12");
    expect(formatMoment(at, Date.parse("2026-11-24T01:00:00Z"), "utc")).toBe("23 Nov 09:12");
    expect(formatMoment(at, Date.parse("2027-01-01T00:00:00Z"), "utc")).toBe("23 Nov 2026 09:12");
  });
  it("writes the second where moments are told apart by it", () => {
    expect(formatSecond(at, Date.parse("2026-11-23T20:00:00Z"), "utc")).toBe("09:12:45");
    expect(formatSecond(at, Date.parse("2026-11-24T01:00:00Z"), "utc")).toBe("23 Nov 09:12:45");
  });
  it.each([
    [0.5, "now"],
    [3, "3 s ago"],
    [119, "1 min ago"],
    [7_300, "2 h ago"],
    [86_400 * 3, "3 d ago"],
    [-90, "in 1 min"],
  ])("%d seconds before now reads %s", (seconds, text) => {
    expect(formatRelative(at, at.getTime() + seconds * 1_000)).toBe(text);
  });
  it("labels axis ticks by the span they stand in", () => {
    const tick = Date.parse("2026-11-23T00:00:00Z");
    expect(formatTick(tick, 3_600_000, "utc")).toBe("00:00");
    expect(formatTick(tick, 7 * 86_400_000, "utc")).toBe("23 Nov");
    expect(formatTick(tick, 300_000, "utc")).toBe("00:00:00");
    expect(formatTick(tick, 400 * 86_400_000, "utc")).toBe("Nov 26");
  });
});
