import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../admin.ts";
import { sessionActor } from "../auth/sessions.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, addUser, password } from "../testing/people.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

/** Somebody whose proof is older than five minutes. */
async function idler() {
  const actor = await addActor(administration.console, "admin");
  await administration.sql`
    update sessions set reauthenticated_at = now() - interval '301 s' where id = ${actor.sessionId}`;
  return actor;
}

test("each verb that must be sure is done only after the password, on this session alone", async () => {
  const { console, sql, codeOf, succeed, lastActivity } = administration;
  const actor = await idler();
  const user = await addUser(console, "viewer");
  const verbs = [
    [adminActions.createToken, { name: "t", scopes: ["read"] }],
    [adminActions.setUserRole, { userId: user.id, role: "operator" }],
    [adminActions.resetPassword, { userId: user.id }],
  ] as const;
  for (const [verb, input] of verbs)
    expect([verb.name, await codeOf(verb as never, actor, input)]).toEqual([verb.name, "REAUTHENTICATE"]);
  const { sessionId } = await administration.signIn(actor.email ?? "", password);
  await sql`update sessions set reauthenticated_at = null where id = ${sessionId}`;
  await succeed(adminActions.reauthenticate, actor, { password });
  expect(await lastActivity("session.reauthenticate")).toMatchObject({ object_id: actor.sessionId });
  for (const [verb, input] of verbs)
    expect([verb.name, await codeOf(verb as never, actor, input)]).toEqual([verb.name, "ok"]);
  const elsewhere = await sessionActor(console.db, sessionId, null);
  expect(await codeOf(adminActions.createToken, elsewhere, { name: "t", scopes: ["read"] })).toBe(
    "REAUTHENTICATE",
  );
});

test("wrong passwords are on record, and five of them shut it, the change of the password too", async () => {
  const { sql, run } = administration;
  const actor = await idler();
  for (let tries = 0; tries < 5; tries += 1)
    expect(await run(adminActions.reauthenticate, actor, { password: "a guess" })).toMatchObject({
      error: { code: "FORBIDDEN", fields: { password: "The present password is wrong." } },
    });
  expect(await run(adminActions.reauthenticate, actor, { password })).toMatchObject({
    error: { code: "FORBIDDEN", message: expect.stringContaining("15 minutes") },
  });
  expect(
    await run(adminActions.changePassword, actor, { current: password, next: "a new long phrase" }),
  ).toMatchObject({ error: { message: expect.stringContaining("15 minutes") } });
  const [told] = await sql`
    select count(*)::int as refused, count(*) filter (where detail::text like '%a guess%')::int as typed
    from activity where actor_id = ${actor.id} and action = 'session.reauthenticate' and outcome = 'refused'`;
  expect(told).toEqual({ refused: 6, typed: 0 });
});

test("an account of single sign-on has no password to prove with", async () => {
  const { sql, run } = administration;
  const actor = await idler();
  await sql`update users set password_hash = null where id = ${actor.id}`;
  expect(await run(adminActions.reauthenticate, actor, { password })).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringContaining("single sign-on") },
  });
});
