import { expect, test } from "vitest";
import type { Health } from "./health.ts";
import { createPrimaryMarks } from "./lag.ts";

const replica = (position: bigint, more: Partial<Health> = {}): Health => ({
  inRecovery: true,
  systemId: "1",
  timeline: 1,
  position,
  received: position,
  receiving: true,
  replayAgeSeconds: 3_600,
  ...more,
});

test("an idle primary makes no lag, however old the last commit", () => {
  const marks = createPrimaryMarks(3_000);
  marks.note(100n, 1_000);
  marks.note(100n, 9_000);
  expect(marks.lagOf(replica(100n), 9_500)).toMatchObject({ bytes: 0, seconds: 0, freshAt: 9_000 });
});

test("the age is that of the newest moment that was replayed", () => {
  const marks = createPrimaryMarks(3_000);
  for (const [position, at] of [
    [100n, 1_000],
    [200n, 2_000],
    [300n, 3_000],
  ] as const)
    marks.note(position, at);
  expect(marks.lagOf(replica(250n, { received: 300n }), 5_000)).toEqual({
    bytes: 50,
    seconds: 3,
    freshAt: 2_000,
  });
});

test("the last commit's time decides where it is the better bound", () => {
  const marks = createPrimaryMarks(3_000);
  marks.note(100n, 1_000);
  marks.note(900n, 5_000);
  expect(marks.lagOf(replica(800n, { replayAgeSeconds: 0.5 }), 5_000)).toMatchObject({
    seconds: 0.5,
    freshAt: 4_500,
  });
});

test("all that was received is replayed counts only while the receiver is connected", () => {
  const marks = createPrimaryMarks(3_000);
  expect(marks.lagOf(replica(100n), 50_000)).toMatchObject({ bytes: 0, seconds: 0 });
  expect(marks.lagOf(replica(100n, { receiving: false, replayAgeSeconds: 40 }), 50_000)).toMatchObject({
    seconds: 40,
  });
});

test("a receiver that believes itself connected is not believed when the primary has moved on", () => {
  const marks = createPrimaryMarks(3_000);
  marks.note(100n, 1_000);
  marks.note(500n, 9_000);
  expect(marks.lagOf(replica(100n), 9_000)).toMatchObject({ bytes: 400, seconds: 8 });
});

test("a replica that replayed nothing since it started is at least as old as what the primary has beyond it", () => {
  const marks = createPrimaryMarks(3_000);
  marks.note(500n, 2_000);
  marks.note(900n, 8_000);
  const stuck = replica(100n, { received: 500n, replayAgeSeconds: null });
  expect(marks.lagOf(stuck, 9_000)).toEqual({ bytes: 800, seconds: 7, freshAt: null });
});

test("nothing known is said as nothing known", () => {
  const unknown = replica(100n, { received: null, receiving: false, replayAgeSeconds: null });
  expect(createPrimaryMarks(3_000).lagOf(unknown, 1_000)).toEqual({
    bytes: null,
    seconds: null,
    freshAt: null,
  });
});
