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
import { createOutput } from "./cli/output.ts";
import { runAction } from "./cli/run-verb.ts";
import { removeSignIn, writeSignIn } from "./cli/sign-in-file.ts";
import { closeConsoleDb } from "./db/console-db.ts";
import { env, replaceEnv } from "./env.ts";
import { toAppError } from "./errors.ts";
import { type Administration, startAdministration } from "./testing/administration.ts";
import { addActor } from "./testing/people.ts";
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

const id = "01900000-0000-7000-8000-000000000000";
const auditLog = { schema: "public", name: "audit_log" };
const partition = { schema: "public", name: "audit_log_standard_2026_01" };
const carryOut = { target: "audit", digest: "0".repeat(64), reason: "oddword of the person" };
const scope = { target: "audit", matchers: [{ label: "topic", is: "=", value: "connections" }] };
/** An input of each verb that it takes; what people type holds "oddword". */
const inputs: Record<Name, unknown> = {
  acknowledgeIncident: { target: "audit", incident: id, version: 1 },
  assignIncident: { target: "audit", incidents: [{ id, version: 1 }], to: id },
  closeIncident: { target: "audit", incident: id, reason: "oddword of the person" },
  commentOnIncident: { target: "audit", incident: id, text: "oddword" },
  snoozeIncident: { target: "audit", incident: id, until: new Date(Date.now() + 3_600_000).toISOString() },
  unacknowledgeIncident: { target: "audit", incident: id },
  approveRequest: { approvalId: id, digest: "0".repeat(64), comment: "oddword" },
  approveUpkeep: { target: "audit", table: auditLog, revision: 1 },
  attachPartition: {
    ...carryOut,
    request: { verb: "attach", partition, table: { schema: "public", name: "audit_log_standard" } },
  },
  createPartitions: {
    ...carryOut,
    request: { verb: "create", table: { schema: "public", name: "audit_log" }, ahead: 3 },
  },
  detachPartition: { ...carryOut, request: { verb: "detach", partition } },
  finalizePartition: { ...carryOut, request: { verb: "finalize", partition } },
  leavePartman: { ...carryOut, request: { verb: "leave-partman", table: auditLog } },
  runPartmanMaintenance: { ...carryOut, request: { verb: "run-partman", table: auditLog } },
  maintainPartitions: { ...carryOut, request: { verb: "maintain", relations: [partition], work: "vacuum" } },
  repairPartition: { ...carryOut, request: { verb: "repair", partition } },
  changePassword: { current: "oddword now", next: "oddword next" },
  createToken: { name: "oddword", scopes: ["read"] },
  createUser: { email: "oddword@example.test", name: "oddword", role: "viewer" },
  cancelJob: { id },
  cancelSession: {
    target: "audit",
    pid: 4711,
    backendStart: "2026-01-01T00:00:00.000Z",
    reason: "oddword of the person",
  },
  terminateSession: {
    target: "audit",
    pid: 4711,
    backendStart: "2026-01-01T00:00:00.000Z",
    reason: "oddword of the person",
  },
  retryJob: { id },
  pauseUpkeep: { target: "audit", table: auditLog },
  removeUpkeep: { target: "audit", table: auditLog },
  resumeUpkeep: { target: "audit", table: auditLog },
  runUpkeep: { target: "audit", table: auditLog },
  setUpkeep: { target: "audit", table: auditLog, ahead: 3, cron: "17 3 * * *" },
  pauseSchedule: { name: "nightly" },
  resumeSchedule: { name: "nightly" },
  createSilence: { ...scope, reason: "oddword of the work", minutes: 60 },
  createGuardedSilence: { ...scope, reason: "oddword of the work", minutes: 60 },
  endSilence: { target: "audit", id },
  setMaintenanceWindow: { ...scope, name: "nightly", when: { cron: "10 3 * * *", minutes: 30 } },
  enableMaintenanceWindow: { target: "audit", name: "nightly", enabled: false },
  removeMaintenanceWindow: { target: "audit", name: "nightly" },
  placeHold: {
    name: "oddword",
    reason: "oddword of the person",
    scope: { policies: ["oddword"], organizations: ["oddword"] },
  },
  releaseHold: { hold: 1, version: 1, reason: "oddword of the person" },
  scanRequest: { request: 1 },
  disableUser: { userId: id },
  dropAnswers: { target: "audit", all: true },
  enableUser: { userId: id },
  planStatement: { target: "audit", key: "1/2/3/1" },
  reauthenticate: { password: "oddword" },
  refuseRequest: { approvalId: id, comment: "oddword" },
  replayQuarantined: { target: "audit" },
  resetPassword: { userId: id },
  rotateSigningKey: {},
  trustReceiptKey: {
    kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    publicKey: { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
    reason: "oddword of the person",
  },
  revealEvent: {
    target: "audit",
    id,
    occurredAt: "2026-01-01T00:00:00.000000Z",
    reason: "oddword of the person",
  },
  importThresholds: {
    target: "audit",
    thresholds: [
      { check: "connections.used", target: "audit", warning: 0.7, critical: 0.8, unit: "ratio", for: 60 },
    ],
  },
  setGuardedThresholds: {
    target: "audit",
    thresholds: [
      { check: "partitions.rows_changed", target: "audit", warning: null, critical: 5, unit: "count" },
    ],
  },
  resetThreshold: { check: "connections.idle_in_transaction", target: "audit" },
  revokeOtherSessions: {},
  revokeSession: { sessionId: id },
  revokeToken: { tokenId: id },
  rotateMasterKey: {},
  allowRestricted: {
    person: "oddword",
    ground: "consent",
    reason: "oddword of the person",
    until: new Date(Date.now() + 3_600_000).toISOString(),
  },
  erasePolicy: { person: "oddword", target: "audit", policy: "minimal", reason: "oddword of the person" },
  liftRestriction: { person: "oddword", reason: "oddword of the person" },
  redactValues: {
    target: "audit",
    events: [{ id, occurredAt: "2026-01-01T00:00:00.000000Z" }],
    fields: ["details"],
    reason: "oddword of the person",
  },
  replayLedger: { target: "audit" },
  restrictSubject: { person: "oddword", ground: "accuracy_contested", reason: "oddword of the person" },
  viewSubject: { person: "oddword" },
  openRequest: {
    kind: "erasure",
    person: {
      identifiers: [{ kind: "email", value: "oddword@example.test" }],
      name: "oddword",
      letter: "oddword",
    },
    organizations: ["oddword"],
    reference: "oddword",
  },
  executeRequest: { request: 1 },
  resumeRequest: { request: 1 },
  scopeRequest: { request: 1 },
  viewRequestPerson: { request: 1 },
  decideRequest: { request: 1, ground: "eu_11_2", note: "oddword of the person" },
  importRequests: { csv: "kind,email,letter\naccess,oddword@example.test,oddword" },
  setController: {
    organization: "acme",
    version: 0,
    controller: {
      ...{
        name: "oddword",
        address: "oddword",
        contact: "oddword",
        country: "DE",
        timeZone: "Europe/Berlin",
      },
      ...{ authority: "oddword", courtWording: "oddword" },
    },
  },
  saveIntakeSource: { name: "desk", defaults: { organizations: ["oddword"] } },
  removeIntakeSource: { name: "desk" },
  enableChannel: { channelId: id, enabled: true },
  moveRoute: { routeId: id, before: "default" },
  removeChannel: { channelId: id },
  removeRoute: { routeId: "default" },
  setChannel: { kind: "email", name: "oddword", config: { to: ["oddword@example.test"] } },
  setRoute: { name: "oddword", matchers: [{ label: "object", is: "=", value: "oddword" }] },
  testChannel: { channelId: id },
  setThreshold: {
    check: "connections.idle_in_transaction",
    target: "audit",
    warning: 60,
    critical: 120,
    unit: "seconds",
  },
  createPackageLink: { request: 1 },
  remakePackage: { request: 1, reason: "oddword of the person" },
  revealOthers: { request: 1, target: "audit", events: [id], reason: "oddword of the person" },
  showPackagePassphrase: { request: 1 },
  setUserRole: { userId: id, role: "admin" },
  tryIdle: { target: "audit" },
  withdrawRequest: { approvalId: id },
  acknowledgeRequest: { request: 1 },
  addRequestFile: { request: 1, name: "oddword", mediaType: "text/plain", content: "b2Rkd29yZA==" },
  addRequestNote: { request: 1, note: "oddword" },
  askClarification: { request: 1, note: "oddword" },
  askFee: { request: 1, note: "oddword" },
  askIdentity: { request: 1, note: "oddword" },
  closeRequest: { request: 1, keptUntil: new Date(Date.now() + 3_600_000).toISOString() },
  extendRequest: { request: 1, ground: "complexity", note: "oddword" },
  linkDuplicate: { request: 1, of: 2 },
  recordClarification: { request: 1, note: "oddword" },
  recordFee: { request: 1, note: "oddword" },
  recordIdentity: { request: 1, method: "signed_in", result: "confirmed", note: "oddword" },
  recordResponse: { request: 1, channel: "post", note: "oddword" },
  recordWithdrawal: { request: 1, note: "oddword" },
};
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
  const parsed = action.input.safeParse(inputs[name]);
  expect([name, parsed.error?.issues ?? []]).toEqual([name, []]);
  expect(action.input.safeParse({ ...(inputs[name] as object), "no such field": 1 }).success).toBe(false);
});

