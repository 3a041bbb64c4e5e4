import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createToken } from "../accounts/create-token.ts";
import type { Actor } from "../auth/actor.ts";
import { authenticateBearer } from "../auth/tokens.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { storeEvaluation } from "../testing/check-states.ts";
import { addActor } from "../testing/people.ts";
import { resetThreshold } from "./reset-threshold.ts";
import { setThreshold } from "./set-threshold.ts";

let administration: Administration;
let operator: Actor;

beforeAll(async () => {
  administration = await startAdministration();
  operator = await addActor(administration.console, "operator");
});
afterAll(() => administration?.close());
beforeEach(async () => {
  await administration.sql`truncate check_state, check_evaluation, check_threshold`;
});

const check = "connections.idle_in_transaction";
const limits = (warning: number | null, critical: number | null) => ({ warning, critical, unit: "seconds" });
const code = (input: object) => administration.codeOf(setThreshold, operator, input);
const stored = () =>
  administration.sql`select target, object_key, limits, set_by, set_by_name from check_threshold order by 1, 2`;

test("an operator's limits are stored with who set them, and the log tells what was before and after", async () => {
  const { succeed, lastActivity } = administration;
  const first = await succeed(setThreshold, operator, { check, target: "audit", ...limits(60, 120) });
  expect(first).toEqual({
    check,
    target: "audit",
    object: "*",
    before: { warning: 300, critical: 900 },
    after: { warning: 60, critical: 120 },
    for: null,
    keepFiringFor: null,
  });
  expect(await stored()).toMatchObject([
    {
      target: "audit",
      object_key: "*",
      limits: { warning: 60, critical: 120 },
      set_by: operator.id,
      set_by_name: operator.name,
    },
  ]);
  const row = await lastActivity("check.set-threshold");
  expect(row).toMatchObject({
    outcome: "success",
    target: "audit",
    object_type: "check",
    object_id: check,
    object_name: "Idle in transaction",
    detail: {
      before: { warning: 300, critical: 900 },
      after: { warning: 60, critical: 120 },
      unit: "seconds",
    },
  });
  expect(row?.payload).toMatchObject({ action: "console.check.set_threshold", targetId: check });

  const second = await succeed(setThreshold, operator, { check, target: "audit", ...limits(30, null) });
  expect(second.before).toEqual({ warning: 60, critical: 120 });
  expect(await stored()).toMatchObject([{ limits: { warning: 30, critical: null } }]);
});

test("resetting brings back what the wider scope says, at last the code's own", async () => {
  const { succeed, codeOf, lastActivity } = administration;
  await succeed(setThreshold, operator, { check, target: "*", ...limits(60, 120) });
  await succeed(setThreshold, operator, { check, target: "audit", ...limits(10, 20) });
  const here = await succeed(resetThreshold, operator, { check, target: "audit" });
  expect([here.before, here.after]).toEqual([
    { warning: 10, critical: 20 },
    { warning: 60, critical: 120 },
  ]);
  const everywhere = await succeed(resetThreshold, operator, { check, target: "*" });
  expect(everywhere.after).toEqual({ warning: 300, critical: 900 });
  expect(await stored()).toEqual([]);
  expect(await lastActivity("check.reset-threshold")).toMatchObject({
    target: null,
    detail: { before: { warning: 60, critical: 120 }, after: { warning: 300, critical: 900 } },
  });
  expect(await codeOf(resetThreshold, operator, { check, target: "*" })).toBe("NOT_FOUND");
});

test("an object's own limits name it in the activity log and not in the audit event", async () => {
  const { sql, succeed, lastActivity } = administration;
  const object = { kind: "role", name: "jane.doe" } as const;
  await storeEvaluation(sql, { target: "audit", check, evaluatedAt: new Date() }, [
    { object, state: "ok", value: 1 },
  ]);
  await succeed(setThreshold, operator, { check, target: "audit", object: "role:jane.doe", ...limits(1, 2) });
  expect(await stored()).toMatchObject([{ target: "audit", object_key: "role:jane.doe" }]);
  const row = await lastActivity("check.set-threshold");
  expect(row?.detail).toMatchObject({ of: "role:jane.doe" });
  expect(JSON.stringify(row?.payload)).not.toContain("jane");
});

