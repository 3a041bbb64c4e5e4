import { expect, test } from "vitest";
import type { CheckObject } from "@/lib/check.ts";
import type { Finding } from "@/lib/evaluation/finding.ts";
import { cell, lane } from "./lane-fixtures.ts";
import { shownFirst } from "./shown-first.ts";

const relation = (name: string, schema = "public"): CheckObject => ({
  kind: "relation",
  database: "d",
  schema,
  name,
});
const finding = (key: string, object: CheckObject) => ({ key, object }) as Finding;
const keys = (findings: Finding[]) => findings.map(({ key }) => key);

test("what is found of the shown table, its branches and its partitions comes first, each kind still worst first", () => {
  const shown = lane([cell(null, null, { name: "t_a_default" })], { name: "t_a" });
  const findings = [
    finding("other, critical", relation("u")),
    finding("branch, critical", relation("t_a")),
    finding("same name elsewhere", relation("t", "archive")),
    finding("default, warning", relation("t_a_default")),
    finding("of no relation", { kind: "target" }),
    finding("root, notice", relation("t")),
    { ...finding("not judged", relation("t")), unavailable: { code: "no_grant", reason: "…" } } as Finding,
  ];
  const tree = { root: { schema: "public", name: "t" }, lanes: [shown] };
  expect(keys(shownFirst(findings, tree))).toEqual([
    ...["branch, critical", "default, warning", "root, notice"],
    ...["other, critical", "same name elsewhere", "of no relation", "not judged"],
  ]);
  expect(keys(shownFirst(findings, undefined))).toEqual(keys(findings));
});
