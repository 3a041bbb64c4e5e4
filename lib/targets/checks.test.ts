import { expect, test } from "vitest";
import type { TargetStatus } from "../audit-db/target-facts.ts";
import type { Limits } from "../check.ts";
import { collectedSamples, judgeCollector } from "./check-collector.ts";
import { judgeStatus } from "./check-reachable.ts";

const now = new Date("2026-03-01T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const status = (state: TargetStatus["state"], seconds = 3_600): TargetStatus => ({
  target: "t",
  state,
  since: ago(seconds),
  reason: null,
  cause: null,
});

const limits = collectedSamples.thresholds as Limits;

test("nothing collected yet is a check that could not run, not OK", () => {
  expect(judgeCollector(status("up"), { since: null, newestAt: null }, now, limits)).toMatchObject({
    complete: false,
    objects: [{ state: "unavailable", unavailable: { code: "insufficient_data" } }],
  });
});

test.each([
  ["fresh", "up", 3_600, 12, ["ok"]],
  ["three missed", "up", 3_600, 31, ["critical"]],
  ["just back from an outage", "up", 20, 600, ["ok"]],
  ["down: the outage is told elsewhere", "down", 3_600, 600, []],
] as const)("%s", (_what, state, sinceSeconds, ageSeconds, states) => {
  const found = judgeCollector(
    status(state, sinceSeconds),
    { since: ago(9_000), newestAt: ago(ageSeconds) },
    now,
    limits,
  );
  expect(found.objects.map((f) => f.state)).toEqual(states);
});

test("a target that does not answer is critical since then, with its cause's remedy", () => {
  const down: TargetStatus = {
    ...status("down", 90),
    reason: "the password was refused",
    cause: "refused",
  };
  expect(judgeStatus(down, now)).toMatchObject({
    object: { kind: "target" },
    state: "critical",
    value: 90,
    since: ago(90),
    words: {
      title: "t has not answered for 90 s: the password was refused.",
      detail: expect.stringContaining("pg_hba.conf"),
    },
  });
  expect(judgeStatus(status("connecting", 3), now)).toMatchObject({
    state: "no_data",
    words: { title: "Connecting to t for 3 s." },
  });
  expect(judgeStatus(status("up"), now)).toMatchObject({ state: "ok", words: { title: "t answers." } });
});
