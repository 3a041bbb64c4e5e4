import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../admin.ts";
import { systemActor } from "../auth/actor.ts";
import { authenticateBearer } from "../auth/tokens.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor, addUser } from "../testing/people.ts";
import { getTokens } from "./get-tokens.ts";

let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

const newUser = { email: "a@example.test", name: "A", role: "viewer" };

test("tokens: the secret is stored nowhere, acts within scope and creator's role, expires and is revoked", async () => {
  const { console, sql, admin, succeed, codeOf } = administration;
  const creator = await addActor(console, "admin");
  const token = await succeed(adminActions.createToken, creator, {
    name: "grafana",
    scopes: ["operate"],
    targets: ["eu"],
    expiresInDays: 2,
  });
  expect(token.secret).toMatch(/^adb_[A-Za-z0-9_-]{43}$/);
  const [stored] = await sql`select t::text as all from api_tokens t where id = ${token.id}`;
  expect(stored?.all).not.toContain(token.secret);
  const bearer = (at?: Date) => authenticateBearer(console.db, `Bearer ${token.secret}`, null, at);
  const actor = await bearer();
  expect(actor).toMatchObject({ kind: "token", role: "operator", targets: ["eu"], name: "grafana" });
  expect(await codeOf(adminActions.createUser, actor, newUser)).toBe("FORBIDDEN");

  await succeed(adminActions.setUserRole, admin, { userId: creator.id, role: "viewer" });
  expect((await bearer()).role).toBe("viewer");
  await succeed(adminActions.disableUser, admin, { userId: creator.id }, creator.email ?? "");
  await expect(bearer()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await succeed(adminActions.enableUser, admin, { userId: creator.id });
  await expect(bearer(new Date(Date.now() + 3 * 86_400_000))).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  expect(await codeOf(adminActions.revokeToken, admin, { tokenId: token.id })).toBe("BAD_INPUT");
  await succeed(adminActions.revokeToken, admin, { tokenId: token.id }, "grafana");
  await expect(bearer()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  for (const header of [
    "",
    "Bearer",
    "Bearer adb_short",
    `Basic ${token.secret}`,
    `Bearer ${token.secret}x`,
  ]) {
    await expect(authenticateBearer(console.db, header)).rejects.toMatchObject({
      code: "UNAUTHENTICATED",
    });
  }
});

test("a privacy officer makes, sees and ends tokens of their own, for privacy and reading alone", async () => {
  const { console, succeed, codeOf } = administration;
  const officer = await addActor(console, "privacy_officer");
  const other = await addActor(console, "privacy_officer");
  const make = (actor: typeof officer, scopes: readonly string[]) =>
    codeOf(adminActions.createToken, actor, { name: scopes.join(), scopes });
  for (const scopes of [["admin"], ["operate"], ["append"], ["privacy", "operate"]])
    expect([scopes, await make(officer, scopes)]).toEqual([scopes, "FORBIDDEN"]);
  expect(await make(administration.admin, ["privacy", "operate"])).toBe("BAD_INPUT");
  const { id, secret } = await succeed(adminActions.createToken, officer, {
    name: "dsr",
    scopes: ["privacy"],
  });
  const actor = await authenticateBearer(console.db, `Bearer ${secret}`);
  expect(actor).toMatchObject({ role: "privacy_officer", person: { id: officer.id } });
  expect(await codeOf(adminActions.createUser, actor, newUser)).toBe("FORBIDDEN");
  const seen = async (by: typeof officer) =>
    (await getTokens(console, by, new Date())).map((token) => token.id);
  expect(await seen(officer)).toEqual([id]);
  expect(await seen(other)).toEqual([]);
  expect(await seen(administration.admin)).toContain(id);
  expect(await codeOf(adminActions.revokeToken, other, { tokenId: id }, "dsr")).toBe("NOT_FOUND");
  await succeed(adminActions.revokeToken, officer, { tokenId: id }, "dsr");
  await expect(authenticateBearer(console.db, `Bearer ${secret}`)).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
});

test("an admin's token may administer but make no tokens", async () => {
  const { console, succeed, codeOf, lastActivity } = administration;
  const token = await succeed(adminActions.createToken, systemActor("command line"), {
    name: "ci",
    scopes: ["admin"],
  });
  const actor = await authenticateBearer(console.db, `Bearer ${token.secret}`);
  expect(await codeOf(adminActions.createToken, actor, { name: "more", scopes: ["read"] })).toBe("FORBIDDEN");
  const user = await addUser(console, "viewer");
  expect(await codeOf(adminActions.disableUser, actor, { userId: user.id })).toBe("ok");
  expect(await lastActivity("user.disable")).toMatchObject({
    actor_kind: "token",
    actor_name: "ci",
    payload: { details: { apiTokenId: actor.id } },
  });
});

test("a token limited to some targets administers nothing that concerns the whole console", async () => {
  const { console, admin, succeed, codeOf } = administration;
  const token = await succeed(adminActions.createToken, admin, {
    name: "eu only",
    scopes: ["admin"],
    targets: ["eu"],
  });
  const actor = await authenticateBearer(console.db, `Bearer ${token.secret}`);
  expect(await codeOf(adminActions.createUser, actor, newUser)).toBe("FORBIDDEN");
});
