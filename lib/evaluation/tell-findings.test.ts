import { expect, test } from "vitest";
import type { Check, CheckState, ObjectState } from "../check.ts";
import type { Unavailable } from "../result.ts";
import { type Finding, worstFirst } from "./finding.ts";
import { type CheckStanding, standingOf } from "./standing.ts";
import { tellFindings } from "./tell-findings.ts";

const check = (id: string, more: Partial<Check> = {}): Check => ({
  id,
  title: id,
  unit: "count",
  path: "queries",
  runbook: "Look.",
  needs: "Nothing.",
  thresholds: { warning: 5, critical: 9, direction: "rising" },
  evaluate: async () => ({ objects: [], complete: true }),
  ...more,
});
const object = (name: string, state: CheckState, more: Partial<ObjectState> = {}): ObjectState => ({
  object: { kind: "slot", name },
  state,
  value: 1,
  threshold: { warning: 5, critical: 9 },
  since: null,
  words: { title: `${name}.`, detail: "Do this." },
  ...more,
});
const standing = (of: Check, ...objects: ObjectState[]): CheckStanding => ({
  check: of,
  objects,
  error: null,
});
const keys = (...standings: CheckStanding[]) => tellFindings(standings).map(({ key }) => key);
const blind = (code: Unavailable["code"], reason = "No.") => ({ unavailable: { code, reason } as const });

test("a finding is one object with its figure, by a key that lasts as long as the condition", () => {
  const since = new Date(5);
  const bad = object("a", "warning", { value: 6, since, path: "queries/1" });
  expect(tellFindings([standing(check("x.y"), bad, object("b", "ok"))])).toEqual([
    {
      key: "x.y slot:a",
      check: "x.y",
      severity: "warning",
      title: "a.",
      detail: "Do this.",
      object: { kind: "slot", name: "a" },
      objects: 1,
      value: 6,
      unit: "count",
      threshold: { warning: 5, critical: 9 },
      since,
      path: "queries/1",
    },
  ]);
});

test("a finding of several objects names what mends the worst of them", () => {
  const mends = (name: string) => ({
    words: `Finish ${name}`,
    request: { verb: "finalize" as const, partition: { name } },
  });
  const words = (name: string) => ({ title: name, detail: "Do this.", mends: mends(name) });
  const objects = [
    object("a", "warning", { words: words("a") }),
    object("b", "critical", { words: words("b") }),
    object("c", "ok"),
  ];
  const told = (of: Check) => tellFindings([standing(of, ...objects)]).map((finding) => finding.mends);
  expect(told(check("x.y"))).toEqual([mends("b"), mends("a")]);
  expect(told(check("x.y", { tellSeveral: () => "Two." }))).toEqual([mends("b")]);
});

test("orders by severity, then by age, and puts checks that could not run last", () => {
  const finding = (key: string, rest: Partial<Finding>): Finding => ({
    ...(tellFindings([standing(check("a.b"), object("x", "warning"))])[0] as Finding),
    key,
    ...rest,
  });
  const unavailable = { code: "no_grant", reason: "no" } as const;
  const sorted = worstFirst([
    finding("blind", { severity: "notice", unavailable }),
    finding("notice", { severity: "notice" }),
    finding("young", { since: new Date(2_000) }),
    finding("critical", { severity: "critical" }),
    finding("undated", {}),
    finding("old", { since: new Date(1_000) }),
  ]);
  expect(sorted.map(({ key }) => key)).toEqual(["critical", "old", "young", "undated", "notice", "blind"]);
});

test("several objects are one finding where the check has a sentence for them: worst first, by the limits' direction", () => {
  const tellSeveral = (objects: readonly ObjectState[]) =>
    objects.map(({ object: of }) => ("name" in of ? of.name : "")).join(" ");
  const objects = [
    object("small", "warning", { value: 6 }),
    object("worst", "critical", { value: 9 }),
    object("large", "warning", { value: 8 }),
  ];
  const rising = check("x.y", { tellSeveral });
  const [found, ...rest] = tellFindings([standing(rising, ...objects)]);
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    key: "x.y",
    severity: "critical",
    title: "worst large small",
    objects: 3,
    value: 9,
  });
  const falling = check("x.y", {
    tellSeveral,
    thresholds: { warning: 9, critical: 5, direction: "falling" },
  });
  expect(tellFindings([standing(falling, ...objects)])[0]?.title).toBe("worst small large");
  // One alone keeps its own words, and the key.
  const [alone] = tellFindings([standing(rising, object("a", "warning"))]);
  expect(alone).toMatchObject({ key: "x.y", title: "a.", objects: 1 });
  expect(keys(standing(check("x.y"), ...objects))).toEqual([
    "x.y slot:worst",
    "x.y slot:large",
    "x.y slot:small",
  ]);
});

