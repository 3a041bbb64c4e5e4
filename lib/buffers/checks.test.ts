import { expect, test } from "vitest";
import type { Check, Limits } from "../check.ts";
import { bufferHitRatio, judgeHits } from "./check-hit-ratio.ts";
import { judgeReadCost, readCost } from "./check-read-cost.ts";

const limits = (check: Check) => check.thresholds as Limits;
const timed = { "database.blkReadTimeMs": 0 };

test("the hit share alone is a warning at most, on enough blocks, and says that the cost is unknown and how to know it", () => {
  const hits = (hit: number, read: number, given: Limits = limits(bufferHitRatio)) =>
    judgeHits({ "database.blksHit": hit, "database.blksRead": read }, given);
  expect(hits(0, 0)).toMatchObject({ state: "ok", value: null });
  expect(hits(1_000, 9_000)).toMatchObject({ state: "ok", value: 0.1 });
  expect(hits(90_000, 10_000)).toMatchObject({
    state: "ok",
    words: { title: "90.0 % of blocks were found in shared_buffers in the last 15 min." },
  });
  expect(hits(89_999, 10_001)).toMatchObject({
    state: "warning",
    value: 0.89999,
    words: {
      title:
        "Only 89.9 % of blocks were found in shared_buffers in the last 15 min; cost unknown: track_io_timing is off.",
      detail:
        "The rest came from the system's cache or from disk; what that costs is measured after: ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
    },
  });
  expect(hits(1_000, 99_000).state).toBe("warning");
  expect(hits(1_000, 99_000, { warning: 0.9, critical: 0.5 }).state).toBe("warning");
});

test("where reads are timed the hit share is told and not judged", () => {
  const counts = { "database.blksHit": 1_000, "database.blksRead": 99_000, ...timed };
  expect(judgeHits(counts, limits(bufferHitRatio))).toMatchObject({
    state: "ok",
    value: 0.01,
    words: { title: "1.0 % of blocks were found in shared_buffers in the last 15 min." },
  });
});

test("reads are judged by their share of the time of statements, when statements ran at all", () => {
  const reading = (readMs: number, activeMs: number, more: Record<string, number> = {}) =>
    judgeReadCost(
      {
        ...{ "database.blkReadTimeMs": readMs, "database.activeMs": activeMs, "database.blksRead": 1_000 },
        ...more,
      },
      limits(readCost),
    );
  expect(reading(29_999, 100_000).state).toBe("ok");
  expect(reading(30_000, 100_000)).toMatchObject({
    state: "warning",
    value: 0.3,
    words: {
      title: "Statements spent 30.0 % of their time reading in the last 15 min, 30.00 ms a block.",
    },
  });
  expect(reading(60_000, 100_000).state).toBe("critical");
  // 1 % of a quarter of an hour is 9 s.
  expect(reading(8_000, 8_999).state).toBe("ok");
  expect(reading(8_000, 9_000).state).toBe("critical");
  expect(reading(0, 0)).toMatchObject({ state: "ok", value: null });
  // What autovacuum reads is nobody's wait.
  expect(reading(60_000, 100_000, { "io.client.readTimeMs": 5_000 })).toMatchObject({
    state: "ok",
    value: 0.05,
  });
  expect(reading(300_000, 100_000)).toMatchObject({ state: "critical", value: 1 });
});
