import { expect, test } from "vitest";
import { changeWords, periodBefore } from "./change-words.ts";

test("a window is compared with one of its own length", () => {
  expect(periodBefore({ choice: "1h", seconds: 3_600 })).toBe("the hour before");
  expect(periodBefore({ choice: null, seconds: 5_400 })).toBe("the 1 h 30 m before");
});

test("a change is told in words, briefly and whole", () => {
  expect(changeWords(150, 100, "ms", "the hour before")).toEqual({
    direction: "up",
    brief: "up 50 %",
    whole: "up 50 % on the hour before",
  });
  expect(changeWords(40, 100, "ms", "the hour before").brief).toBe("down 60 %");
  expect(changeWords(100, 100, "ms", "the hour before").brief).toBe("as before");
  expect(changeWords(100, 0, "count", "the hour before")).toMatchObject({ direction: "up", brief: "new" });
});

test("what was not collected is not zero", () => {
  expect(changeWords(100, null, "ms", "the hour before")).toEqual({
    direction: "unknown",
    brief: "–",
    whole: "Nothing was collected in the hour before.",
  });
  expect(changeWords(null, 100, "ms", "the hour before").direction).toBe("unknown");
});