test.each([
  ["a check that is none", { check: "connections.nothing", target: "audit", ...limits(1, 2) }, "NOT_FOUND"],
  ["a target that is none", { check, target: "nowhere", ...limits(1, 2) }, "NOT_FOUND"],
  [
    "an object that it never judged",
    { check, target: "audit", object: "role:x", ...limits(1, 2) },
    "NOT_FOUND",
  ],
  [
    "a session, which ends",
    { check, target: "audit", object: "session:1@2026-01-01T00:00:00.000Z", ...limits(1, 2) },
    "BAD_INPUT",
  ],
  ["no target at all", { check, ...limits(1, 2) }, "BAD_INPUT"],
  ["critical below warning", { check, target: "audit", ...limits(2, 1) }, "BAD_INPUT"],
  ["neither limit", { check, target: "audit", ...limits(null, null) }, "BAD_INPUT"],
  ["a negative limit", { check, target: "audit", ...limits(-1, 1) }, "BAD_INPUT"],
  ["no finite limit", { check, target: "audit", ...limits(1, Number.POSITIVE_INFINITY) }, "BAD_INPUT"],
  ["another unit", { check, target: "audit", warning: 1, critical: 2, unit: "ms" }, "BAD_INPUT"],
  ["no unit", { check, target: "audit", warning: 1, critical: 2 }, "BAD_INPUT"],
])("%s is refused, and nothing is stored", async (_, input, expected) => {
  expect(await code(input)).toBe(expected);
  expect(await stored()).toEqual([]);
});

test("two who set the same limits at once both succeed, one after the other", async () => {
  const set = (warning: number) => code({ check, target: "audit", ...limits(warning, 1_000) });
  expect(await Promise.all([set(1), set(2), set(3)])).toEqual(["ok", "ok", "ok"]);
  expect(await stored()).toHaveLength(1);
});

test("a token limited to a target sets and resets its limits there and only there; every target takes an unlimited one", async () => {
  const { console, admin, succeed, codeOf, lastActivity } = administration;
  const tokenFor = async (targets?: string[]): Promise<Actor> => {
    const made = await succeed(createToken, admin, { name: "limits", scopes: ["operate"], targets });
    return authenticateBearer(console.db, `Bearer ${made.secret}`);
  };
  const [own, other, unlimited] = [await tokenFor(["audit"]), await tokenFor(["other"]), await tokenFor()];
  const here = { check, target: "audit", ...limits(60, 120) };
  const everywhere = { check, target: "*", ...limits(50, 100) };
  expect(await codeOf(setThreshold, own, here)).toBe("ok");
  expect(await lastActivity("check.set-threshold")).toMatchObject({ target: "audit", actor_id: own.id });
  expect(await codeOf(setThreshold, other, here)).toBe("FORBIDDEN");
  expect(await codeOf(resetThreshold, other, { check, target: "audit" })).toBe("FORBIDDEN");
  expect(await codeOf(setThreshold, own, everywhere)).toBe("FORBIDDEN");
  expect(await stored()).toMatchObject([{ target: "audit", limits: { warning: 60, critical: 120 } }]);
  expect(await codeOf(resetThreshold, own, { check, target: "audit" })).toBe("ok");

  expect(await codeOf(setThreshold, unlimited, everywhere)).toBe("ok");
  expect(await codeOf(resetThreshold, own, { check, target: "*" })).toBe("FORBIDDEN");
  expect(await stored()).toMatchObject([{ target: "*", limits: { warning: 50, critical: 100 } }]);
  expect(await lastActivity("check.set-threshold")).toMatchObject({ target: null, actor_id: unlimited.id });
  expect(await codeOf(setThreshold, unlimited, { check, target: "gone", ...limits(1, 2) })).toBe("NOT_FOUND");
});
