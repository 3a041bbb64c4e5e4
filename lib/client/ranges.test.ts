import { describe, expect, it } from "vitest";
import { relativeRanges } from "../read.ts";
import { keptParams, rangeOfSearch, rangeSeconds } from "./ranges.ts";

describe("ranges", () => {
  it("offers the same ranges, of the same length, as the server takes", () => {
    expect(rangeSeconds).toEqual(relativeRanges);
  });

  it("carries range, refresh and own on, and nothing of the page's own", () => {
    const search = new URLSearchParams("sort=calls&range=6h&refresh=off&own=show&q=x");
    expect(keptParams(search)).toBe("range=6h&refresh=off&own=show");
    expect(keptParams(new URLSearchParams("sort=calls"))).toBe("");
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
