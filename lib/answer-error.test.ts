import { expect, test, vi } from "vitest";
import { answerError } from "./answer-error.ts";
import { AppError } from "./errors.ts";

test("what is told as INTERNAL stands in the log once with its cause, and nothing else does", () => {
  const error = vi.fn();
  const [foreign, own] = [new Error("hunter2"), new AppError("INTERNAL", "Odd.")];
  const told = [foreign, new AppError("NOT_FOUND", "Not here."), own].map((thrown) =>
    answerError(thrown, { read: "overview" }, { error }),
  );
  expect(told.map(({ code, message }) => [code, message])).toEqual([
    ["INTERNAL", "An unexpected error was recorded in the console's log."],
    ["NOT_FOUND", "Not here."],
    ["INTERNAL", "Odd."],
  ]);
  expect(error.mock.calls).toEqual([
    [{ read: "overview", err: foreign }, "unexpected error"],
    [{ read: "overview", err: own }, "unexpected error"],
  ]);
});
