import { afterAll, beforeAll, expect, test } from "vitest";
import { getActivity } from "../activity/get-activity.ts";
import { getAuditDelivery } from "../activity/get-audit-delivery.ts";
import { activityReads } from "../activity/reads.ts";
import type { Actor } from "../auth/actor.ts";
import { systemActor } from "../auth/actor.ts";
import type { ReadContext } from "../read.ts";
import { addActor, addUser, createConsole } from "../testing/people.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { createToken } from "./create-token.ts";
import { disableUser } from "./disable-user.ts";
import { getTokens } from "./get-tokens.ts";
import { getUsers } from "./get-users.ts";
import { hasPassword } from "./has-password.ts";
import { accountsReads } from "./reads.ts";
import { revokeToken } from "./revoke-token.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
let admin: Actor;
let viewer: Actor;
beforeAll(async () => {
  given = await createConsole();
  admin = await addActor(given.console, "admin");
  viewer = await addActor(given.console, "viewer");
});
afterAll(() => given.drop());

const contextOf = (actor: Actor) =>
  ({ console: given.console, actor, role: actor.role, now: new Date() }) as ReadContext;

test("users are listed with how they sign in and how many sessions are open", async () => {
  const oidc = await addUser(given.console, "operator", {
    passwordHash: null,
    email: "a-first@example.test",
  });
  await given.test
    .sql`insert into oidc_identities (issuer, subject, user_id) values ('https://i', 's', ${oidc.id})`;
  const users = await getUsers(given.console, new Date());
  expect(users.map((user) => user.email)).toEqual(users.map((user) => user.email).toSorted());
  expect(users.find((user) => user.id === oidc.id)).toMatchObject({ methods: ["oidc"], openSessions: 0 });
  expect(users.find((user) => user.id === admin.id)).toMatchObject({
    methods: ["password"],
    openSessions: 1,
  });
  expect(JSON.stringify(users)).not.toContain("argon2");
  expect(await hasPassword(given.console, oidc.id)).toBe(false);
  expect(await hasPassword(given.console, admin.id)).toBe(true);
});

test("everybody sees their own sessions only; the admin sees all", async () => {
  const own = await accountsReads.sessions.run(contextOf(viewer), { whose: "own" });
  expect(own.data).toMatchObject([{ userId: viewer.id, current: true, userAgent: "test", device: "test" }]);
  await expect(accountsReads.sessions.run(contextOf(viewer), { whose: "all" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  const all = await accountsReads.sessions.run(contextOf(admin), { whose: "all" });
  expect(all.data.map((session) => session.userId).toSorted()).toEqual([admin.id, viewer.id].toSorted());
  expect(accountsReads.users.role).toBe("admin");
  expect(accountsReads.apiTokens.role).toBe("privacy_officer");
  expect(activityReads.activity.role).toBe("admin");
});

test("tokens say whether they hold", async () => {
  const maker = await addActor(given.console, "admin");
  const run = <T>(action: AdminAction<never, T>, actor: Actor, input: unknown, typed?: string) =>
    runAdminAction(action, { console: given.console, actor, auditTargets: [] }, input, typed);
  const make = (name: string, actor: Actor) =>
    run(createToken as never, actor, { name, scopes: ["read"], expiresInDays: 1 }) as Promise<{
      ok: true;
      data: { id: string; secret: string };
    }>;
  await make("good", admin);
  await make("of the absent", maker);
  const gone = await make("gone", systemActor("cli"));
  await run(revokeToken as never, admin, { tokenId: gone.data.id }, "gone");
  await run(disableUser as never, admin, { userId: maker.id }, maker.email ?? "");
  const tokens = await getTokens(given.console, { role: "admin", person: null }, new Date());
  expect(Object.fromEntries(tokens.map((token) => [token.name, token.state]))).toEqual({
    good: "active",
    "of the absent": "suspended",
    gone: "revoked",
  });
  expect(JSON.stringify(tokens)).not.toContain(gone.data.secret);
  const later = await getTokens(
    given.console,
    { role: "admin", person: null },
    new Date(Date.now() + 2 * 86_400_000),
  );
  expect(later.find((token) => token.name === "good")?.state).toBe("expired");
});

test("activity pages through without gap or repeat, and filters", async () => {
  const whole = await getActivity(given.console, { limit: 500 });
  expect(whole.rows.length).toBeGreaterThan(4);
  expect(whole.next).toBeNull();
  const paged: string[] = [];
  let before: string | undefined;
  do {
    const page = await getActivity(given.console, { limit: 2, before });
    paged.push(...page.rows.map((row) => row.id));
    before = page.next ?? undefined;
  } while (before);
  expect(paged).toEqual(whole.rows.map((row) => row.id));
  const tokens = await getActivity(given.console, { limit: 10, action: "token.", outcome: "success" });
  expect(new Set(tokens.rows.map((row) => row.action))).toEqual(new Set(["token.create", "token.revoke"]));
  const named = await getActivity(given.console, { limit: 10, text: "of the abs" });
  expect(named.rows.map((row) => row.objectName)).toEqual(["of the absent"]);
  expect((await getActivity(given.console, { limit: 10, text: "%" })).rows).toEqual([]);
});

test("delivery is summed up per target", async () => {
  await given.test.sql`
    insert into outbox (id, target, payload, state, settled_at, last_error)
    values (gen_random_uuid(), 'eu', '{}', 'delivered', now(), null),
           (gen_random_uuid(), 'eu', '{}', 'pending', null, 'The database does not answer.'),
           (gen_random_uuid(), 'us', '{}', 'not_applicable', now(), 'No writer connection.')`;
  expect(await getAuditDelivery(given.console)).toMatchObject([
    { target: "eu", pending: 1, delivered: 1, notApplicable: 0, lastError: "The database does not answer." },
    { target: "us", pending: 0, notApplicable: 1, lastError: "No writer connection." },
  ]);
});
