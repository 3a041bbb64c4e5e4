import { expect, test } from "vitest";
import { formatFigure, limitsText, limitsWords, previewWords, stateLabel } from "./check-words.ts";

const rising = { unit: "seconds", direction: "rising" } as const;
const falling = { unit: "days", direction: "falling" } as const;

test("limits are told with the side on which it is bad, and what is not set is not told", () => {
  expect(limitsText(rising, { warning: 300, critical: 900 })).toBe("≥ 5 min · 15 min");
  expect(limitsText(falling, { warning: 45, critical: 14 })).toBe("< 45 d · 14 d");
  expect(limitsText(rising, { warning: 300, critical: null })).toBe("≥ 5 min");
  expect(limitsText(rising, { warning: null, critical: 900 })).toBe("≥ – · 15 min");
  expect(limitsText(rising, null)).toBeNull();
  expect(limitsWords(falling, { warning: 45, critical: null })).toBe("warning below 45 d, never critical");
});

test.each([
  [1_260, "seconds", "21 min"],
  [125, "seconds", "2 min 5 s"],
  [12_000, "seconds", "3 h 20 min"],
  [0.25, "seconds", "250 ms"],
  [0.824, "ratio", "82.4 %"],
  [34.2, "days", "34.2 d"],
  [5, "perMinute", "5/min"],
  [2, "partitions", "2"],
  [null, "seconds", "–"],
] as const)("%s in %s is shown as %s", (value, unit, text) => {
  expect(formatFigure(value, unit)).toBe(text);
});

test.each([
  [{ applies: 0, becomes: {} }, "No object has a figure to compare now."],
  [{ applies: 1, becomes: {} }, "Nothing would change now: 1 object would stay as it is."],
  [{ applies: 12, becomes: {} }, "Nothing would change now: 12 objects would stay as they are."],
  [
    { applies: 12, becomes: { warning: 3 } },
    "3 objects would become warnings, by the figures of the last evaluation.",
  ],
  [
    { applies: 9, becomes: { critical: 1, warning: 1, ok: 2 } },
    "1 object would become critical, 1 object would become a warning, 2 objects would become OK, by the figures of the last evaluation.",
  ],
])("%j: %s", (preview, words) => {
  expect(previewWords({ ...preview, examples: [] })).toBe(words);
});

test("what could not be judged says whether it only takes time or was never set up", () => {
  const label = (unavailable: object | null, state: "unavailable" | "ok" = "unavailable") =>
    stateLabel({ state, worst: { unavailable } as never });
  expect(label({ code: "insufficient_data", reason: "", until: new Date() })).toBe("learning");
  expect(label({ code: "not_configured", reason: "" })).toBe("not configured");
  expect(label({ code: "no_grant", reason: "" })).toBe("unavailable");
  expect(label(null, "ok")).toBe("OK");
});
