import { expect, test } from "vitest";
import { settingsPages } from "./settings-pages.ts";

test.each(["viewer", "operator", "privacy_officer"] as const)(
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

test("an administrator sees everything", () => {
  expect(settingsPages("admin").map(({ label }) => label)).toEqual([
    "Targets",
    "Checks",
    "People",
    "API tokens",
    "Sessions",
    "Approvals",
    "Keys",
    "Activity",
  ]);
});
