import { expect, test } from "vitest";
import { AppError, errorCodes, httpStatus } from "../errors.ts";
import { thrownProblem } from "./problem.ts";

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

test("a foreign error's message never leaves", async () => {
  const response = thrownProblem(new Error("password=hunter2"));
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("hunter2");
});
