import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { z } from "zod";
import { act } from "../app/actions/act.ts";
import { POST } from "../app/api/v1/actions/[name]/route.ts";
import { adminActions, findAction } from "./admin.ts";
import { type Actor, systemActor } from "./auth/actor.ts";
import { can, roles } from "./auth/roles.ts";
import { authenticateBearer, type TokenScope } from "./auth/tokens.ts";
import { createOutput } from "./cli/output/output.ts";
import { removeSignIn, writeSignIn } from "./cli/people/sign-in-file.ts";
import { runAction } from "./cli/verbs/run-verb.ts";
import { closeConsoleDb } from "./db/console-db.ts";
import { env, replaceEnv } from "./env.ts";
import { toAppError } from "./errors.ts";
import { type Administration, startAdministration } from "./testing/administration.ts";
import { addActor } from "./testing/people.ts";
import { verbInputs } from "./testing/verb-inputs.ts";
import type { AdminAction, Door } from "./verbs/admin-action.ts";

// Next's own, which only answers inside a request of Next's: the cookie of whoever acts.
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({
    getAll: () => (request.cookie ? [{ name: "next-auth.session-token", value: request.cookie }] : []),
  }),
  headers: async () => new Headers(),
}));

type Verb = AdminAction<z.ZodType, unknown>;
type Name = keyof typeof adminActions;

const verbs = Object.entries(adminActions) as unknown as [Name, Verb][];

let administration: Administration;
let people: Record<(typeof roles)[number], Actor>;
/** Secrets of tokens, by what they are. */
let tokens: Record<TokenScope | "bare" | "audit" | "other", string>;
const home = mkdtempSync(path.join(tmpdir(), "audit-doors-"));

beforeAll(async () => {
  administration = await startAdministration();
  const { console, admin, succeed, url } = administration;
  vi.stubEnv("XDG_CONFIG_HOME", home);
  replaceEnv({
    CONSOLE_DATABASE_URL: url,
    AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    LOG_LEVEL: "silent",
  });
  const each = await Promise.all(roles.map(async (role) => [role, await addActor(console, role)] as const));
  people = Object.fromEntries(each) as typeof people;
  const make = async (scope: TokenScope, owner: Actor = admin, targets?: string[]) =>
    (await succeed(adminActions.createToken, owner, { name: scope, scopes: [scope], targets })).secret;
  tokens = {
    read: await make("read"),
    operate: await make("operate"),
    privacy: await make("privacy"),
    admin: await make("admin"),
    append: await make("append"),
    bare: await make("admin", systemActor("command line")),
    audit: await make("admin", admin, ["audit"]),
    other: await make("admin", admin, ["other"]),
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
  await closeConsoleDb();
  await administration?.close();
});

type Caller = Actor | { bearer: string } | null;

/** "ok" or the code of the error, as each door answers a call. */
const doorways: Record<Door, (caller: Caller, name: Name, input: unknown) => Promise<string>> = {
  async browser(caller, name, input) {
    request.cookie = await cookieOf(caller);
    const answer = await act(name as never, input as never);
    return answer.ok ? "ok" : answer.error.code;
  },
  async api(caller, name, input) {
    const cookie = await cookieOf(caller);
    const headers = new Headers({ "content-type": "application/json", origin: "http://console" });
    if (cookie) headers.set("cookie", `next-auth.session-token=${cookie}`);
    if (caller && "bearer" in caller) headers.set("authorization", `Bearer ${caller.bearer}`);
    const response = await POST(
      new Request(`http://console/api/v1/actions/${name}`, {
        method: "POST",
        headers,
        body: JSON.stringify(input),
      }),
      { params: Promise.resolve({ name }) },
    );
    if (response.ok) return "ok";
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    return ((await response.json()) as { code: string }).code;
  },
  async cli(caller, name, input) {
    removeSignIn();
    if (caller && "sessionId" in caller && caller.sessionId)
      writeSignIn({ sessionId: caller.sessionId, email: caller.email ?? "" });
    const context = { out: createOutput(true), env: env(), runtime: null, targetName: undefined, atEnd() {} };
    try {
      await runAction(context, findAction("cli", name), input);
      return "ok";
    } catch (thrown) {
      return toAppError(thrown).code;
    }
  },
};

async function cookieOf(caller: Caller): Promise<string> {
  if (!caller || "bearer" in caller) return "";
  return encode({
    token: { sub: caller.id, sid: caller.sessionId },
    secret: env().NEXTAUTH_SECRET ?? "",
  });
}

/** The rows of refusals there are now. */
async function refusals(name: string, actorId: string): Promise<number> {
  const [row] = await administration.sql`
    select count(*)::int as n from activity
    where action = ${name} and actor_id = ${actorId} and outcome = 'refused' and detail->>'code' = 'FORBIDDEN'`;
  return row?.n;
}

test.each(verbs)("%s: its example is an input that it takes", (name, action) => {
  const parsed = action.input.safeParse(verbInputs[name]);
  expect([name, parsed.error?.issues ?? []]).toEqual([name, []]);
  expect(action.input.safeParse({ ...(verbInputs[name] as object), "no such field": 1 }).success).toBe(false);
});

describe.each(verbs)("%s", (name, action) => {
  // Past the right to do it, strict parsing refuses what is no field: nothing is done, whatever else is lacking here.
  const wrong = { ...(verbInputs[name] as object), "no such field": 1 };
  const expected = (door: Door, role: (typeof roles)[number]) => {
    if (action.notOffered?.[door] !== undefined) return "NOT_FOUND";
    // The command line acts for the product where no person is needed, and the product may all.
    if (door === "cli" && !action.person && !action.approval) return "BAD_INPUT";
    return can(role, action.role) ? "BAD_INPUT" : "FORBIDDEN";
  };

  test.each(["browser", "api", "cli"] as const)(
    "by %s: each role may what it says, and refusals are on record",
    async (door) => {
      for (const role of roles) {
        const actor = people[role];
        const before = await refusals(action.name, actor.id);
        const code = await doorways[door](actor, name, wrong);
        expect([door, role, code]).toEqual([door, role, expected(door, role)]);
        const after = await refusals(action.name, actor.id);
        expect([door, role, after - before]).toEqual([door, role, code === "FORBIDDEN" ? 1 : 0]);
      }
    },
  );

  test("nobody may; the command line without a sign-in is the product, which is no person", async () => {
    const strangers = action.notOffered?.browser === undefined ? "UNAUTHENTICATED" : "NOT_FOUND";
    expect(await doorways.browser(null, name, verbInputs[name])).toBe(strangers);
    expect(await doorways.api(null, name, verbInputs[name])).toBe("UNAUTHENTICATED");
    const product =
      action.notOffered?.cli !== undefined
        ? "NOT_FOUND"
        : action.person || action.approval
          ? "FORBIDDEN"
          : "BAD_INPUT";
    expect(await doorways.cli(null, name, wrong)).toBe(product);
  });

  test("by tokens: no more than scope, targets and the person behind it reach", async () => {
    const closed = action.notOffered?.api !== undefined;
    const may = (yes: boolean) => (closed ? "NOT_FOUND" : yes ? "BAD_INPUT" : "FORBIDDEN");
    const person = !action.person && !action.approval;
    const reach: Record<keyof typeof tokens, string> = {
      read: may(can("viewer", action.role)),
      operate: may(can("operator", action.role)),
      privacy: may(can("privacy_officer", action.role)),
      admin: may(true),
      append: may(false),
      bare: may(person),
      audit: may(action.target !== undefined),
      other: may(false),
    };
    for (const [token, code] of Object.entries(reach)) {
      const bearer = tokens[token as keyof typeof tokens];
      expect([token, await doorways.api({ bearer }, name, wrong)]).toEqual([token, code]);
      if (code !== "FORBIDDEN") continue;
      const { id: actorId } = await authenticateBearer(administration.console.db, `Bearer ${bearer}`);
      expect([token, await refusals(action.name, actorId)]).toEqual([token, 1]);
    }
  });

  test("what is typed stands in no audit event, whatever becomes of it", async () => {
    const { console, sql, run } = administration;
    const actor = await addActor(console, "admin");
    const phrase = await run(action, actor, verbInputs[name]);
    const typed = !phrase.ok && /^Type “(.*)” to confirm/.exec(phrase.error.message)?.[1];
    if (typed) await run(action, actor, verbInputs[name], typed);
    const [told] = await sql`
      select count(*)::int as events, count(*) filter (where payload::text like '%oddword%')::int as odd from outbox`;
    expect(told).toEqual({ events: expect.any(Number), odd: 0 });
    expect(told?.events).toBeGreaterThan(0);
  });
});

test("input is parsed strictly: unknown fields and bad ids are BAD_INPUT with their path", async () => {
  const { admin, run, codeOf } = administration;
  expect(
    await run(adminActions.setUserRole, admin, { userId: "1; drop table users", role: "root" }),
  ).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", fields: { userId: expect.any(String), role: expect.any(String) } },
  });
  expect(
    await codeOf(adminActions.createUser, admin, { ...(verbInputs.createUser as object), passwordHash: "x" }),
  ).toBe("BAD_INPUT");
});

