import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checksFile, renderChecks } from "./check-docs.ts";

test("docs/checks.md is what node lib/check-docs.ts writes", () => {
  expect(readFileSync(checksFile, "utf8")).toBe(renderChecks());
});
