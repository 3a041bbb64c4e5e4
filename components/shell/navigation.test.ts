import { expect, it } from "vitest";
import { barPages, pageHref, pageOfPath, pages } from "./navigation.ts";

it("finds the page of an address, of its details too", () => {
  expect(pageOfPath("/demo/queries/123")?.label).toBe("Queries");
  expect(pageOfPath("/settings/tokens")?.label).toBe("Settings");
  expect(pageOfPath("/demo/nothing")).toBeUndefined();
});

it("gives every page its own shortcut and puts the target's name into its address", () => {
  expect(new Set(pages.map((page) => page.key)).size).toBe(pages.length);
  expect(pages.map((page) => pageHref(page, "eu"))).toContain("/eu/partitions");
});

it("keeps a phone's bar to five places, and loses no page", () => {
  const { shown, more } = barPages("eu");
  expect(shown.map(({ label }) => label)).toEqual(["Overview", "Connections", "Queries", "Alerts"]);
  expect(new Set([...shown, ...more])).toEqual(new Set(pages));
  expect(barPages(null)).toEqual({ shown: pages.filter(({ label }) => label === "Settings"), more: [] });
});
