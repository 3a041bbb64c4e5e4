import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../admin.ts";
import { sessionActor } from "../auth/sessions.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, password } from "../testing/people.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

test("a revoked session and a disabled person act no more, at once", async () => {
  const { console, admin, succeed, codeOf, signIn } = administration;
  const second = await addActor(console, "admin");
  await succeed(adminActions.revokeSession, admin, { sessionId: second.sessionId });
  expect(await codeOf(adminActions.createToken, second, { name: "t", scopes: ["read"] })).toBe(
    "UNAUTHENTICATED",
  );

  const third = await addActor(console, "admin");
  expect(await codeOf(adminActions.disableUser, admin, { userId: third.id }, "somebody else")).toBe(
    "BAD_INPUT",
  );
  expect(
    await succeed(adminActions.disableUser, admin, { userId: third.id }, third.email ?? ""),
  ).toMatchObject({
    sessionsEnded: 1,
  });
  expect(await codeOf(adminActions.createToken, third, { name: "t", scopes: ["read"] })).toBe(
    "UNAUTHENTICATED",
  );
  await expect(signIn(third.email ?? "", password)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await succeed(adminActions.enableUser, admin, { userId: third.id });
  await expect(signIn(third.email ?? "", password)).resolves.toMatchObject({ sessionId: expect.any(String) });
});

test("people end their own sessions; other people's only an admin does", async () => {
  const { console, succeed, codeOf, signIn } = administration;
  const [actor, viewer] = [await addActor(console, "viewer"), await addActor(console, "viewer")];
  expect(await codeOf(adminActions.revokeSession, actor, { sessionId: viewer.sessionId })).toBe("FORBIDDEN");
  const second = await signIn(actor.email ?? "", password);
  const third = await signIn(actor.email ?? "", password);
  await succeed(adminActions.revokeSession, actor, { sessionId: second.sessionId });
  expect(await sessionActor(console.db, second.sessionId, null)).toBeNull();
  expect(await succeed(adminActions.revokeOtherSessions, actor, {})).toEqual({ sessionsEnded: 1 });
  expect(await sessionActor(console.db, third.sessionId, null)).toBeNull();
  expect(await sessionActor(console.db, viewer.sessionId ?? "", null)).not.toBeNull();
});
