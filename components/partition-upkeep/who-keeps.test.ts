import { expect, test } from "vitest";
import type { PartmanOverview } from "@/lib/partitions/get-partman.ts";
import type { Observed } from "@/lib/result.ts";
import type { Upkeep } from "@/lib/upkeep/get-upkeep.ts";
import { type Tree, whoKeeps } from "./who-keeps.ts";

const root = { schema: "public", name: "t" };
const tree: Tree = { root, lanes: [{ schema: "public", name: "t_a", strategy: "range" }] };
const rule = (name: string) => ({ table: { schema: "public", name } }) as Upkeep;
const table = (name: string, automatic: string) => ({ schema: "public", name, automatic }) as PartmanOverview;
const answer = (data: PartmanOverview[], more: Partial<Observed<unknown>> = {}) =>
  ({ data, observedAt: new Date(), source: "", ...more }) as Observed<PartmanOverview[]>;
const nobody = (...given: Parameters<typeof whoKeeps>) => whoKeeps(...given).nobody;

test("a rule of the table or of a branch keeps it, those of others do not", () => {
  expect(nobody(tree, [rule("t")], answer([]), false)).toBeNull();
  expect(nobody(tree, [rule("t_a")], answer([]), false)).toBeNull();
  expect(nobody(tree, [rule("u")], answer([]), false)).toBe("surely");
});

test("pg_partman keeps it unless it was left: then its table still stands there, and upkeep can be set up", () => {
  expect(nobody(tree, [], answer([table("t", "on")]), false)).toBeNull();
  expect(nobody(tree, [], answer([table("u", "on")]), false)).toBe("surely");
  const left = whoKeeps(tree, [], answer([table("t", "off")]), false);
  expect([left.managed.length, left.nobody]).toEqual([1, "surely"]);
});

test("while pg_partman's list is not known, nobody is not said", () => {
  const unavailable = { code: "no_grant", reason: "…", enable: "GRANT …" } as const;
  expect(nobody(tree, [], answer([], { unavailable }), false)).toBe("hidden");
  expect(nobody(tree, [], undefined, false)).toBe("asking");
  expect(nobody(tree, [], undefined, true)).toBe("unanswered");
  expect(nobody(tree, [rule("t")], undefined, true)).toBeNull();
});

test("a table that is cut by lists needs nobody", () => {
  const lists: Tree = { root, lanes: [{ schema: "public", name: "t", strategy: "list" }] };
  expect(nobody(lists, [], answer([]), false)).toBe("without ranges");
});
