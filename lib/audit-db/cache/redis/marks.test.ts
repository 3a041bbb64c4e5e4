import { expect, test } from "vitest";
import { createMarks } from "./marks.ts";

test("a drop that is heard while the marks are read is not undone by what they were", async () => {
  const marks = createMarks();
  await marks.load(async () => ({ "audit/storage": "old" }));
  const before = marks.stampOf("audit", ["storage"]);
  const missed = await marks.load(async () => {
    marks.set({ "audit/storage": "new" });
    return { "audit/storage": "old", "audit/events": "other" };
  });
  // Heard, so not missed.
  expect(missed).toEqual([{ target: "audit", tags: ["events"] }]);
  const after = marks.stampOf("audit", ["storage"]);
  expect(after).not.toBe(before);
  expect(after).toContain("new");
  expect(await marks.load(async () => ({ "audit/storage": "new", "audit/events": "other" }))).toEqual([]);
});
