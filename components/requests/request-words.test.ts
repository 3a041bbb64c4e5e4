import { expect, it } from "vitest";
import { openRequest } from "./request-fixtures.ts";
import { byDue, deadlineOf, deadlineWords, problemWords } from "./request-words.ts";

it("says days left with a word, and how bad that is", () => {
  const of = (daysLeft: number) => deadlineOf(openRequest({ daysLeft }));
  expect(of(8)).toEqual({ state: "ok", days: 8, words: "days left" });
  expect(of(7).state).toBe("warning");
  expect(of(3).state).toBe("warning");
  expect(of(2).state).toBe("critical");
  expect(of(1)).toEqual({ state: "critical", days: 1, words: "day left" });
  expect(of(0)).toEqual({ state: "critical", days: 0, words: "days left" });
  expect(of(-1)).toEqual({ state: "critical", days: 1, words: "day overdue" });
  expect(of(-5)).toEqual({ state: "critical", days: 5, words: "days overdue" });
});

it("counts no day while the clock is paused or once it is closed", () => {
  expect(deadlineWords(openRequest({ daysLeft: null, standing: "identity" }))).toBe(
    "clock paused until identity is confirmed",
  );
  expect(deadlineWords(openRequest({ closedAt: "2026-11-20T00:00:00Z" }))).toBe("closed");
});

it("is neither due nor late once the person was answered", () => {
  const answered = openRequest({ daysLeft: null, respondedAt: "2026-12-04T00:00:00Z" });
  expect(deadlineOf(answered)).toEqual({ state: "ok", days: null, words: "answered" });
});

it("lists what is due first, first", () => {
  const rows = [
    openRequest({ number: 1, dueAt: null }),
    openRequest({ number: 2, dueAt: "2026-12-02T23:00:00Z" }),
    openRequest({ number: 3, dueAt: "2026-11-02T23:00:00Z" }),
    // Answered.
    openRequest({ number: 4, dueAt: "2026-11-01T23:00:00Z", daysLeft: null }),
  ];
  expect(rows.toSorted(byDue).map(({ number }) => number)).toEqual([3, 2, 1, 4]);
});

it("tells a job that gave up in words, and which one", () => {
  expect(problemWords("CANCELLED: see job 01a2.")).toEqual({ words: "Its job was cancelled.", job: "01a2" });
  expect(problemWords("TIMEOUT: see job 01a2.")).toEqual({
    words: "Its job gave up (TIMEOUT).",
    job: "01a2",
  });
  expect(problemWords("Held by legal hold #2.")).toEqual({ words: "Held by legal hold #2.", job: null });
});
