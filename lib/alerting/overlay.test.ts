import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckObject } from "../check.ts";
import { reachOf } from "./could-match.ts";
import { labelNames, labelsOf } from "./labels.ts";
import { type Matcher, matcherOperators, matchersInWords, matches } from "./matcher.ts";
import { hushOf, hushOfAll, type JudgedAlert, type OverlayFacts } from "./overlay.ts";
import { parseMatchers } from "./parse-matchers.ts";

const until = new Date("2026-03-01T14:00:00Z");
const later = new Date("2026-03-01T18:00:00Z");

const table: CheckObject = { kind: "relation", database: "app", schema: "public", name: "audit_log" };
function alertOf(
  check: string,
  { severity = "warning", object = { kind: "target" } as CheckObject, target = "audit" } = {},
): JudgedAlert {
  return {
    objectKey: JSON.stringify(object),
    severity: severity as JudgedAlert["severity"],
    labels: labelsOf({ target, checkId: check, severity: severity as JudgedAlert["severity"], object }),
  };
}

const checks: OverlayFacts["checks"] = new Map([
  ["target.reachable", { outage: true, whileDown: true }],
  ["replication.lag_bytes", { covers: ["replication.lag_seconds", "partitions.guard_trigger"] }],
  ["replication.lag_seconds", {}],
  ["partitions.guard_trigger", { guarded: true }],
  ["partitions.grant_drift", { guarded: true, covers: ["partitions.guard_trigger"] }],
  ["upkeep.failed", { whileDown: true }],
]);
const none: OverlayFacts = { silences: [], windows: [], inhibitors: [], checks };
const silence = (matchers: string, more: object = {}) => ({
  id: "s1",
  target: "audit",
  matchers: parseMatchers(matchers),
  reason: "Ticket AUD-1",
  by: "ada@example.test",
  guarded: false,
  until,
  ...more,
});
const inhibitor = (checkId: string, more: object = {}) => ({
  target: "audit",
  checkId,
  objectKey: JSON.stringify({ kind: "target" }),
  severity: "critical" as const,
  incidentId: "i1",
  title: `${checkId} says so.`,
  ...more,
});

describe("a silence", () => {
  const lag = alertOf("replication.lag_seconds", { object: table });

  test("hushes what all its matchers hold of, on its target, in words with who, until when and why", () => {
    const facts = { ...none, silences: [silence("check~replication.* schema=public")] };
    expect(hushOf(lag, facts)).toEqual({
      by: "silence",
      id: "s1",
      words: "Silenced until 1 Mar 2026 14:00 UTC by ada@example.test: Ticket AUD-1",
      until,
    });
    expect(hushOf(alertOf("replication.lag_seconds", { target: "other", object: table }), facts)).toBeNull();
    expect(hushOf(alertOf("connections.used"), facts)).toBeNull();
    expect(
      hushOf(alertOf("connections.used"), { ...none, silences: [silence("", { target: "*" })] })?.id,
    ).toBe("s1");
  });

  test("until it resolves has no end; of several the one that lasts longest speaks", () => {
    const open = silence("", { id: "s2", until: null });
    const found = hushOf(lag, { ...none, silences: [open, silence("")] });
    expect(found).toMatchObject({
      id: "s2",
      until: null,
      words: expect.stringContaining("until it resolves by ada"),
    });
  });

  test("by a window the same, where no silence is", () => {
    const windows = [{ id: "w1", target: "*", matchers: [], name: "Nightly", until }];
    expect(hushOf(lag, { ...none, windows })).toMatchObject({
      by: "maintenance",
      words: "Maintenance window “Nightly” until 1 Mar 2026 14:00 UTC.",
    });
    expect(hushOf(lag, { ...none, windows, silences: [silence("")] })?.by).toBe("silence");
  });
});

test("an incident is hushed only while all its alerts are, until the first of their hushes ends", () => {
  const [a, b] = [alertOf("connections.used"), alertOf("connections.long_query", { severity: "critical" })];
  const first = silence("check=connections.used");
  const second = silence("severity=critical", { id: "s2", until: later });
  expect(hushOfAll([a, b], { ...none, silences: [first] })).toBeNull();
  expect(hushOfAll([a, b], { ...none, silences: [first, second] })).toMatchObject({ id: "s1", until });
  expect(hushOfAll([], { ...none, silences: [silence("")] })).toBeNull();
});

