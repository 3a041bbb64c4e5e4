import { expect, test } from "vitest";
import { emptyFilter } from "./events-input.ts";
import { exportedWords } from "./export-words.ts";

const filter = { ...emptyFilter, before: null };

test.each([
  [{ range: "24h" as const }, filter, "Every event of the last 24 hours"],
  [
    { range: "1h" as const },
    { ...filter, organization: " org-3 ", about: "r-1", status: "failure" as const },
    "Every event of the last hour with target r-1, organisation org-3, status failure",
  ],
  [
    { from: new Date("2026-03-01T09:00:00Z"), to: new Date("2026-03-02T09:00:00Z") },
    { ...filter, classification: "PHI" as const },
    "Every event from 1 Mar 2026, 09:00:00 UTC to 2 Mar 2026, 09:00:00 UTC with class PHI",
  ],
])("an export of %j says what it holds", (range, given, words) => {
  expect(exportedWords(range, given, "utc")).toBe(words);
});