test("a graver check covers another's words about the same object, never what is graver than itself", () => {
  const lost = check("s.lost", { covers: ["s.kept"] });
  const kept = check("s.kept");
  expect(keys(standing(lost, object("a", "critical")), standing(kept, object("a", "warning")))).toEqual([
    "s.lost slot:a",
  ]);
  expect(keys(standing(lost, object("a", "warning")), standing(kept, object("a", "critical")))).toEqual([
    "s.kept slot:a",
    "s.lost slot:a",
  ]);
  expect(keys(standing(lost, object("a", "ok")), standing(kept, object("a", "warning")))).toEqual([
    "s.kept slot:a",
  ]);
  expect(keys(standing(lost, object("a", "critical")), standing(kept, object("b", "warning")))).toHaveLength(
    2,
  );
  expect(
    keys(
      standing(lost, object("a", "critical")),
      standing(kept, object("a", "no_data", blind("insufficient_data"))),
    ),
  ).toEqual(["s.lost slot:a"]);
});

test("what could not be looked at is told once for each reason, unless nobody here can or wants to change it", () => {
  const hidden = (name: string, code: Unavailable["code"], reason?: string) =>
    object(name, "unavailable", blind(code, reason));
  const [first, ...rest] = tellFindings([
    standing(check("x.y"), hidden("a", "no_grant"), hidden("b", "no_grant"), object("c", "ok")),
  ]);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    severity: "notice",
    objects: 2,
    unavailable: { code: "no_grant", reason: "No." },
  });
  expect(keys(standing(check("x.y"), hidden("a", "unsupported")))).toEqual([]);
  expect(keys(standing(check("x.y"), hidden("a", "not_configured")))).toHaveLength(1);
  expect(keys(standing(check("x.y", { optional: true }), hidden("a", "not_configured")))).toEqual([]);
  expect(keys(standing(check("x.y", { optional: true }), hidden("a", "no_grant")))).toHaveLength(1);
});

test("a check that failed is told, but not once more for an outage; its last states stay, as last seen", () => {
  const error = { code: "TIMEOUT", message: "It took too long.", hint: "Look." } as const;
  const failed = { check: check("x.y"), evaluatedAt: new Date(0), tookMs: 1, answer: null, error };
  const stored = {
    ...{
      target: "t",
      checkId: "x.y",
      objectKey: "slot:a",
      unit: "count",
      unavailable: null,
      path: "queries",
    },
    ...object("a", "critical"),
    since: new Date(0),
    evaluatedAt: new Date("2026-01-01T12:00:00Z"),
    confirmed: true,
  };
  const standings = standingOf([failed], [stored]);
  expect(tellFindings(standings)).toMatchObject([
    {
      key: "x.y slot:a",
      severity: "critical",
      detail: "Do this. Last seen at 1 Jan 2026 12:00 UTC, not confirmed since.",
    },
    { key: "x.y error", severity: "notice", unavailable: { reason: "It took too long.", enable: "Look." } },
  ]);
  expect(tellFindings(standings, true).map(({ key }) => key)).toEqual(["x.y slot:a"]);
});

test("an incomplete answer keeps what it does not name, a complete one does not", () => {
  const last = { ...object("a", "warning"), value: 6 };
  const stored = {
    ...{
      target: "t",
      checkId: "x.y",
      objectKey: "slot:a",
      unit: "count",
      unavailable: null,
      path: "queries",
    },
    ...last,
    since: new Date(0),
    evaluatedAt: new Date(7),
    confirmed: true,
  };
  const look = (complete: boolean) => ({
    ...{ check: check("x.y"), evaluatedAt: new Date(9), tookMs: 1, error: null },
    answer: { objects: [object("b", "ok")], complete },
  });
  expect(standingOf([look(false)], [stored])[0]?.objects).toMatchObject([
    { object: { name: "b" } },
    { object: { name: "a" }, state: "warning", lastSeenAt: new Date(7) },
  ]);
  expect(standingOf([look(true)], [stored])[0]?.objects).toHaveLength(1);
});
