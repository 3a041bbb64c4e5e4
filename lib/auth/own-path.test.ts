import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownPath, returnPath, signInPath } from "./own-path.ts";

const origin = "https://console.example";
/** What address bars, parsers and servers read differently. */
// biome-ignore format: a list of pieces
const pieces = [
  "/", "//", "\\", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "%09", "%0a", "%00", "\t", "\n", "\r", "\0", " ", "@", ":",
  "?", "#", "user:pw@", "evil.example", "https:", "https://", "javascript:", "console.example", "%", "sign-in", "[", "é",
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((some) => some.join("")),
  fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((some) => `/${some.join("")}`),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);

describe("whatever the text", () => {
  test("a return path stays on this origin, for the parser and as browsers read a Location", () => {
    fc.assert(
      fc.property(text, (given) => {
        const path = returnPath(given);
        expect(new URL(path, origin).origin).toBe(origin);
        // Nothing that one reader drops or turns round and another does not.
        expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
        expect(path.split("?")[0]).not.toMatch(/\\|\/(\.|%2e){1,2}(\/|$)/i);
        expect(returnPath(path)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });

  test("an own path resolves to itself and is its own path again", () => {
    fc.assert(
      fc.property(text, (given) => {
        const path = ownPath(given, origin);
        if (path === null) return;
        expect(new URL(path, origin).href).toBe(origin + path);
        expect(ownPath(path, origin)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the sign-in page is given nothing but a path of ours", () => {
    fc.assert(
      fc.property(text, (given) => {
        const { pathname, searchParams, origin: leadsTo } = new URL(signInPath(given), origin);
        expect([leadsTo, pathname]).toEqual([origin, "/sign-in"]);
        expect(returnPath(searchParams.get("callbackUrl") ?? "/")).toBe(
          searchParams.get("callbackUrl") ?? "/",
        );
      }),
    );
  });
});

test.each([
  "/.//evil.example",
  "/..//evil.example",
  "/%2e//evil.example",
  "/%2E%2e//evil.example",
  "/a/..//evil.example",
  "/./\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\\evil.example",
  "//evil.example/x",
  "///evil.example",
  "https://evil.example",
  "https://console.example@evil.example",
  "javascript:alert(1)",
  "eu/queries",
  "/sign-in?callbackUrl=/",
  "",
  undefined,
])("%j leads to the start page", (given) => {
  expect(returnPath(given)).toBe("/");
});

test("a path of ours is kept with its query, however it was written", () => {
  expect(returnPath("/eu/queries?range=1h&sort=calls")).toBe("/eu/queries?range=1h&sort=calls");
  expect(returnPath("/eu/./overview/../queries#top")).toBe("/eu/queries");
  expect(returnPath("/sign-ins")).toBe("/sign-ins");
  expect(returnPath("/a?next=//b")).toBe("/a?next=//b");
  expect(returnPath(["/a", "/b"])).toBe("/a");
  expect(ownPath("https://console.example/eu?x=1", origin)).toBe("/eu?x=1");
  expect(signInPath("/eu/queries?range=1h")).toBe("/sign-in?callbackUrl=%2Feu%2Fqueries%3Frange%3D1h");
  expect(signInPath("/")).toBe("/sign-in");
});
