import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../admin.ts";
import { sessionActor } from "../auth/sessions.ts";
import { signInWithPassword } from "../auth/sign-in.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, password } from "../testing/people.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

test("password.change: current is checked, policy holds, other sessions end, the one-time state is over", async () => {
  const { console, admin, run, succeed, signIn } = administration;
  const made = await succeed(adminActions.createUser, admin, {
    email: "k@example.test",
    name: "K",
    role: "viewer",
  });
  const other = await signIn("k@example.test", made.oneTimePassword);
  const { sessionId } = await signIn("k@example.test", made.oneTimePassword);
  const actor = await sessionActor(console.db, sessionId, null);
  const change = (current: string, next: string) =>
    run(adminActions.changePassword, actor, { current, next });
  expect(await change("wrong one entirely", "a new long phrase")).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", fields: { current: expect.any(String) } },
  });
  expect(await change(made.oneTimePassword, "password-1234")).toMatchObject({
    ok: false,
    error: { fields: { next: expect.any(String) } },
  });
  expect(await change(made.oneTimePassword, made.oneTimePassword)).toMatchObject({ ok: false });
  expect(await change(made.oneTimePassword, "a new long phrase")).toEqual({
    ok: true,
    data: { sessionsEnded: 1 },
  });
  expect(await sessionActor(console.db, other.sessionId, null)).toBeNull();
  expect(await sessionActor(console.db, sessionId, null)).toMatchObject({ mustChangePassword: false });
  await expect(signIn("k@example.test", made.oneTimePassword)).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  await expect(signIn("k@example.test", "a new long phrase")).resolves.toMatchObject({
    sessionId: expect.any(String),
  });
});

test("password.change: five wrong tries shut it for the right one too", async () => {
  const { console, run } = administration;
  const actor = await addActor(console, "viewer");
  for (let i = 0; i < 5; i += 1) {
    await run(adminActions.changePassword, actor, { current: "guess", next: "a new long phrase" });
  }
  expect(
    await run(adminActions.changePassword, actor, { current: password, next: "a new long phrase" }),
  ).toMatchObject({ ok: false, error: { message: expect.stringContaining("15 minutes") } });
});

test("user.reset-password ends sessions, lifts a lock-out and forces a change", async () => {
  const { console, admin, succeed, signIn } = administration;
  const actor = await addActor(console, "viewer");
  const email = actor.email ?? "";
  for (let i = 0; i < 5; i += 1) {
    await signInWithPassword(
      { console: console, auditTargets: [], wait: async () => {} },
      { email, password: "guess", ip: null, userAgent: null },
    ).catch(() => {});
  }
  const reset = await succeed(adminActions.resetPassword, admin, { userId: actor.id });
  expect(await sessionActor(console.db, actor.sessionId ?? "", null)).toBeNull();
  await expect(signIn(email, password)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  const { sessionId } = await signIn(email, reset.oneTimePassword);
  expect(await sessionActor(console.db, sessionId, null)).toMatchObject({ mustChangePassword: true });
});
