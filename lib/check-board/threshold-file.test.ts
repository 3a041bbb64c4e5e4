import { expect, test } from "vitest";
import { checks } from "../checks.ts";
import type { SetThreshold } from "../evaluation/stored-checks.ts";
import { formatThresholds, parseThresholds } from "./threshold-file.ts";

const by = { setByName: "ann", setAt: new Date(0) };
const set: SetThreshold[] = [
  {
    ...{ checkId: "connections.used", target: "*", objectKey: "*", ...by },
    ...{ limits: { warning: 0.7, critical: 0.85 }, forSeconds: 90, keepFiringSeconds: null },
  },
  {
    ...{ checkId: "maintenance.sequence_used", target: "eu", objectKey: "relation:a/public/b%3A%20c", ...by },
    ...{ limits: { warning: null, critical: 0.99 }, forSeconds: null, keepFiringSeconds: 3_600 },
  },
  {
    ...{ checkId: "target.reachable", target: "eu", objectKey: "*", ...by },
    ...{ limits: { warning: null, critical: null }, forSeconds: 0, keepFiringSeconds: 600 },
  },
  {
    ...{ checkId: "storage.disk_full", target: "eu", objectKey: "*", ...by },
    ...{ limits: { warning: 60, critical: 12.5 } },
  },
];

const text = `checks:
  target.reachable:
    - target: eu
      for: 0 s
      keep_firing_for: 10 min
  connections.used:
    - warning: 70 %
      critical: 85 %
      for: 1.5 min
  maintenance.sequence_used:
    - target: eu
      object: relation:a/public/b%3A%20c
      warning: none
      critical: 99 %
      keep_firing_for: 1 h
  storage.disk_full:
    - target: eu
      warning: 60 d
      critical: 12.5 d
`;

test("what was set is written in people's words and read back exactly", () => {
  expect(formatThresholds(checks, set)).toBe(text);
  const read = parseThresholds(text, "limits.yaml", checks);
  const again = read.map(({ check, target, object, warning, critical, for: seconds, keepFiringFor }) => ({
    ...{ checkId: check, target, objectKey: object, limits: { warning, critical }, ...by },
    ...{ forSeconds: seconds ?? null, keepFiringSeconds: keepFiringFor ?? null },
  }));
  expect(formatThresholds(checks, again)).toBe(text);
  expect(read.find(({ check }) => check === "connections.used")).toEqual({
    ...{ check: "connections.used", target: "*", object: "*", unit: "ratio" },
    ...{ warning: 0.7, critical: 0.85, for: 90, keepFiringFor: null },
  });
});

test.each([
  [
    "checks:\n  connections.used:\n    - warning: 80\n      critical: 90 %",
    3,
    "warning: write 80 %, or none.",
  ],
  [
    "checks:\n  connections.used:\n    - warning: 90 %\n      critical: 80 %",
    3,
    "Critical must be above warning",
  ],
  ["checks:\n  connections.user:\n    - warning: 1 %", 2, 'There is no check "connections.user"'],
  [
    "checks:\n  connections.used:\n    - warning: 8 %\n      critcal: 9 %",
    4,
    '"critcal" cannot be read. An entry has target,',
  ],
  ["checks:\n  connections.used:\n    warning: 8 %", 2, 'each of its lines begins with "- "'],
  ["checks:\n  connections.used:\n    - warning: [1", 3, "Indent with spaces"],
  ["limits:\n  connections.used: []", 1, "The file begins with `checks:`"],
  ["checks:\n  target.reachable:\n    - warning: 5", 3, "has no threshold"],
  [
    "checks:\n  connections.used:\n    - warning: 70 %\n      critical: 90 %\n    - warning: 71 %\n      critical: 90 %",
    5,
    "stand twice",
  ],
  ["", 1, "The file begins with `checks:`"],
])("what cannot be read is refused with its line: %j", (broken, line, message) => {
  const read = () => parseThresholds(broken, "limits.yaml", checks);
  expect(read).toThrow(message);
  expect(read).toThrow(`limits.yaml, line ${line}: `);
});
