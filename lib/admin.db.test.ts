import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { adminActions } from "./admin.ts";
import { can, roles } from "./auth/roles.ts";
import { type Administration, startAdministration } from "./testing/administration.ts";
import { addActor } from "./testing/people.ts";
import type { AdminAction } from "./verbs/admin-action.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

const id = "01900000-0000-7000-8000-000000000000";
const inputs: Record<keyof typeof adminActions, unknown> = {
  createUser: { email: "a@example.test", name: "A", role: "viewer" },
  setUserRole: { userId: id, role: "admin" },
  disableUser: { userId: id },
  dropAnswers: { target: "audit", all: true },
  enableUser: { userId: id },
  resetPassword: { userId: id },
  createToken: { name: "t", scopes: ["read"] },
  revokeToken: { tokenId: id },
  revokeSession: { sessionId: id },
  revokeOtherSessions: {},
  rotateMasterKey: {},
  revealEvent: {
    target: "audit",
    id,
    occurredAt: "2026-01-01T00:00:00.000000Z",
    reason: "asked by the person",
  },
  replayQuarantined: { target: "audit" },
  planStatement: { target: "audit", key: "1/2/3/1" },
  changePassword: { current: "x", next: "y" },
};

for (const [name, action] of Object.entries(adminActions) as [
  keyof typeof adminActions,
  AdminAction<z.ZodType, unknown>,
][]) {
  const may = roles.filter((role) => can(role, action.role));

  test(`${name}: nobody is refused, and so is each role but ${may.join(", ")}, which is recorded`, async () => {
    const { console, codeOf, lastActivity } = administration;
    expect(await codeOf(action, null, inputs[name])).toBe("UNAUTHENTICATED");
    for (const role of roles.filter((one) => !may.includes(one))) {
      const actor = await addActor(console, role);
      expect(await codeOf(action, actor, inputs[name])).toBe("FORBIDDEN");
      const row = await lastActivity(action.name);
      expect(row).toMatchObject({ outcome: "refused", actor_id: actor.id, detail: { code: "FORBIDDEN" } });
      expect(row?.payload).toMatchObject({ status: "failure", outcome: "refused" });
      const object = action.object?.(action.input.parse(inputs[name]));
      expect(row?.object_id ?? undefined).toBe(object?.id);
    }
  });

  test(`${name}: ${may.join(", ")} may`, async () => {
    const { console, codeOf } = administration;
    for (const role of may) {
      const actor = await addActor(console, role);
      // Whatever else it lacks here, it is not the right: past it, strict parsing refuses what is no field.
      const input = { ...(inputs[name] as object), "no such field": 1 };
      expect([role, await codeOf(action, actor, input)]).toEqual([role, "BAD_INPUT"]);
    }
  });
}

test("input is parsed strictly: unknown fields and bad ids are BAD_INPUT with their path", async () => {
  const { admin, run, codeOf } = administration;
  expect(
    await run(adminActions.setUserRole, admin, { userId: "1; drop table users", role: "root" }),
  ).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", fields: { userId: expect.any(String), role: expect.any(String) } },
  });
  expect(
    await codeOf(adminActions.createUser, admin, { ...(inputs.createUser as object), passwordHash: "x" }),
  ).toBe("BAD_INPUT");
});
