import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { describeError } from "./log-error.ts";

const secret = "what-a-caller-sent\nforged";

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  throw new Error("nothing was thrown");
}

test("an error of ours keeps message, code, places and cause", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  const told = describeError(new AppError("INTERNAL", "The console database is away.", { cause }));
  expect(told).toMatchObject({
    type: "AppError",
    message: "The console database is away.",
    code: "INTERNAL",
    cause: { type: "Error", message: "connect ECONNREFUSED 127.0.0.1:1", code: "ECONNREFUSED" },
  });
  expect(told.stack).toMatch(/^at .*log-error\.test/);
});

test("what repeats a caller keeps its code and place only", () => {
  const driver = Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), {
    name: "PostgresError",
    code: "22P02",
    routine: "string_to_uuid",
    detail: secret,
    parameters: [secret],
  });
  const drizzle = Object.assign(new Error(`Failed query: select $1\nparams: ${secret}`, { cause: driver }), {
    query: "select $1",
    params: [secret],
  });
  const errors = [
    driver,
    drizzle,
    thrownBy(() => JSON.parse(secret)),
    thrownBy(() => z.strictObject({}).parse({ [secret]: 1 })),
    thrownBy(() => new URL(secret)),
    new AppError("BAD_INPUT", `${secret}: unknown`, { fields: { [secret]: "unknown" } }),
    new AppError("NOT_FOUND", `There is no target named "${secret}".`),
    Object.assign(new Error("fine"), { input: secret, query: secret }),
  ];
  for (const error of errors)
    expect(JSON.stringify(describeError(error))).not.toContain("what-a-caller-sent");
  expect(describeError(drizzle)).toMatchObject({
    cause: { type: "PostgresError", code: "22P02", routine: "string_to_uuid" },
  });
});

test("anything can be thrown", () => {
  for (const thrown of [null, undefined, "text", 5, {}])
    expect(describeError(thrown)).toEqual({ type: typeof thrown });
  const cyclic = new Error("a");
  cyclic.cause = cyclic;
  expect(JSON.stringify(describeError(cyclic)).length).toBeLessThan(10_000);
});

test("what a server that is away or slow answers has no stack, nor has its cause", () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  for (const code of ["UNAVAILABLE", "TIMEOUT", "OVERLOADED"] as const)
    expect(describeError(new AppError(code, "It is away.", { cause }))).toEqual({
      type: "AppError",
      message: "It is away.",
      code,
      cause: { type: "Error", message: "connect ECONNREFUSED", code: "ECONNREFUSED" },
    });
  expect(describeError(new AppError("INTERNAL", "Odd."))).toHaveProperty("stack");
});
