import { expect, test, vi } from "vitest";
import { AppError, toAppError } from "./errors.ts";

/** The module once more, as another of Next's bundles has it: same code, another class. */
async function otherBundle(): Promise<typeof import("./errors.ts")> {
  vi.resetModules();
  return import("./errors.ts");
}

test("an error thrown by another bundle's class keeps its code, hint and fields", async () => {
  const { AppError: OtherAppError } = await otherBundle();
  const thrown = new OtherAppError("BAD_INPUT", "0.id: is no UUID", {
    hint: "Send one.",
    fields: { "0.id": "is no UUID" },
  });

  expect(Object.is(OtherAppError, AppError)).toBe(false);
  expect(thrown instanceof AppError).toBe(true);
  expect(toAppError(thrown)).toMatchObject({
    code: "BAD_INPUT",
    message: "0.id: is no UUID",
    hint: "Send one.",
    fields: { "0.id": "is no UUID" },
  });
});

test.each([new Error("secret"), { code: "BAD_INPUT", message: "looks like one" }, "text", null, undefined])(
  "what does not carry the brand is told as INTERNAL: %o",
  (thrown) => {
    expect(thrown instanceof AppError).toBe(false);
    expect(toAppError(thrown)).toMatchObject({
      code: "INTERNAL",
      message: "An unexpected error was recorded in the console's log.",
    });
  },
);
