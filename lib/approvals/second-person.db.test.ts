import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createToken } from "../accounts/create-token.ts";
import { systemActor } from "../auth/actor.ts";
import { authenticateBearer } from "../auth/tokens.ts";
import { addActor } from "../testing/people.ts";
import { input, retire, type SecondPerson, startSecondPerson, typed } from "../testing/second-person.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";

let given: SecondPerson;
beforeAll(async () => {
  given = await startSecondPerson();
});
afterAll(() => given?.close());
beforeEach(() => given.reset());

test("asking runs nothing: it is kept with its parsed input, and the answer says that it waits", async () => {
  const { run, lastActivity } = given.administration;
  const before = Date.now();
  const answer = await run(retire, given.requester, input);
  if (!answer.ok) throw new Error(answer.error.message);
  expect(answer).toMatchObject({ awaitsApproval: true, data: { approverRole: "admin" } });
  if (!("approvalId" in answer.data)) throw new Error("it ran at once");
  const { approvalId, expiresAt } = answer.data;
  expect(expiresAt.getTime() - before).toBeGreaterThanOrEqual(2 * 3_600_000);
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
  const [row] = await given.administration.sql`select * from approval where id = ${approvalId}`;
  expect(row).toMatchObject({
    action: "test.retire",
    target: "audit",
    object_type: "table",
    object_id: "audit_log_2020_01",
    input: { ...input, before: "2026-01-01T00:00:00.000Z", fail: false },
    state: "requested",
    requested_by: given.requester.id,
    requested_token: null,
  });
  // SHA-256 over the RFC 8785 form, written out by hand.
  const canonical = `{"before":"2026-01-01T00:00:00.000Z","fail":false,"reason":"${typed}","table":"audit_log_2020_01","target":"audit"}`;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
  expect(row?.digest).toBe(Buffer.from(hash).toString("hex"));
  expect(await given.ran()).toEqual([]);
  expect(await lastActivity("approval.request")).toMatchObject({
    actor_id: given.requester.id,
    target: "audit",
    outcome: "success",
    object_id: approvalId,
    payload: { details: { requested: "test.retire", digest: row?.digest } },
  });
});

test("input that does not parse, and a role that does not reach, ask for nothing", async () => {
  const { codeOf, sql } = given.administration;
  expect(await codeOf(retire, given.requester, { ...input, table: 7 })).toBe("BAD_INPUT");
  const viewer = await addActor(given.administration.console, "viewer");
  expect(await codeOf(retire, viewer, input)).toBe("FORBIDDEN");
  expect(await sql`select 1 from approval`).toHaveLength(0);
});

test("somebody else approves it: it runs once, as the act of who asked, and both stand on record", async () => {
  const { run, codeOf, lastActivity } = given.administration;
  const asked = await given.ask();
  const answer = await run(given.approveRequest, given.approver, { ...asked, comment: "seen" });
  expect(answer).toEqual({
    ok: true,
    data: { approvalId: asked.approvalId, action: "test.retire", answer: { retired: input.table } },
  });
  expect(await given.ran()).toMatchObject([{ input: { table: input.table }, by_whom: given.requester.id }]);
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "executed", version: 3 });
  expect(await lastActivity("approval.approve")).toMatchObject({
    actor_id: given.approver.id,
    detail: { comment: "seen", requestedBy: given.requester.email },
  });
  expect(await lastActivity("test.retire")).toMatchObject({
    actor_id: given.requester.id,
    outcome: "success",
    target: "audit",
    detail: { approvalId: asked.approvalId, approvedBy: given.approver.email, reason: typed },
  });
  expect(await codeOf(given.approveRequest, given.approver, asked)).toBe("CONFLICT");
  expect(await given.ran()).toHaveLength(1);
});

test("nobody approves or refuses their own, by a token of theirs neither; the token of another does", async () => {
  const { codeOf, run } = given.administration;
  const asked = await given.ask(given.approver);
  const own = await given.tokenOf(given.approver, "admin");
  for (const actor of [given.approver, own]) {
    expect(await run(given.approveRequest, actor, asked)).toMatchObject({
      ok: false,
      error: { code: "FORBIDDEN", message: expect.stringContaining("Somebody else") },
    });
    expect(await codeOf(given.refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
  }
  expect(await given.ran()).toEqual([]);
  const other = await addActor(given.administration.console, "admin");
  expect(await codeOf(given.approveRequest, await given.tokenOf(other, "admin"), asked)).toBe("ok");
  expect(await given.ran()).toMatchObject([{ by_whom: given.approver.id }]);

  const byToken = await given.ask(own);
  expect(await codeOf(given.approveRequest, given.approver, byToken)).toBe("FORBIDDEN");
  expect(await codeOf(given.approveRequest, other, byToken)).toBe("ok");
  expect(await given.ran()).toMatchObject([{ by_whom: given.approver.id }, { by_whom: own.id }]);
});

test("the product never asks, approves, refuses or withdraws, and neither does a token without a person", async () => {
  const { codeOf, succeed } = given.administration;
  const system = systemActor("command line");
  const { secret } = await succeed(createToken, system, { name: "bare", scopes: ["admin"] });
  const bare = await authenticateBearer(given.administration.console.db, `Bearer ${secret}`);
  const asked = await given.ask();
  for (const actor of [system, bare]) {
    expect(await codeOf(retire, actor, input)).toBe("FORBIDDEN");
    expect(await codeOf(given.approveRequest, actor, asked)).toBe("FORBIDDEN");
    expect(await codeOf(given.refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
    expect(await codeOf(given.withdrawRequest, actor, { approvalId: asked.approvalId })).toBe("FORBIDDEN");
  }
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
});

test("whoever lacks the named role decides nothing", async () => {
  const { codeOf } = given.administration;
  const asked = await given.ask();
  for (const role of ["viewer", "operator", "privacy_officer"] as const) {
    const other = await addActor(given.administration.console, role);
    expect(await codeOf(given.approveRequest, other, asked)).toBe("FORBIDDEN");
    expect(await codeOf(given.refuseRequest, other, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
  }
});

test("the given.approver says by its digest which input they saw, and what is kept must still have it", async () => {
  const { run, codeOf, sql } = given.administration;
  const asked = await given.ask();
  expect(await run(given.approveRequest, given.approver, { ...asked, digest: "0".repeat(64) })).toMatchObject(
    {
      error: { code: "CONFLICT", message: "The request's input is not the one you saw." },
    },
  );
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
  await sql`update approval set input = jsonb_set(input, '{table}', '"audit_log_2026_11"') where id = ${asked.approvalId}`;
  expect(await codeOf(given.approveRequest, given.approver, asked)).toBe("CONFLICT");
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
  expect(await given.ran()).toEqual([]);
});

test("an input that would not be read again as it is kept is refused when it is asked for", async () => {
  const doubling = defineAdminAction({
    name: "test.doubling",
    role: "operator",
    input: z.strictObject({ n: z.number().transform((n) => n * 2) }),
    approval: { role: "admin" },
    run: async (_, { n }) => ({ data: { n } }),
  });
  const context = {
    console: given.administration.console,
    actor: given.requester,
    auditTargets: [],
    logger: { error() {}, warn() {} },
  };
  const answer = await runAdminAction(doubling, context, { n: 1 });
  expect(answer).toMatchObject({ ok: false, error: { code: "CONFLICT" } });
  expect(await given.administration.sql`select 1 from approval`).toEqual([]);
});
