import { expect, test } from "vitest";
import { labelsOf } from "@/lib/alerting/labels.ts";
import { matches } from "@/lib/alerting/matcher.ts";
import type { CheckObject } from "@/lib/check.ts";
import { muteMatchers } from "./mute-matchers.ts";

const labels = (checkId: string, object: CheckObject) =>
  labelsOf({ target: "eu", checkId, severity: "warning", object });
const table = (database: string, name: string): CheckObject => ({
  ...{ kind: "relation", database, schema: "public", name },
});

test.each([
  ["the same table of another database", "partitions.runway", table("other", "log")],
  ["another table", "partitions.runway", table("app", "log2")],
  ["another check of the same table", "partitions.gaps", table("app", "log")],
  ["something else that is called so", "partitions.runway", { kind: "policy", name: "public.log" }],
] as [string, string, CheckObject][])("muting a table means that one, and not %s", (_, check, other) => {
  const mine = labels("partitions.runway", table("app", "log"));
  expect(matches(muteMatchers(mine), mine)).toBe(true);
  expect(matches(muteMatchers(mine), labels(check, other))).toBe(false);
});
