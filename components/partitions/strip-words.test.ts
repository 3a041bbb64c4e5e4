import { describe, expect, test } from "vitest";
import { cell, lane } from "./lane-fixtures.ts";
import { parseRelation, parseTableName, qualify, tableInput } from "./partition-inputs.ts";
import {
  cellInWords,
  coverageInWords,
  daysInWords,
  laneInWords,
  laneLabel,
  runwayInWords,
  shortCoverage,
} from "./partition-words.ts";
import { thinWords } from "./strip-marks.tsx";
import { createShade, levels } from "./strip-shade.ts";
import { calendarTicks } from "./strip-ticks.ts";
import { moveZoom, scaleZoom } from "./strip-zoom.ts";

const at = (iso: string) => Date.parse(iso);

describe("words", () => {
  test("whole months, days, quarters and years go by their names, anything else by its ends", () => {
    const short = (from: string, to: string) => shortCoverage(cell(from, to));
    expect(short("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")).toBe("Nov 2026");
    expect(short("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")).toBe("23 Nov 2026");
    expect(short("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z")).toBe("Q2 2026");
    expect(short("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).toBe("2026");
    expect(short("2026-01-01T06:00:00Z", "2026-01-01T07:00:00Z")).toBe("1 Jan 2026 06:00 → 1 Jan 2026 07:00");
    expect(short("2026-02-01T00:00:00Z", "2026-05-01T00:00:00Z")).toBe("1 Feb 2026 → 1 May 2026");
  });

  test("open ends, defaults and hidden bounds say so", () => {
    expect(coverageInWords(cell(null, "2026-01-01T00:00:00Z"))).toBe("the beginning → 1 Jan 2026 UTC");
    expect(coverageInWords(cell("2026-01-01T00:00:00Z", null))).toBe("1 Jan 2026 → no end UTC");
    expect(coverageInWords(cell(null, null, { isDefault: true }))).toContain("no other partition");
    expect(coverageInWords(cell(null, null, { bounds: null }))).toContain("hidden by a lock");
  });

  test("runway in whole days, finer below two, and what is wrong instead", () => {
    const runway = {
      coversNow: true,
      seconds: 97.4 * 86_400,
      intervals: 3.2,
      severity: null,
      until: null,
      untilInWords: null,
      lastBound: null,
      lastBoundInWords: null,
      caughtBy: null,
      unlimited: false,
      retired: false,
    };
    expect(runwayInWords(runway)).toBe("97 days, 3.2 partitions");
    expect(daysInWords(90_000)).toBe("1 d 1 h");
    expect(runwayInWords({ ...runway, coversNow: false, seconds: 0 })).toBe("no partition for now");
    expect(runwayInWords({ ...runway, unlimited: true, seconds: null })).toBe("no end");
    expect(runwayInWords({ ...runway, retired: true, coversNow: false })).toBe("no longer used");
  });

  test("lanes and cells are told whole", () => {
    expect(laneLabel("'it''s', 'b'")).toBe("it's, b");
    expect(laneInWords(lane([cell("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")]))).toBe("1 partition");
    expect(cellInWords([cell(null, null, { name: "a" }), cell(null, null, { name: "b" })])).toBe(
      "2 partitions, a to b, 16 kB",
    );
    expect(
      cellInWords([cell(null, null, { name: "a", bytes: null, rowsEstimated: null, detachPending: true })]),
    ).toMatch(/rows not known, size not known, detach pending/);
  });
});

describe("the URL", () => {
  test("a table is named as SQL names it, and comes back as it was", () => {
    expect(parseTableName("audit_log")).toEqual({ schema: "public", root: "audit_log" });
    expect(parseTableName('public."audit.log"')).toEqual({ schema: "public", root: "audit.log" });
    for (const odd of [
      { schema: "a.b", name: "c" },
      { schema: "a", name: "b.c" },
      { schema: "Odd.%2E Schema", name: 'e"1/?&#' },
    ])
      expect(parseRelation(qualify(odd))).toEqual(odd);
    for (const text of [null, undefined, "", ".x", "x.", "a.b.c"]) expect(parseTableName(text)).toBeNull();
  });

  test("a sort becomes the server's order; what it does not know is the newest first", () => {
    const table = { schema: "public", root: "t" };
    const input = (sort: string | null) => tableInput(table, { sort, filter: "", page: 2 });
    expect(input("total.asc")).toMatchObject({ orderBy: "totalBytes", order: "asc", offset: 200 });
    expect(input("nonsense.asc")).toMatchObject({ orderBy: "from", order: "desc" });
    expect(input(null)).toMatchObject({ orderBy: "from", order: "desc" });
  });
});

describe("colour", () => {
  test("levels rise with the value, nothing known is no level", () => {
    const cells = [0, 1, 25, 100].map((bytes) => cell(null, null, { bytes }));
    const shade = createShade("size", cells, 0);
    const found = cells.map((each) => shade.levelOf([each]));
    expect(found).toEqual(found.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect([found[0], found[3]]).toEqual([0, levels - 1]);
    expect(shade.levelOf([cell(null, null, { bytes: null })])).toBeNull();
    expect(shade.levelOf(cells)).toBe(levels - 1);
    expect(shade.legend.map(({ words }) => words).at(-1)).toBe("up to 100 B");
  });

  test("the legend promises no scale where nothing is known or everything is zero", () => {
    const legend = (bytes: number | null) => createShade("size", [cell(null, null, { bytes })], 0).legend;
    expect(legend(null)).toEqual([]);
    expect(legend(0)).toEqual([{ level: 0, words: "0 B" }]);
  });

  test("the longer ago a vacuum, the stronger; never is not known, also among others", () => {
    const now = at("2026-11-23T00:00:00Z");
    const ago = (days: number) => cell(null, null, { lastVacuum: new Date(now - days * 86_400_000) });
    const shade = createShade("vacuum", [], now);
    expect([0.5, 2, 20, 400].map((days) => shade.levelOf([ago(days)]))).toEqual([0, 1, 3, levels - 1]);
    expect(shade.levelOf([ago(1), cell(null, null)])).toBeNull();
  });
});

describe("axis and zoom", () => {
  test("ticks stand on whole months and years of UTC, far enough apart", () => {
    const domain = { fromMs: at("2025-09-25T00:00:00Z"), toMs: at("2027-03-05T00:00:00Z") };
    const ticks = calendarTicks(domain, 1_000);
    expect(ticks[0]).toEqual({ at: at("2025-10-01T00:00:00Z"), label: "Oct", major: false });
    expect(ticks.find((tick) => tick.label === "2026")?.at).toBe(at("2026-01-01T00:00:00Z"));
    for (const width of [200, 400, 1_000, 3_000])
      expect(calendarTicks(domain, width).length).toBeLessThanOrEqual(width / 50 + 1);
  });

  test("weeks begin on Mondays, hours show their day", () => {
    const days = calendarTicks({ fromMs: at("2026-11-01T00:00:00Z"), toMs: at("2026-12-01T00:00:00Z") }, 300);
    expect(days.every((tick) => new Date(tick.at).getUTCDay() === 1)).toBe(true);
    const hours = calendarTicks(
      { fromMs: at("2026-11-01T20:00:00Z"), toMs: at("2026-11-02T04:00:00Z") },
      600,
    );
    expect(hours.find((tick) => tick.major)?.label).toBe("2 Nov");
  });

  test("zooming in goes to now, out to everything, and never past the ends", () => {
    const whole = { fromMs: 0, toMs: 1_000 * 60_000 };
    const now = 900 * 60_000;
    const half = scaleZoom(null, whole, now, 0.5);
    expect(half).toEqual({ fromMs: 500 * 60_000, toMs: 1_000 * 60_000 });
    expect(scaleZoom(half, whole, now, 2)).toBeNull();
    expect(half && moveZoom(half, whole, 0.5)).toEqual(half);
    expect(half && moveZoom(half, whole, -9)).toEqual({ fromMs: 0, toMs: 500 * 60_000 });
  });

  test("words that would stand on each other are thinned", () => {
    const span = (x: number) => ({ key: String(x), x, width: 4, words: "gap" });
    expect(thinWords([span(100), span(10), span(20)]).map(({ x }) => x)).toEqual([10, 100]);
  });
});
