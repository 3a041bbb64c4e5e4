import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checks } from "../../lib/checks.ts";
import { checkPanel } from "./check-panel.ts";

/** What they judge stands in no panel: a target, a check, a trigger, a grant, a row of a table. */
const ofWholePage = [
  "checks.blind",
  "checks.missed",
  "maintenance.checksum_failures",
  "maintenance.dead_rows",
  "maintenance.stale_statistics",
  "partitions.grant_drift",
  "partitions.guard_trigger",
  "partitions.hash_remainder_missing",
  "partitions.parent_analyzed",
  "partitions.rows_changed",
  "target.reachable",
];

test("every check has a panel, or is known to have none", () => {
  const ids = checks.map(({ id }) => id).toSorted();
  expect([...Object.keys(checkPanel), ...ofWholePage].toSorted()).toEqual(ids);
});

test("every panel that is led to stands on that page", () => {
  const root = new URL("..", import.meta.url);
  const panelsOf = (page: string) =>
    globSync("**/*.tsx", { cwd: root.pathname })
      .filter((file) => file.startsWith(`${page}/`))
      .flatMap((file) => [
        ...readFileSync(new URL(file, root), "utf8").matchAll(/<\w*Panel[^>]*?\sid="([\w-]+)"/gs),
      ])
      .map(([, id]) => id);
  const folders: Record<string, string[]> = {
    partitions: ["partitions", "partition-upkeep"],
    "alerts/channels": ["channels"],
    "privacy/requests": ["requests"],
  };
  const lost = Object.entries(checkPanel).filter(([, place]) => {
    const [page = "", panel] = place.split("#");
    const path = page.split("?")[0] ?? "";
    return !(folders[path] ?? [path]).flatMap(panelsOf).includes(panel);
  });
  expect(lost).toEqual([]);
});
