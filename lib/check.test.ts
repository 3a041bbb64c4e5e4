import { expect, test } from "vitest";
import { cannotJudge, type ObjectState, objectKey, stateAt, worstOf } from "./check.ts";

test("a limit is reached at its value, from below or from above", () => {
  const rising = { warning: 75, critical: 90 };
  expect([74.9, 75, 89.9, 90].map((value) => stateAt(value, rising))).toEqual([
    "ok",
    "warning",
    "warning",
    "critical",
  ]);
  const falling = { warning: 3, critical: 1 };
  expect([3, 2.9, 1, 0.9].map((value) => stateAt(value, falling, "falling"))).toEqual([
    "ok",
    "warning",
    "warning",
    "critical",
  ]);
  expect(stateAt(1e9, { warning: null, critical: null })).toBe("ok");
  expect(stateAt(5, { warning: null, critical: 5 })).toBe("critical");
});

test("an object's key tells it from every other, and is the same after a restore", () => {
  const table = { kind: "relation", database: "app", schema: "public", name: "audit_log" } as const;
  const backendStart = new Date("2026-01-01T00:00:00.5Z");
  const keys = [
    objectKey({ kind: "target" }),
    objectKey({ kind: "session", pid: 7, backendStart, name: "pid 7" }),
    objectKey({ kind: "session", pid: 7, backendStart: new Date(0), name: "pid 7" }),
    objectKey(table),
    objectKey({ ...table, part: "guard" }),
    objectKey({ ...table, schema: "public/audit", name: "log" }),
    objectKey({ ...table, schema: "public", name: "audit/log" }),
    objectKey({ kind: "slot", name: "a b" }),
    objectKey({ kind: "standby", name: "a b" }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(objectKey({ ...table, oid: 1 })).toBe(objectKey({ ...table, oid: 2 }));
  expect(keys[1]).toBe("session:7@2026-01-01T00:00:00.500Z");
});

test("a list cut at its limit is complete only where its last object is fine", () => {
  const states = (...all: ObjectState["state"][]) =>
    all.map(
      (state, n): ObjectState => ({
        object: { kind: "slot", name: `${n}` },
        state,
        value: null,
        threshold: null,
        since: null,
        words: { title: "", detail: "" },
      }),
    );
  expect(worstOf(states("warning"), 2).complete).toBe(true);
  expect(worstOf(states("warning", "warning"), 2).complete).toBe(false);
  expect(worstOf(states("warning", "ok"), 2).complete).toBe(true);
});

test("what cannot be judged is told of the target, and is not complete", () => {
  const unavailable = { code: "no_grant", reason: "No.", enable: "GRANT x;" } as const;
  expect(cannotJudge("Not looked at.", unavailable)).toEqual({
    objects: [
      {
        object: { kind: "target" },
        state: "unavailable",
        value: null,
        threshold: null,
        since: null,
        words: { title: "Not looked at.", detail: "No." },
        unavailable,
      },
    ],
    complete: false,
  });
});
