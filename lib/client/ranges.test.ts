import { describe, expect, it } from "vitest";
import { relativeRanges } from "../read.ts";
import { keptParams, periodBefore, periodShown, rangeOfSearch, rangeSeconds } from "./ranges.ts";

describe("ranges", () => {
  it("offers the same ranges, of the same length, as the server takes", () => {
    expect(rangeSeconds).toEqual(relativeRanges);
  });

  it("carries range, refresh and own on, and nothing of the page's own", () => {
    const search = new URLSearchParams("sort=calls&range=6h&refresh=off&own=show&whole=true&q=x");
    expect(keptParams(search)).toBe("range=6h&refresh=off&own=show&whole=true");
    expect(keptParams(new URLSearchParams("sort=calls"))).toBe("");
  });

  it("names the window that figures are of, and the one they are compared with", () => {
    expect(periodShown({ choice: "1h", seconds: 3_600 })).toBe("last hour");
    expect(periodBefore({ choice: "7d", seconds: 604_800 })).toBe("previous 7 days");
    expect(periodBefore({ choice: null, seconds: 5_400 })).toBe("previous 1 h 30 m");
  });

  it("reads the range of a page's search params", () => {
    expect(rangeOfSearch({})).toEqual({ range: "1h" });
    expect(rangeOfSearch({ range: "7d" })).toEqual({ range: "7d" });
    expect(rangeOfSearch({ range: "bogus" })).toEqual({ range: "1h" });
    expect(rangeOfSearch({ from: "2026-01-01T00:00:00.000Z", to: "2026-01-02T00:00:00.000Z" })).toEqual({
      from: new Date("2026-01-01T00:00:00Z"),
      to: new Date("2026-01-02T00:00:00Z"),
    });
    expect(rangeOfSearch({ from: "2026-01-02", to: "2026-01-01" })).toEqual({ range: "1h" });
    expect(rangeOfSearch({ from: "never", to: "2026-01-01" })).toEqual({ range: "1h" });
  });
});
