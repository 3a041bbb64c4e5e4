import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { revokeToken } from "../accounts/revoke-token.ts";
import type { Actor } from "../auth/actor.ts";
import { addApproval } from "../testing/approvals.ts";
import { addJob } from "../testing/jobs.ts";
import { input, retire, type SecondPerson, startSecondPerson } from "../testing/second-person.ts";
import { defineEffect } from "../verbs/effects/effect.ts";
import { intendEffect } from "../verbs/effects/intend-effect.ts";
import { reconcileEffects } from "../verbs/effects/reconcile-effects.ts";
import { getApproval } from "./get-approvals.ts";

let given: SecondPerson;
beforeAll(async () => {
  given = await startSecondPerson();
});
afterAll(() => given?.close());
beforeEach(() => given.reset());

test.each([
  [
    "has a lower role",
    async (actor: Actor) => {
      await given.administration.sql`update users set role = 'viewer' where id = ${actor.id}`;
    },
  ],
  [
    "is disabled",
    async (actor: Actor) => {
      await given.administration.sql`update users set disabled_at = now() where id = ${actor.id}`;
    },
  ],
])(
  "the right of who asked is read again when it runs: not when they are somebody who %s",
  async (_, change) => {
    const { run, lastActivity } = given.administration;
    const asked = await given.ask();
    await change(given.requester);
    const answer = await run(given.approveRequest, given.approver, asked);
    expect(answer).toMatchObject({
      error: { code: "FORBIDDEN", message: expect.stringContaining(given.requester.email ?? "") },
    });
    expect(await given.ran()).toEqual([]);
    expect(await given.stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
    expect(await lastActivity("approval.fail")).toMatchObject({ detail: { code: "FORBIDDEN" } });
    expect(await lastActivity("test.retire")).toMatchObject({
      outcome: "refused",
      actor_id: given.requester.id,
    });
  },
);

test("a token limited to the target may ask; it must still hold when it runs", async () => {
  const { codeOf, succeed, admin } = given.administration;
  // Only administrators make tokens.
  const elsewhere = await given.tokenOf(admin, "operate", ["other"]);
  expect(await codeOf(retire, elsewhere, input)).toBe("FORBIDDEN");
  const token = await given.tokenOf(admin, "operate", ["audit"]);
  const [first, second] = [await given.ask(token), await given.ask(token)];
  expect(await codeOf(given.approveRequest, given.approver, first)).toBe("ok");
  await succeed(revokeToken, admin, { tokenId: token.id }, "operate");
  expect(await codeOf(given.approveRequest, given.approver, second)).toBe("FORBIDDEN");
  expect(await given.ran()).toHaveLength(1);
});

test("what fails when it runs leaves nothing behind and uses the request up", async () => {
  const { run, codeOf, lastActivity } = given.administration;
  const asked = await given.ask(given.requester, { fail: true });
  expect(await run(given.approveRequest, given.approver, asked)).toMatchObject({
    error: { code: "CONFLICT", message: "Somebody holds the table." },
  });
  expect(await given.ran()).toEqual([]);
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
  expect(await lastActivity("approval.approve")).toMatchObject({ outcome: "success" });
  expect(await lastActivity("approval.fail")).toMatchObject({ outcome: "failed" });
  expect(await codeOf(given.approveRequest, given.approver, asked)).toBe("CONFLICT");
});

test.each([
  [false, "executed", "done"],
  [true, "failed", "failed"],
] as const)(
  "an effect outside is begun once the approval is used up; when it fails (%s), both say so",
  async (fail, state, settled) => {
    const { succeed, codeOf, sql } = given.administration;
    const asked = await succeed(given.drop, given.requester, { target: "audit", table: "t", fail });
    if (!("approvalId" in asked)) throw new Error("it ran at once");
    const [row] = await sql`select digest from approval where id = ${asked.approvalId}`;
    const input = { approvalId: asked.approvalId, digest: row?.digest };
    expect(await codeOf(given.approveRequest, given.approver, input)).toBe(fail ? "CONFLICT" : "ok");
    expect(given.seenWhileDone).toBe("executed");
    expect((await given.stateOf(asked.approvalId))?.state).toBe(state);
    const [effect] =
      await sql`select state, actor_id, facts from effect where action = 'test.drop' order by id desc limit 1`;
    expect(effect).toMatchObject({ state: settled, actor_id: given.requester.id });
    expect(await codeOf(given.approveRequest, given.approver, input)).toBe("CONFLICT");
  },
);

test.each([
  ["not done", "failed"],
  ["cannot tell", "failed"],
  ["done", "executed"],
] as const)(
  "a process that died over what was approved leaves it as a look at it finds: %s is %s, and stays so or is mended",
  async (sight, state) => {
    const { console, sql } = given.administration;
    const [auditTargets, silent] = [["audit"], { debug() {}, info() {}, warn() {}, error() {} }];
    const id = await addApproval(console, {
      state: "executed",
      target: "audit",
      requestedBy: given.requester.id,
    });
    let found: "done" | "not done" | "cannot tell" = sight;
    const effect = defineEffect({
      action: "test.vanish",
      input: z.strictObject({}),
      look: async () => found,
    });
    const intention = {
      effect,
      input: {},
      actor: given.requester,
      target: "audit",
      facts: { approvalId: id },
    };
    const { id: effectId } = await console.db.transaction((tx) => intendEffect(tx, intention));
    const look = (seconds: number) =>
      reconcileEffects({
        ...{ console, auditTargets, openTarget: () => undefined, logger: silent, verbs: [{ effect }] },
        now: new Date(Date.now() + seconds * 1_000),
      });
    await look(60);
    expect((await given.stateOf(id))?.state).toBe(state);
    const failures = await sql`
      select actor_name, object_id from activity where action = 'approval.fail' and object_id = ${id}`;
    expect(failures).toEqual(
      state === "failed" ? [{ actor_name: given.requester.email, object_id: id }] : [],
    );
    found = "done";
    await look(3_600);
    const [settled] = await sql`select state from effect where id = ${effectId}`;
    expect([settled?.state, (await given.stateOf(id))?.state]).toEqual(
      sight === "not done" ? ["failed", "failed"] : ["done", "executed"],
    );
  },
);

test("a request whose job failed says so", async () => {
  const { console } = given.administration;
  const jobId = await addJob(console, { name: "test.retire", state: "failed" });
  const id = await addApproval(console, { state: "executed", jobId, requestedBy: given.requester.id });
  expect(await getApproval(console, given.requester, id, new Date())).toMatchObject({
    state: "executed",
    jobId,
    jobState: "failed",
  });
});
