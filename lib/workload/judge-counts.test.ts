import { expect, test } from "vitest";
import { judgeHits } from "../buffers/judge-hits.ts";
import { judgeChecksums, judgeDeadlocks, judgeRollbacks, judgeTempFiles } from "./judge-counts.ts";

test("the hit share is judged only on enough blocks", () => {
  const hits = (hit: number, read: number) =>
    judgeHits({ "database.blksHit": hit, "database.blksRead": read })[0];
  expect(hits(0, 0)).toBeUndefined();
  expect(hits(1_000, 9_000)).toBeUndefined();
  expect(hits(98_000, 2_000)).toBeUndefined();
  expect(hits(97_999, 2_001)).toMatchObject({
    severity: "warning",
    title: "Only 97.9 % of blocks were found in shared_buffers in the last 15 min.",
  });
  expect(hits(89_000, 11_000)?.severity).toBe("critical");
});

test("rollbacks are judged as a share, when enough transactions ended", () => {
  const rolled = (commits: number, rollbacks: number) =>
    judgeRollbacks({ "database.commits": commits, "database.rollbacks": rollbacks })[0];
  expect(rolled(0, 0)).toBeUndefined();
  expect(rolled(10, 10)).toBeUndefined();
  expect(rolled(981, 19)).toBeUndefined();
  expect(rolled(970, 30)).toMatchObject({
    severity: "warning",
    title: "3.0 % of transactions were rolled back in the last 15 min (30 of 1000).",
  });
  expect(rolled(900, 100)?.severity).toBe("critical");
});

test("temporary files beyond ten in five minutes", () => {
  expect(judgeTempFiles({ "database.tempFiles": 10 })).toEqual([]);
  expect(judgeTempFiles({ "database.tempFiles": 11, "database.tempBytes": 52_428_800 })[0]?.title).toBe(
    "11 temporary files (50 MB) were written in the last 5 min.",
  );
});

test("any deadlock is a warning, more than five a minute are critical", () => {
  const dead = (count: number) => judgeDeadlocks({ "database.deadlocks": count })[0];
  expect(dead(0)).toBeUndefined();
  expect(dead(1)).toMatchObject({
    severity: "warning",
    title: "1 deadlock was broken in the last 5 min.",
  });
  expect(dead(25)?.severity).toBe("warning");
  expect(dead(26)?.severity).toBe("critical");
});

test("a checksum failure is critical", () => {
  const last = new Date();
  expect(judgeChecksums([{ database: "audit", count: 1, last }])[0]).toMatchObject({
    severity: "critical",
    title: "1 page of audit failed its checksum.",
    since: last,
  });
});
