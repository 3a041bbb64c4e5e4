import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import { adminActions } from "../admin.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { sessionActor } from "../auth/sessions.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, createConsole } from "../testing/people.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

test("user.create answers a one-time password that signs in and must be changed; the audit event names nobody", async () => {
  const { console, admin, succeed, codeOf, lastActivity, signIn } = administration;
  const made = await succeed(adminActions.createUser, admin, {
    email: "Jana.Novak@Example.test",
    name: "Jana Novak",
    role: "operator",
  });
  const { sessionId } = await signIn("jana.novak@example.test", made.oneTimePassword);
  const actor = await sessionActor(console.db, sessionId, null);
  expect(actor).toMatchObject({ role: "operator", mustChangePassword: true, name: "Jana Novak" });
  expect(await codeOf(adminActions.revokeOtherSessions, actor, {})).toBe("FORBIDDEN");

  const row = await lastActivity("user.create");
  expect(row).toMatchObject({
    outcome: "success",
    actor_name: admin.email,
    object_name: "jana.novak@example.test",
  });
  expect(row?.payload).toMatchObject({ action: "console.user.create", details: { role: "operator" } });
  expect(JSON.stringify(row?.payload)).not.toMatch(/jana|novak|example|@/i);
  expect(JSON.stringify(row)).not.toContain(made.oneTimePassword);
  expect(
    await codeOf(adminActions.createUser, admin, {
      email: "JANA.novak@example.test",
      name: "J",
      role: "viewer",
    }),
  ).toBe("CONFLICT");
});

test("nobody changes their own role or disables themselves", async () => {
  const { admin, codeOf } = administration;
  expect(await codeOf(adminActions.setUserRole, admin, { userId: admin.id, role: "viewer" })).toBe(
    "FORBIDDEN",
  );
  expect(await codeOf(adminActions.disableUser, admin, { userId: admin.id }, admin.email ?? "")).toBe(
    "FORBIDDEN",
  );
  expect(await codeOf(adminActions.resetPassword, admin, { userId: admin.id })).toBe("FORBIDDEN");
});

test("the last administrator stays, also when two demote each other at once", async () => {
  const fresh = await createConsole();
  const [a, b] = [await addActor(fresh.console, "admin"), await addActor(fresh.console, "admin")];
  const demote = (actor: Actor, userId: string) =>
    runAdminAction(
      adminActions.setUserRole,
      { console: fresh.console, actor, auditTargets: [] },
      { userId, role: "viewer" },
    );
  const results = await Promise.all([demote(a, b.id), demote(b, a.id)]);
  expect(results.filter((result) => result.ok)).toHaveLength(1);
  const [left] = await fresh.test.sql`select id from users where role = 'admin'`;
  const system = systemActor("command line");
  for (const action of [adminActions.disableUser, adminActions.setUserRole] as AdminAction<
    z.ZodType,
    unknown
  >[]) {
    const input = { userId: left?.id, ...(action.name === "user.set-role" && { role: "operator" }) };
    const result = await runAdminAction(
      action,
      { console: fresh.console, actor: system, auditTargets: [] },
      input,
    );
    expect(result).toMatchObject({ ok: false, error: { code: "CONFLICT" } });
  }
  await fresh.drop();
});
