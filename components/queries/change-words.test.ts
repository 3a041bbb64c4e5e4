import { expect, test } from "vitest";
import { changeWords } from "./change-words.ts";

test("a change is told in words, briefly and whole", () => {
  expect(changeWords(150, 100, "ms", "previous hour")).toEqual({
    direction: "up",
    brief: "+50 %",
    whole: "+50 % vs previous hour",
  });
  expect(changeWords(40, 100, "ms", "previous hour").brief).toBe("−60 %");
  expect(changeWords(4_000, 100, "ms", "previous hour").brief).toBe("40×");
  expect(changeWords(100, 100, "ms", "previous hour").brief).toBe("unchanged");
  expect(changeWords(100, 0, "count", "previous hour")).toMatchObject({ direction: "up", brief: "new" });
});

test("what was not collected is not zero", () => {
  expect(changeWords(100, null, "ms", "previous hour")).toEqual({
    direction: "unknown",
    brief: "–",
    whole: "Nothing was collected in the previous hour.",
  });
  expect(changeWords(null, 100, "ms", "previous hour").direction).toBe("unknown");
});
