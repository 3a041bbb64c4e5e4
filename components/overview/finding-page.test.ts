import { expect, test } from "vitest";
import { findingHref, pageOfFinding } from "./finding-page.ts";

test("a finding leads to its page of the target, or to the settings opened at the target", () => {
  expect(findingHref({ path: "queries/123" }, "eu west")).toBe("/eu%20west/queries/123");
  expect(pageOfFinding({ path: "queries/123" })).toBe("Queries");
  expect(findingHref({ path: "settings/targets" }, "eu")).toBe("/settings/targets?of=eu");
  expect(pageOfFinding({ path: "settings/targets" })).toBe("Settings");
});

test("a finding about the quarantine opens Events, where its panel is", () => {
  expect(findingHref({ path: "events?view=quarantine" }, "audit")).toBe("/audit/events?view=quarantine");
  expect(pageOfFinding({ path: "events?view=quarantine" })).toBe("Events");
});
