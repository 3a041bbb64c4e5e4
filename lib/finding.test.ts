import { expect, test } from "vitest";
import { counted, durationInWords, type Finding, momentInWords, severityAt, worstFirst } from "./finding.ts";

const finding = (check: string, rest: Partial<Finding>): Finding => ({
  check,
  severity: "warning",
  title: check,
  detail: "",
  path: "connections",
  ...rest,
});

test("orders by severity, then by age, and puts checks that could not run last", () => {
  const unavailable = { code: "no_grant", reason: "no" } as const;
  const sorted = worstFirst([
    finding("blind", { severity: "notice", unavailable }),
    finding("notice", { severity: "notice" }),
    finding("young", { since: new Date(2_000) }),
    finding("critical", { severity: "critical" }),
    finding("undated", {}),
    finding("old", { since: new Date(1_000) }),
  ]);
  expect(sorted.map((f) => f.check)).toEqual(["critical", "old", "young", "undated", "notice", "blind"]);
});

test("a limit is reached at its value", () => {
  const limits = { warning: 75, critical: 90 };
  expect([74.9, 75, 89.9, 90].map((v) => severityAt(v, limits))).toEqual([
    null,
    "warning",
    "warning",
    "critical",
  ]);
});

test("durations read as people say them", () => {
  expect([0, 45.9, 119, 300, 7_200, 7_800, 172_800, 190_000].map(durationInWords)).toEqual([
    "0 s",
    "45 s",
    "119 s",
    "5 min",
    "2 h",
    "2 h 10 min",
    "2 d",
    "2 d 4 h",
  ]);
});

test("counts agree with their noun", () => {
  expect([counted(1, "connection"), counted(3, "connection"), counted(0, "query", "queries")]).toEqual([
    "1 connection",
    "3 connections",
    "0 queries",
  ]);
});

test("a moment is told in UTC, to the minute, without its midnight", () => {
  expect(momentInWords("2026-11-16T00:00:00.000Z")).toBe("16 Nov 2026");
  expect(momentInWords("2026-11-17T06:30:00.000Z")).toBe("17 Nov 2026 06:30");
});
