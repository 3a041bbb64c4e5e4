import { expect, test } from "vitest";
import { findingHref, pageOfFinding } from "./finding-page.ts";

test("a finding leads to its page of the target, or to the settings opened at the target", () => {
  expect(findingHref({ path: "queries/123" }, "eu west")).toBe("/eu%20west/queries/123");
  expect(pageOfFinding({ path: "queries/123" })).toBe("Queries");
  expect(findingHref({ path: "settings/targets" }, "eu")).toBe("/settings/targets?of=eu");
  expect(pageOfFinding({ path: "settings/targets" })).toBe("Settings");
});

test("it leads to the panel that shows what the check judges; an object with a page of its own to that", () => {
  const check = "connections.idle_in_transaction";
  expect(findingHref({ path: "connections", check }, "eu")).toBe("/eu/connections#transactions");
  expect(findingHref({ path: "events?view=quarantine", check: "events.quarantined" }, "eu")).toBe(
    "/eu/events?view=quarantine#quarantine",
  );
  expect(findingHref({ path: "queries/123", check: "queries.slow" }, "eu")).toBe("/eu/queries/123");
  expect(findingHref({ path: "partitions", check: "partitions.grant_drift" }, "eu")).toBe("/eu/partitions");
  expect(findingHref({ path: "alerts/channels", check: "channels.failing" }, "eu")).toBe(
    "/eu/alerts/channels#channels",
  );
  const rollbacks = { path: "caches", check: "workload.rollbacks" };
  expect([findingHref(rollbacks, "eu"), pageOfFinding(rollbacks)]).toEqual([
    "/eu/overview#timeline",
    "Overview",
  ]);
});

test("a finding about the quarantine opens Events, where its panel is", () => {
  expect(findingHref({ path: "events?view=quarantine" }, "audit")).toBe("/audit/events?view=quarantine");
  expect(pageOfFinding({ path: "events?view=quarantine" })).toBe("Events");
});
