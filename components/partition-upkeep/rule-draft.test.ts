import { expect, test } from "vitest";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { draftOf, draftProblems, freshDraft, ruleOf } from "./rule-draft.ts";
import { aheadInWords, windowInWords } from "./upkeep-words.ts";

const rule = {
  cut: {
    ...{ unit: "month", count: 1, timeZone: "Europe/Berlin" },
    ...{ naming: "{table}_{yyyy}_{mm}", key: "snowflake 1288834974657" },
  },
  ahead: 12,
  cron: "17 3 * * *",
  timeZone: "Europe/Berlin",
  window: { from: "02:00", to: "05:00" },
  lockTimeoutMs: 200,
  tablespace: "slow",
} as Upkeep;

test("a rule that is opened and saved says what it said", () => {
  expect(draftProblems(draftOf(rule))).toEqual({});
  expect(ruleOf(draftOf(rule))).toEqual({
    cut: rule.cut,
    ahead: 12,
    cron: "17 3 * * *",
    timeZone: "Europe/Berlin",
    window: { from: "02:00", to: "05:00" },
    lockTimeoutMs: 200,
    tablespace: "slow",
  });
});

test("a fresh one leaves the interval to be learned", () => {
  expect(ruleOf(freshDraft)).toEqual({
    ahead: 3,
    cron: "17 3 * * *",
    timeZone: "UTC",
    lockTimeoutMs: 200,
  });
});

test("what is emptied is learned again, and a name alone leaves the interval to be learned", () => {
  const emptied = { ...draftOf(rule), unit: "learned" as const, cutZone: " ", key: "", tablespace: "" };
  expect(ruleOf(emptied)).toMatchObject({ cut: { naming: "{table}_{yyyy}_{mm}" } });
  expect(Object.keys(ruleOf(emptied).cut ?? {})).toEqual(["naming"]);
  expect(ruleOf({ ...emptied, naming: "" })).not.toHaveProperty("cut");
  expect(ruleOf(emptied)).not.toHaveProperty("tablespace");
});

test("a width of numbers stays a text: it may not fit a double", () => {
  const width = "9007199254740993";
  expect(ruleOf({ ...freshDraft, unit: "number", count: width }).cut).toEqual({
    unit: "number",
    count: width,
  });
});

test("what is half typed is said at its field", () => {
  const bad = {
    ...freshDraft,
    ahead: "0",
    unit: "day" as const,
    count: "x",
    lockTimeoutMs: "9000",
    from: "02:00",
    cron: " ",
  };
  expect(Object.keys(draftProblems(bad)).sort()).toEqual(["ahead", "count", "cron", "from", "lockTimeoutMs"]);
});

test("in words", () => {
  expect(aheadInWords(rule)).toBe(
    "12 partitions ahead, each of 1 month in Europe/Berlin, in tablespace slow",
  );
  expect(aheadInWords({ cut: null, ahead: 1 })).toBe("1 partition ahead");
  expect(aheadInWords({ cut: { unit: "number", count: "5000" }, ahead: 2 })).toBe(
    "2 partitions ahead, each of 5000 numbers",
  );
  expect(windowInWords(rule.window)).toBe("between 02:00 and 05:00");
  expect(windowInWords(null)).toBe("at any hour");
});