describe("inhibition", () => {
  const facts = (...inhibitors: OverlayFacts["inhibitors"]) => ({ ...none, inhibitors });

  test("a target that is down explains what must ask it: not itself, not what is judged without it, not another's", () => {
    const down = facts(inhibitor("target.reachable"));
    expect(hushOf(alertOf("replication.lag_seconds"), down)).toEqual({
      by: "inhibition",
      id: "i1",
      words: "Follows from: target.reachable says so.",
      until: null,
    });
    expect(hushOf(alertOf("target.reachable", { severity: "critical" }), down)).toBeNull();
    expect(hushOf(alertOf("upkeep.failed"), down)).toBeNull();
    expect(hushOf(alertOf("partitions.guard_trigger"), down)).toBeNull();
    expect(hushOf(alertOf("replication.lag_seconds", { target: "other" }), down)).toBeNull();
  });

  test("a check explains those it covers about the same object, when no less grave", () => {
    const covered = facts(inhibitor("replication.lag_bytes", { severity: "warning" }));
    expect(hushOf(alertOf("replication.lag_seconds"), covered)?.by).toBe("inhibition");
    expect(hushOf(alertOf("replication.lag_seconds", { severity: "critical" }), covered)).toBeNull();
    expect(hushOf(alertOf("replication.lag_seconds", { object: table }), covered)).toBeNull();
    expect(hushOf(alertOf("connections.used"), covered)).toBeNull();
  });

  test("what guards is explained by what guards alone", () => {
    const guard = alertOf("partitions.guard_trigger");
    expect(hushOf(guard, facts(inhibitor("replication.lag_bytes")))).toBeNull();
    expect(hushOf(guard, facts(inhibitor("partitions.grant_drift")))?.by).toBe("inhibition");
  });
});

const anyMatcher = fc.record({
  label: fc.constantFrom(...labelNames),
  is: fc.constantFrom(...matcherOperators),
  value: fc.oneof(
    fc.constantFrom(
      "",
      "*",
      "**",
      "partitions.*",
      "*guard*",
      "partitions.guard_trigger",
      "audit",
      "no such",
      "critical",
      "partitions",
      "target",
      "public.audit_log",
    ),
    fc.string({ maxLength: 5 }),
  ),
}) as fc.Arbitrary<Matcher>;
const anyMatchers = fc.array(anyMatcher, { maxLength: 4 });

test("no matchers, glob or negation, of a silence or window on any target, ever hush what guards", () => {
  const guards = ["partitions.guard_trigger", "partitions.grant_drift"].flatMap((check) =>
    (["notice", "warning", "critical"] as const).flatMap((severity) => [
      alertOf(check, { severity }),
      alertOf(check, { severity, object: table }),
    ]),
  );
  fc.assert(
    fc.property(anyMatchers, fc.constantFrom("*", "audit"), (matchers, target) => {
      const facts = {
        ...none,
        silences: [silence("", { matchers, target, until: null })],
        windows: [{ id: "w", target, matchers, name: "w", until }],
        inhibitors: [inhibitor("target.reachable"), inhibitor("replication.lag_bytes")],
      };
      expect(guards.map((alert) => hushOf(alert, facts))).toEqual(guards.map(() => null));
    }),
  );
  // The same silence does, once two administrators agreed.
  const agreed = { ...none, silences: [silence("", { guarded: true })] };
  expect(guards.map((alert) => hushOf(alert, agreed)?.by)).toEqual(guards.map(() => "silence"));
});

describe("what matchers reach", () => {
  const all = [...checks.keys()].map((id) => ({ id }));
  const of = { checks: all, targets: ["audit", "other"] };
  const reach = (text: string, target = "*") => reachOf({ target, matchers: parseMatchers(text) }, of);

  test.each([
    ["", true],
    ["check~*", true],
    ["object!=nothing", true],
    ["topic!=nothing severity~*", true],
    ["severity!=critical", false],
    ["target=audit", false],
    ["object=public.audit_log", false],
    ["topic!=upkeep", false],
  ])("everything on every target: %s → %s", (text, everything) => {
    expect(reach(text).everything).toBe(everything);
    expect(reach(text, "audit").everything).toBe(false);
  });

  test("checks are reached by id, topic, severity and target; objects may be any", () => {
    expect(reach("topic=partitions object=x").checks).toEqual([
      "partitions.guard_trigger",
      "partitions.grant_drift",
    ]);
    expect(reach("check!~partitions.* check!~replication.*").checks).toEqual([
      "target.reachable",
      "upkeep.failed",
    ]);
    expect(reach("check=no.such").checks).toEqual([]);
    expect(reach("target=other", "audit").checks).toEqual([]);
  });

  test("a check that an alert shows to be matched is among those reached", () => {
    fc.assert(
      fc.property(anyMatchers, fc.constantFrom(...checks.keys()), (matchers, check) => {
        const alert = alertOf(check, { severity: "critical", object: table });
        if (matches(matchers, alert.labels))
          expect(reachOf({ target: "audit", matchers }, of).checks).toContain(check);
      }),
    );
  });
});

test("matchers are read as they are written, and nothing else is", () => {
  fc.assert(
    fc.property(anyMatchers, (matchers) => {
      expect(parseMatchers(matchersInWords(matchers))).toEqual(matchers);
    }),
  );
  expect(parseMatchers('check~replication.* object="a \\"b\\""')).toEqual([
    { label: "check", is: "~", value: "replication.*" },
    { label: "object", is: "=", value: 'a "b"' },
  ]);
  for (const wrong of ["nonsense", "check", "colour=red", 'check="a"b', "topic<partitions"])
    expect(() => parseMatchers(wrong)).toThrow(/is no condition on a label/);
});
