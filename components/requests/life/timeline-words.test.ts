import { expect, it } from "vitest";
import type { RequestTimelineEntry } from "@/lib/requests/types.ts";
import { entryWords, factWords } from "./timeline-words.ts";

const erasure = (facts: RequestTimelineEntry["facts"]) =>
  ({ kind: "erasure", to: null, facts }) as RequestTimelineEntry;

it("tells an erasure that is asked for from a key that is destroyed", () => {
  expect(entryWords(erasure({ step: "asked", keys: 4 }))).toBe("Erasure of 4 keys begun");
  expect(entryWords(erasure({ step: "asked", keys: 0 }))).toBe("No key was left to erase");
  const destroyed = erasure({ step: "destroyed", target: "eu", policy: "minimal", entry: 3 });
  expect([entryWords(destroyed), factWords(destroyed)]).toEqual(["Key destroyed", "minimal on eu"]);
});