test("a refusal names its object, also when it came before the input was read", async () => {
  const { lastActivity } = administration;
  expect(await doorways.browser(people.viewer, "disableUser", verbInputs.disableUser)).toBe("FORBIDDEN");
  expect(await lastActivity("user.disable")).toMatchObject({
    outcome: "refused",
    actor_id: people.viewer.id,
    object_id: verbInputs.disableUser.userId,
    payload: { status: "failure", outcome: "refused" },
  });
});

test("the API answers 429 past a caller's actions of a minute, says when to come again, and does nothing", async () => {
  const { console, sql } = administration;
  const before = env();
  const caller = await addActor(console, "operator");
  try {
    replaceEnv({
      CONSOLE_DATABASE_URL: before.CONSOLE_DATABASE_URL,
      AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
      NEXTAUTH_SECRET: before.NEXTAUTH_SECRET,
      API_ACTIONS_PER_MINUTE: "2",
      LOG_LEVEL: "silent",
    });
    const set = () => doorways.api(caller, "setThreshold", verbInputs.setThreshold);
    expect([await set(), await set(), await set()]).toEqual(["ok", "ok", "RATE_LIMITED"]);
    const another = await addActor(console, "operator");
    expect(await doorways.api(another, "setThreshold", verbInputs.setThreshold)).toBe("ok");
    // Pages are not the API.
    expect(await doorways.browser(caller, "setThreshold", verbInputs.setThreshold)).toBe("ok");
    const [done] = await sql`
      select count(*)::int as times from activity where action = 'check.set-threshold' and actor_id = ${caller.id}`;
    expect(done).toEqual({ times: 3 });
  } finally {
    replaceEnv({
      CONSOLE_DATABASE_URL: before.CONSOLE_DATABASE_URL,
      AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
      NEXTAUTH_SECRET: before.NEXTAUTH_SECRET,
      LOG_LEVEL: "silent",
    });
  }
});
