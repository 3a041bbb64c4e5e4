import { expect, test } from "vitest";
import type { TargetStatus } from "../audit-db/target-facts.ts";
import { type Finding, worstFirst } from "../finding.ts";
import { judge } from "./judge.ts";

const now = new Date("2026-03-01T12:00:00Z");
const up: TargetStatus = { target: "audit", state: "up", since: now, reason: null, cause: null };
const finding = (severity: Finding["severity"], title: string, unavailable = false): Finding => ({
  check: "a.b",
  severity,
  title,
  detail: "Do this.",
  path: "queries",
  ...(unavailable && { unavailable: { code: "no_grant", reason: "No grant." } }),
});

test("the worst finding is the verdict and the others are counted", () => {
  const findings = worstFirst([
    finding("warning", "Slow."),
    finding("critical", "Full."),
    finding("notice", "Old."),
  ]);
  expect(judge(up, findings, now)).toEqual({
    state: "critical",
    title: "Full.",
    detail: "Do this. 2 more findings below.",
    since: null,
  });
});

test("a check that could not run never counts as OK, nor hides behind a finding", () => {
  expect(judge(up, [finding("notice", "Not checked.", true)], now)).toMatchObject({
    state: "unknown",
    title: "Nothing bad was found, but 1 check could not run.",
  });
  const both = worstFirst([finding("notice", "Not checked.", true), finding("notice", "Old.")]);
  expect(judge(up, both, now).title).toBe("Old.");
  expect(judge(up, [], now).state).toBe("ok");
});

test("an outage comes before everything, with its age, reason and what to do", () => {
  const down: TargetStatus = {
    target: "audit",
    state: "down",
    since: new Date(now.getTime() - 45_000),
    reason: "the server refused the connection",
    cause: "unreachable",
  };
  const verdict = judge(down, [finding("critical", "Full.")], now);
  expect(verdict.state).toBe("down");
  expect(verdict.title).toBe("audit has not answered for 45 s: the server refused the connection.");
  expect(verdict.detail).toContain("last known");
  expect(judge({ ...down, state: "connecting", reason: null, cause: null }, [], now).state).toBe("unknown");
});
