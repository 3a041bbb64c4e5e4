import { expect, test } from "vitest";
import { judgeActions } from "./judge-actions.ts";

const job = { state: "running", cancelRequestedAt: null, known: true } as const;
const operator = { role: "operator", targets: null } as const;

test("an operator cancels what has not ended and retries what failed or was cancelled", () => {
  const allowed = (state: "waiting" | "running" | "done" | "failed" | "cancelled" | "skipped") => {
    const { cancel, retry } = judgeActions(operator, { ...job, state });
    return [cancel.allowed, retry.allowed];
  };
  expect(allowed("waiting")).toEqual([true, false]);
  expect(allowed("running")).toEqual([true, false]);
  expect(allowed("failed")).toEqual([false, true]);
  expect(allowed("cancelled")).toEqual([false, true]);
  expect(allowed("done")).toEqual([false, false]);
  expect(allowed("skipped")).toEqual([false, false]);
});

test("why not is said, the job's own reason before the role's", () => {
  expect(judgeActions({ role: "viewer", targets: null }, job)).toEqual({
    cancel: { allowed: false, why: "Cancelling and retrying need the role Operator." },
    retry: { allowed: false, why: "It has not ended yet." },
  });
  expect(
    judgeActions({ role: "privacy_officer", targets: null }, { ...job, state: "failed" }).retry.allowed,
  ).toBe(false);
  expect(judgeActions(operator, { ...job, cancelRequestedAt: new Date() }).cancel).toEqual({
    allowed: false,
    why: "It is being cancelled.",
  });
  expect(judgeActions(operator, { ...job, state: "failed", known: false }).retry).toEqual({
    allowed: false,
    why: "This version of the console has no such job.",
  });
});
