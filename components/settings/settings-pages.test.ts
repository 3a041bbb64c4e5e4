import { expect, test } from "vitest";
import { settingsPages } from "./settings-pages.ts";

test.each(["viewer", "operator", "privacy_officer"] as const)(
  "a %s sees targets and sessions only",
  (role) => {
    expect(settingsPages(role).map(({ label }) => label)).toEqual(["Targets", "Sessions"]);
  },
);

test("an administrator sees everything", () => {
  expect(settingsPages("admin")).toHaveLength(5);
});
