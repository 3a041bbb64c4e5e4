import { expect, test } from "vitest";
import type { TargetStatus } from "../audit-db/target-facts.ts";
import type { Check, ObjectState } from "../check.ts";
import { type Finding, worstFirst } from "../evaluation/finding.ts";
import { tellFindings } from "../evaluation/tell-findings.ts";
import { judgeStatus, reachable } from "../targets/check-reachable.ts";
import { judge } from "./judge.ts";

const now = new Date("2026-03-01T12:00:00Z");
const finding = (severity: Finding["severity"], title: string, unavailable = false): Finding => ({
  key: `a.b ${title}`,
  check: "a.b",
  severity,
  title,
  detail: "Do this.",
  object: { kind: "target" },
  objects: 1,
  value: null,
  unit: null,
  threshold: null,
  path: "queries",
  ...(unavailable && { unavailable: { code: "no_grant", reason: "No grant." } }),
});

test("the worst finding is the verdict and the others are counted", () => {
  const findings = worstFirst([
    finding("warning", "Slow."),
    finding("critical", "Full."),
    finding("notice", "Old."),
  ]);
  expect(judge(findings, 9)).toEqual({
    state: "critical",
    title: "Full.",
    detail: "Do this. 2 more findings below.",
    since: null,
    finding: "a.b Full.",
  });
});

test("a check that could not run never counts as OK, nor hides behind a finding", () => {
  expect(judge([finding("notice", "Not checked.", true)], 9)).toMatchObject({
    state: "unknown",
    title: "Nothing bad was found, but 1 check could not run.",
    finding: null,
  });
  const learning: Finding = {
    ...finding("notice", "Not known yet."),
    unavailable: { code: "insufficient_data", reason: "Needs 60 min.", until: new Date() },
  };
  expect(judge([learning], 9)).toMatchObject({
    state: "unknown",
    title: "Nothing bad was found; 1 check is still learning.",
  });
  expect(judge([finding("notice", "Not checked.", true), learning], 9).title).toBe(
    "Nothing bad was found, but 1 check could not run.",
  );
  const both = worstFirst([finding("notice", "Not checked.", true), finding("notice", "Old.")]);
  expect(judge(both, 9).title).toBe("Old.");
  expect(judge([], 9)).toMatchObject({ state: "ok", detail: "9 checks ran; nothing needs a person." });
});

test("an outage comes before everything, with its age, reason and what to do", () => {
  const down: TargetStatus = {
    target: "audit",
    state: "down",
    since: new Date(now.getTime() - 45_000),
    reason: "the server refused the connection",
    cause: "unreachable",
  };
  const judgeWith = (status: TargetStatus) => {
    const standing = {
      check: reachable as Check,
      objects: [judgeStatus(status, now) as ObjectState],
      error: null,
    };
    const told = tellFindings([standing], status.state === "down");
    return judge(worstFirst([finding("critical", "Full."), ...told]), 9);
  };
  const verdict = judgeWith(down);
  expect(verdict.state).toBe("down");
  expect(verdict.title).toBe("audit has not answered for 45 s: the server refused the connection.");
  expect(verdict.detail).toContain("last known");
  expect(verdict.since).toEqual(down.since);
  expect(judgeWith({ ...down, state: "connecting", reason: null, cause: null }).state).toBe("unknown");
  expect(judgeWith({ ...down, state: "up", reason: null, cause: null }).title).toBe("Full.");
});
