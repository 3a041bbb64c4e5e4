import { expect, test } from "vitest";
import type { Limits } from "../check.ts";
import { bufferHitRatio, judgeHits } from "./check-hit-ratio.ts";

test("the hit share is judged only on enough blocks", () => {
  const hits = (hit: number, read: number) =>
    judgeHits({ "database.blksHit": hit, "database.blksRead": read }, bufferHitRatio.thresholds as Limits);
  expect(hits(0, 0)).toMatchObject({ state: "ok", value: null });
  expect(hits(1_000, 9_000)).toMatchObject({ state: "ok", value: 0.1 });
  expect(hits(98_000, 2_000)).toMatchObject({
    state: "ok",
    words: { title: "98.0 % of blocks were found in shared_buffers in the last 15 min." },
  });
  expect(hits(97_999, 2_001)).toMatchObject({
    state: "warning",
    value: 0.97999,
    words: { title: "Only 97.9 % of blocks were found in shared_buffers in the last 15 min." },
  });
  expect(hits(89_000, 11_000).state).toBe("critical");
});
