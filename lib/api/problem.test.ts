import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppError, errorCodes, httpStatus } from "../errors.ts";
import { problemResponse, thrownProblem } from "./problem.ts";

const held = globalThis as typeof globalThis & { auditDashboardLogger?: unknown };
const error = vi.fn();
beforeEach(() => {
  held.auditDashboardLogger = { error };
});
afterEach(() => {
  error.mockReset();
  delete held.auditDashboardLogger;
});

test.each(errorCodes)(
  "%s has its status, type and Retry-After only when trying again makes sense",
  async (code) => {
    const response = thrownProblem(new AppError(code, "In words."));
    expect(response.status).toBe(httpStatus[code]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.has("retry-after")).toBe(
      ["TIMEOUT", "UNAVAILABLE", "OVERLOADED", "RATE_LIMITED"].includes(code),
    );
    expect(response.headers.has("www-authenticate")).toBe(code === "UNAUTHENTICATED");
    expect(await response.json()).toMatchObject({ status: httpStatus[code], code, detail: "In words." });
  },
);

test("an error's own delay, fields and beginning are passed on", async () => {
  const since = new Date("2026-02-03T04:05:06Z");
  const response = thrownProblem(
    new AppError("UNAVAILABLE", "Down.", {
      since,
      retryAfterSeconds: 2,
      hint: "Wait.",
      fields: { range: "no" },
    }),
  );
  expect(response.headers.get("retry-after")).toBe("2");
  expect(await response.json()).toMatchObject({
    since: "2026-02-03T04:05:06.000Z",
    hint: "Wait.",
    errors: { range: "no" },
  });
});

test("a foreign error's message never leaves, and the error stands in the log", async () => {
  const foreign = new Error("password=hunter2");
  const response = thrownProblem(foreign, { operation: "overview" });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("hunter2");
  expect(error.mock.calls).toEqual([[{ operation: "overview", err: foreign }, "unexpected error"]]);
});

test("what the server said stands in a problem only where the error carries it", async () => {
  const error = { code: "UNSUPPORTED", message: "This server does not offer it.", retryable: false } as const;
  const server = { sqlState: "0A000", message: "not supported" };
  expect(await problemResponse({ ...error, server }).json()).toMatchObject({ server });
  expect(await problemResponse(error).json()).not.toHaveProperty("server");
});
