import { expect, test } from "vitest";
import { settingsPages } from "./settings-pages.ts";

test.each(["viewer", "operator"] as const)(
  "a %s sees targets, checks, sessions and approvals only",
  (role) => {
    expect(settingsPages(role).map(({ label }) => label)).toEqual([
      "Targets",
      "Checks",
      "Sessions",
      "Approvals",
    ]);
  },
);

test("a privacy officer sees what requests rest on as well, and their own API tokens", () => {
  expect(settingsPages("privacy_officer").map(({ label }) => label)).toEqual([
    "Targets",
    "Checks",
    "API tokens",
    "Sessions",
    "Approvals",
    "Requests",
  ]);
});

test("an administrator sees everything", () => {
  expect(settingsPages("admin").map(({ label }) => label)).toEqual([
    "Targets",
    "Checks",
    "People",
    "API tokens",
    "Sessions",
    "Approvals",
    "Requests",
    "Keys",
    "Activity",
  ]);
});
