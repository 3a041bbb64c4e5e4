import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApprovalsVerbs } from "../approvals/verbs.ts";
import type { Actor } from "../auth/actor.ts";
import { checks } from "../checks.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor } from "../testing/people.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { importThresholds } from "./import-thresholds.ts";
import { resetThreshold } from "./reset-threshold.ts";
import { setGuardedThresholds } from "./set-guarded-thresholds.ts";
import { setThreshold } from "./set-threshold.ts";
import { parseThresholds } from "./threshold-file.ts";

const { approveRequest } = createApprovalsVerbs((name) =>
  name === setGuardedThresholds.name
    ? (setGuardedThresholds as unknown as AdminAction<never, unknown>)
    : undefined,
);
let administration: Administration;
let operator: Actor;
let second: Actor;

beforeAll(async () => {
  administration = await startAdministration();
  operator = await addActor(administration.console, "operator");
  second = await addActor(administration.console, "admin");
});
afterAll(() => administration?.close());
beforeEach(async () => {
  await administration.sql`truncate check_threshold, approval cascade`;
});

const rows = { check: "partitions.rows_changed", target: "audit", warning: null, critical: 1, unit: "count" };
const missed = { check: "checks.missed", target: "audit", warning: 2, critical: 9, unit: "count" };
const ask = (...thresholds: object[]) => ({ target: "audit", thresholds });
const stored = () =>
  administration.sql`select check_id, limits, for_seconds from check_threshold order by check_id, target`;

async function approvalOf(...thresholds: object[]) {
  const { succeed, admin, sql } = administration;
  const { approvalId } = (await succeed(setGuardedThresholds, admin, ask(...thresholds))) as {
    approvalId: string;
  };
  const [request] = await sql`select digest from approval where id = ${approvalId}`;
  return { approvalId, digest: request?.digest };
}

test("one administrator may make a guarded check stricter and take that back; an operator may neither", async () => {
  const { admin, codeOf } = administration;
  expect(await codeOf(setThreshold, operator, missed)).toBe("FORBIDDEN");
  expect(await codeOf(importThresholds, operator, ask(missed))).toBe("FORBIDDEN");
  expect(await codeOf(setThreshold, admin, missed)).toBe("ok");
  expect(await codeOf(importThresholds, admin, ask(rows, { ...missed, warning: 1 }))).toBe("ok");
  expect(await stored()).toMatchObject([
    { check_id: "checks.missed", limits: { warning: 1, critical: 9 } },
    { check_id: "partitions.rows_changed", limits: { warning: null, critical: 1 } },
  ]);
  expect(await codeOf(resetThreshold, operator, { check: rows.check, target: "audit" })).toBe("FORBIDDEN");
  expect(await codeOf(resetThreshold, admin, { check: rows.check, target: "audit" })).toBe("ok");
});

test.each([
  ["a figure further out", { ...rows, critical: 2 }],
  ["a figure so far out that it never speaks", { ...rows, critical: 1e18 }],
  ["a later alert", { ...rows, for: 1 }],
  ["the warning of a check with two", { ...missed, warning: 4 }],
  ["every target's", { ...rows, target: "*", critical: 2 }],
])("%s is nothing that one administrator sets, nor a file of theirs", async (_, beyond) => {
  const { admin, run } = administration;
  const refused = {
    ok: false,
    error: {
      code: "FORBIDDEN",
      message: expect.stringContaining("take two administrators"),
      hint: expect.stringContaining("Settings → Approvals"),
    },
  };
  expect(await run(setThreshold, admin, beyond)).toMatchObject(refused);
  const file = { target: "*", thresholds: [missed, beyond].slice(beyond.check === missed.check ? 1 : 0) };
  expect(await run(importThresholds, admin, file)).toMatchObject(refused);
  expect(await stored()).toEqual([]);
});

test("a second administrator approves it, and what is of the same file is set with it", async () => {
  const { admin, run, codeOf, lastActivity } = administration;
  const text = `checks:
  partitions.rows_changed:
    - target: audit
      critical: "5"
      for: 1 h
  connections.used:
    - target: audit
      warning: 60 %
      critical: 80 %
`;
  const thresholds = parseThresholds(text, "limits.yaml", checks);
  expect(await codeOf(importThresholds, admin, ask(...thresholds))).toBe("FORBIDDEN");
  const approve = await approvalOf(...thresholds);
  expect(await stored()).toEqual([]);
  expect(await codeOf(approveRequest, admin, approve)).toBe("FORBIDDEN");
  expect(await codeOf(approveRequest, operator, approve)).toBe("FORBIDDEN");
  expect(await run(approveRequest, second, approve)).toMatchObject({
    ok: true,
    data: { answer: { set: 2 } },
  });
  expect(await stored()).toEqual([
    { check_id: "connections.used", limits: { warning: 0.6, critical: 0.8 }, for_seconds: null },
    { check_id: "partitions.rows_changed", limits: { warning: null, critical: 5 }, for_seconds: 3_600 },
  ]);
  expect(await lastActivity("check.set-guarded")).toMatchObject({
    outcome: "success",
    actor_id: admin.id,
    target: "audit",
    detail: { approvedBy: second.email, checks: ["connections.used", "partitions.rows_changed"] },
  });
});

test("what two administrators may not set either is refused before anybody else is asked", async () => {
  const { admin, run, codeOf, sql } = administration;
  const asked = (threshold: object) => run(setGuardedThresholds, admin, ask(threshold));
  expect(await asked({ ...rows, warning: 5, critical: null })).toMatchObject({
    error: {
      code: "BAD_INPUT",
      message: "“Events changed or deleted” is guarded: its critical limit may be another, but not none.",
    },
  });
  expect(await asked({ ...rows, critical: 5, for: 86_401 })).toMatchObject({
    error: { code: "BAD_INPUT", fields: { for: expect.stringContaining("after 24 h at most") } },
  });
  expect(await asked({ ...rows, critical: 5, object: "relation:nothing" })).toMatchObject({
    error: { code: "NOT_FOUND" },
  });
  expect(await asked({ ...rows, target: "*", critical: 5 })).toMatchObject({ error: { code: "BAD_INPUT" } });
  expect(await codeOf(setGuardedThresholds, operator, ask({ ...rows, critical: 5 }))).toBe("FORBIDDEN");
  expect(await sql`select from approval`).toHaveLength(0);
});

test("patience that two administrators set stays when one of them sets limits that are no further out", async () => {
  const { admin, run, codeOf } = administration;
  expect(
    await run(approveRequest, second, await approvalOf({ ...rows, critical: 5, for: 600 })),
  ).toMatchObject({
    ok: true,
  });
  expect(await codeOf(setThreshold, admin, { ...rows, critical: 4 })).toBe("FORBIDDEN");
  expect(await codeOf(setThreshold, admin, rows)).toBe("ok");
  expect(await stored()).toEqual([
    { check_id: rows.check, limits: { warning: null, critical: 1 }, for_seconds: 600 },
  ]);
});
