import { expect, test } from "vitest";
import { returnPath } from "./return-path.ts";

test("only paths of ours are returned to", () => {
  expect(returnPath("/eu/queries?range=1h&sort=calls")).toBe("/eu/queries?range=1h&sort=calls");
  for (const bad of [
    undefined,
    "",
    "//evil.test/x",
    "/\\evil.test",
    "https://evil.test",
    "javascript:alert(1)",
    "eu/queries",
    "/sign-in?callbackUrl=/",
    "/\t/evil.test",
  ]) {
    expect(returnPath(bad), String(bad)).toBe("/");
  }
  expect(returnPath(["/a", "/b"])).toBe("/a");
});
