import { expect, test } from "vitest";
import type { TargetStatus } from "../audit-db/target-facts.ts";
import { judgeCollector } from "./judge-collector.ts";

const now = new Date("2026-03-01T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const status = (state: TargetStatus["state"], seconds = 3_600): TargetStatus => ({
  target: "t",
  state,
  since: ago(seconds),
  reason: null,
  cause: null,
});

test("nothing collected yet is a check that could not run, not OK", () => {
  const [finding] = judgeCollector(status("up"), { since: null, newestAt: null }, now);
  expect(finding).toMatchObject({ severity: "notice", unavailable: { code: "insufficient_data" } });
});

test.each([
  ["fresh", "up", 3_600, 12, []],
  ["three missed", "up", 3_600, 31, ["critical"]],
  ["just back from an outage", "up", 20, 600, []],
  ["down: the outage is told elsewhere", "down", 3_600, 600, []],
] as const)("%s", (_what, state, sinceSeconds, ageSeconds, severities) => {
  const found = judgeCollector(
    status(state, sinceSeconds),
    { since: ago(9_000), newestAt: ago(ageSeconds) },
    now,
  );
  expect(found.map((f) => f.severity)).toEqual(severities);
});
