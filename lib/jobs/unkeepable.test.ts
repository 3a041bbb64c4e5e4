import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { isUnkeepable } from "./unkeepable.ts";

const circle: { self?: unknown } = {};
circle.self = circle;
const refused = (code: string) =>
  new Error("Failed query", { cause: Object.assign(new Error("refused"), { code }) });

test.each([
  ["text that jsonb cannot hold", refused("22P05"), { text: "\0" }, true],
  ["a value beyond a limit of the server's", refused("54000"), { many: 1 }, true],
  ["a value that refers to itself", new TypeError("Converting circular structure to JSON"), circle, true],
  [
    "a number that JSON has none for",
    new TypeError("Do not know how to serialize a BigInt"),
    { n: 1n },
    true,
  ],
  ["a server without a place", refused("53300"), { made: 1 }, false],
  ["a deadlock", refused("40P01"), { made: 1 }, false],
  ["a pool with no room", new AppError("OVERLOADED", "Too many wait."), { made: 1 }, false],
  ["a connection that went away without a word", new Error("socket"), { made: 1 }, false],
  ["nothing to keep", new Error("socket"), null, false],
])("%s", (_, thrown, result, unkeepable) => {
  expect(isUnkeepable(thrown, result)).toBe(unkeepable);
});
