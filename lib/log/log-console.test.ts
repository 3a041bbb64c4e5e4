import { expect, test } from "vitest";
import { describePrint } from "./log-console.ts";

test("a print is one line without colours and addresses, with its error beside", () => {
  const err = new Error("a");
  expect(describePrint([" \u001b[31m⨯\u001b[39m", err])).toEqual({ message: "⨯", err });
  expect(describePrint(["one\n  two", 5, { key: "value" }, "three"])).toEqual({ message: "one two three" });
  expect(describePrint([" ⨯", "Failed to handle request for /%ff?key=value\nforged"])).toEqual({
    message: "⨯ Failed to handle request for an address",
  });
  expect(describePrint(["x".repeat(1_000)]).message).toHaveLength(300);
  expect(describePrint([])).toEqual({ message: "" });
});
