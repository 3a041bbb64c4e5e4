import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createToken } from "../accounts/create-token.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { addActor, createConsole } from "../testing/people.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { type Actor, systemActor } from "./actor.ts";
import { assertCan, assertMayAppend } from "./roles.ts";
import { authenticateBearer, type TokenScope } from "./tokens.ts";
import { watchPermission } from "./watch-permission.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());

const everyMs = 100;

/** A token and the administrator who made it. */
async function addToken(scope: TokenScope): Promise<{ token: Actor; creator: Actor }> {
  const creator = await addActor(given.console, "admin");
  const context = { console: given.console, actor: creator, auditTargets: [] };
  const made = await runAdminAction(createToken, context, { name: scope, scopes: [scope] });
  if (!made.ok) throw new Error(made.error.message);
  return { token: await authenticateBearer(given.console.db, `Bearer ${made.data.secret}`), creator };
}

/** The code it ends with, or "goes on" once it has looked three times since the change: the first look may have begun before. */
async function outcome(
  actor: Actor,
  change: () => Promise<unknown>,
  check: (actor: Actor) => void = (fresh) => assertCan(fresh, "viewer"),
): Promise<string> {
  const answer = Promise.withResolvers<string>();
  let looks = Number.NEGATIVE_INFINITY;
  const looked = (fresh: Actor) => {
    check(fresh);
    if (++looks === 3) answer.resolve("goes on");
  };
  const watch = watchPermission(given.console, actor, looked, { everyMs });
  watch.signal.addEventListener("abort", () =>
    answer.resolve((watch.signal.reason as { code: string }).code),
  );
  await change();
  looks = 0;
  return answer.promise.finally(watch.end);
}

test("a session that is revoked or over, and one whose person was disabled, ends what it began", async () => {
  const { sql } = given.test;
  for (const change of [
    (who: Actor) => sql`update sessions set revoked_at = now() where id = ${who.sessionId}`,
    (who: Actor) => sql`update sessions set expires_at = now() where id = ${who.sessionId}`,
    (who: Actor) => sql`update users set disabled_at = now() where id = ${who.id}`,
  ]) {
    const viewer = await addActor(given.console, "viewer");
    expect(await outcome(viewer, () => change(viewer))).toBe("UNAUTHENTICATED");
  }
});

test("a token that is revoked or over, and one whose creator was disabled, does too", async () => {
  const { sql } = given.test;
  for (const change of [
    ({ token }: { token: Actor }) => sql`update api_tokens set revoked_at = now() where id = ${token.id}`,
    ({ token }: { token: Actor }) => sql`update api_tokens set expires_at = now() where id = ${token.id}`,
    ({ creator }: { creator: Actor }) => sql`update users set disabled_at = now() where id = ${creator.id}`,
  ]) {
    const made = await addToken("read");
    expect(await outcome(made.token, () => change(made))).toBe("UNAUTHENTICATED");
  }
});

test("a lower role ends what it no longer reaches, and nothing else", async () => {
  const demote = (who: Actor) => given.test.sql`update users set role = 'viewer' where id = ${who.id}`;
  const [admin, operator] = [
    await addActor(given.console, "admin"),
    await addActor(given.console, "operator"),
  ];
  expect(await outcome(admin, () => demote(admin))).toBe("goes on");
  expect(
    await outcome(
      operator,
      () => demote(operator),
      (fresh) => assertCan(fresh, "operator"),
    ),
  ).toBe("FORBIDDEN");
  const { token, creator } = await addToken("append");
  expect(await outcome(token, () => demote(creator), assertMayAppend)).toBe("FORBIDDEN");
});

test("the product itself is not asked for", async () => {
  const asked = vi.fn();
  const watch = watchPermission(given.console, systemActor("command line"), asked, { everyMs: 1 });
  await sleep(100);
  watch.end();
  expect([asked.mock.calls, watch.signal.aborted]).toEqual([[], false]);
});

test("a console database that is away is waited for, but not for ever", async () => {
  const viewer = await addActor(given.console, "viewer");
  const away: ConsoleDb = openConsoleDb("postgres://nobody:nothing@127.0.0.1:1/none", { max: 1 });
  const began = performance.now();
  const watch = watchPermission(away, viewer, (fresh) => assertCan(fresh, "viewer"), {
    everyMs,
    blindMs: 200,
  });
  await new Promise((resolve) => watch.signal.addEventListener("abort", resolve));
  expect(watch.signal.reason).toMatchObject({ code: "UNAVAILABLE" });
  expect(performance.now() - began).toBeGreaterThanOrEqual(200);
  // Nothing was ever connected; it takes its time to notice.
  void away.close();
});
