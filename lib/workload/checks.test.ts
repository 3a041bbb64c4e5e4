import { expect, test } from "vitest";
import type { Check, Limits } from "../check.ts";
import { deadlocks, judgeDeadlocks } from "./check-deadlocks.ts";
import { judgeRollbacks, rollbacks } from "./check-rollbacks.ts";
import { judgeTempFiles, tempFiles } from "./check-temp-files.ts";

const limits = (check: Check) => check.thresholds as Limits;

test("rollbacks are judged as a share, when enough transactions ended", () => {
  const rolled = (commits: number, count: number) =>
    judgeRollbacks({ "database.commits": commits, "database.rollbacks": count }, limits(rollbacks));
  expect(rolled(0, 0)).toMatchObject({ state: "ok", value: null });
  expect(rolled(10, 10)).toMatchObject({ state: "ok", value: 0.5 });
  expect(rolled(981, 19).state).toBe("ok");
  expect(rolled(970, 30)).toMatchObject({
    state: "warning",
    value: 0.03,
    threshold: { warning: 0.02, critical: 0.1 },
    words: { title: "3.0 % of transactions were rolled back in the last 15 min (30 of 1000)." },
  });
  expect(rolled(900, 100).state).toBe("critical");
});

test("temporary files beyond ten in five minutes", () => {
  const written = (files: number, bytes = 0) =>
    judgeTempFiles({ "database.tempFiles": files, "database.tempBytes": bytes }, limits(tempFiles));
  expect(written(0)).toMatchObject({
    state: "ok",
    words: { title: "0 temporary files (0 MB) were written in the last 5 min." },
  });
  expect(written(10).state).toBe("ok");
  expect(written(11, 52_428_800)).toMatchObject({
    state: "warning",
    value: 11,
    words: { title: "11 temporary files (50 MB) were written in the last 5 min." },
  });
});

test("any deadlock is a warning, more than five a minute are critical", () => {
  const dead = (count: number) => judgeDeadlocks({ "database.deadlocks": count }, limits(deadlocks));
  expect(dead(0).state).toBe("ok");
  expect(dead(1)).toMatchObject({
    state: "warning",
    words: { title: "1 deadlock was broken in the last 5 min." },
  });
  expect(dead(25).state).toBe("warning");
  expect(dead(26).state).toBe("critical");
});
