import { expect, test } from "vitest";
import { openCountWords, worstOpen } from "./open-count-words.ts";

const none = { critical: 0, warning: 0, notice: 0, unattended: 0, byTarget: [] };

test("the bell says how many wait for somebody and what fires, the gravest as its colour", () => {
  const of = (given: Partial<typeof none>) => {
    const count = { ...none, ...given };
    return `${worstOpen(count)}: ${openCountWords(count)}`;
  };
  expect([
    of({}),
    of({ critical: 1, warning: 3, unattended: 2 }),
    of({ warning: 1, unattended: 1 }),
    of({ notice: 2 }),
  ]).toEqual([
    "ok: No incident is open",
    "critical: 2 incidents wait for somebody; firing: 1 critical, 3 warnings",
    "warning: 1 incident waits for somebody; firing: 1 warning",
    "notice: Somebody has every incident; firing: 2 notices",
  ]);
});
