import { expect, test } from "vitest";
import type { JobProgress } from "@/lib/work/estimate-progress.ts";
import { amountWords, failureAdvice, jobTitle, leftWords, speedWords, waitingWords } from "./job-words.ts";

const nowMs = Date.parse("2026-11-27T10:00:00Z");
const ago = (seconds: number) => new Date(nowMs - seconds * 1_000);
const progress: JobProgress = {
  done: 1_240,
  total: 5_000,
  unit: "keys",
  share: 0.248,
  perSecond: 20,
  secondsLeft: 188,
  because: null,
  at: ago(0),
};

test("an amount names its unit, and the whole where it is known", () => {
  expect(amountWords(progress)).toBe("1,240 of 5,000 keys");
  expect(amountWords({ ...progress, total: null })).toBe("1,240 keys");
  expect(amountWords({ ...progress, unit: "" })).toBe("1,240 of 5,000");
  expect(speedWords(progress)).toBe("20 keys/s");
  expect(speedWords({ ...progress, perSecond: null })).toBeNull();
});

test.each([
  [{}, "about 3 m 10 s left"],
  [{ secondsLeft: 42.4 }, "about 42 s left"],
  [{ secondsLeft: 4_000 }, "about 1 h 7 m left"],
  [{ secondsLeft: 0.4 }, "finishing"],
  [{ secondsLeft: null, because: "no_total" }, "total not known"],
  [{ secondsLeft: null, because: "too_early" }, "too early to tell"],
  [{ secondsLeft: null, because: "stalled", at: ago(95) }, "no progress for 1 m 35 s"],
] as const)("the time left, or why nobody knows: %j", (change, words) => {
  expect(leftWords({ ...progress, ...change }, nowMs)).toBe(words);
});

test.each([
  [{}, "waits for a worker"],
  [{ attempt: 1 }, "waits for a worker to go on"],
  [{ behind: "x" }, "waits for the one that runs"],
  [{ runAfter: ago(-90) }, "starts in 1 m 30 s"],
  [{ runAfter: ago(-90), failures: 1, attempt: 1 }, "tries again in 1 m 30 s"],
] as const)("why it waits: %j", (change, words) => {
  expect(waitingWords({ behind: null, runAfter: ago(1), failures: 0, attempt: 0, ...change }, nowMs)).toBe(
    words,
  );
});

test("a failed job says what to do, and what a retry would do", () => {
  const may = { cancel: { allowed: false, why: "" }, retry: { allowed: true } } as const;
  const error = { code: "TIMEOUT", message: "Too slow.", hint: "Try at night." };
  expect(failureAdvice({ error, may, checkpointAt: ago(3) })).toBe(
    "Try at night. Retry goes on from its checkpoint.",
  );
  expect(failureAdvice({ error: null, may, checkpointAt: null })).toBe(
    "Retry begins anew: it kept no checkpoint.",
  );
  const refused = { ...may, retry: { allowed: false, why: "It needs the role Operator." } } as const;
  expect(failureAdvice({ error, may: refused, checkpointAt: null })).toBe(
    "Try at night. It needs the role Operator.",
  );
});

test("a job's title names its object, else its target", () => {
  const title = "Count";
  expect(jobTitle({ title, object: { type: "t", id: "1", name: "log" }, target: "eu" })).toBe("Count · log");
  expect(jobTitle({ title, object: null, target: "eu" })).toBe("Count · eu");
  expect(jobTitle({ title, object: null, target: null })).toBe("Count");
});