describe.each(verbs)("%s", (name, action) => {
  // Past the right to do it, strict parsing refuses what is no field: nothing is done, whatever else is lacking here.
  const wrong = { ...(inputs[name] as object), "no such field": 1 };
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
    expect(await doorways.browser(null, name, inputs[name])).toBe(strangers);
    expect(await doorways.api(null, name, inputs[name])).toBe("UNAUTHENTICATED");
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
    const phrase = await run(action, actor, inputs[name]);
    const typed = !phrase.ok && /^Type “(.*)” to confirm/.exec(phrase.error.message)?.[1];
    if (typed) await run(action, actor, inputs[name], typed);
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
    await codeOf(adminActions.createUser, admin, { ...(inputs.createUser as object), passwordHash: "x" }),
  ).toBe("BAD_INPUT");
});

test("a refusal names its object, also when it came before the input was read", async () => {
  const { lastActivity } = administration;
  expect(await doorways.browser(people.viewer, "disableUser", inputs.disableUser)).toBe("FORBIDDEN");
  expect(await lastActivity("user.disable")).toMatchObject({
    outcome: "refused",
    actor_id: people.viewer.id,
    object_id: id,
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
    const set = () => doorways.api(caller, "setThreshold", inputs.setThreshold);
    expect([await set(), await set(), await set()]).toEqual(["ok", "ok", "RATE_LIMITED"]);
    const another = await addActor(console, "operator");
    expect(await doorways.api(another, "setThreshold", inputs.setThreshold)).toBe("ok");
    // Pages are not the API.
    expect(await doorways.browser(caller, "setThreshold", inputs.setThreshold)).toBe("ok");
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
