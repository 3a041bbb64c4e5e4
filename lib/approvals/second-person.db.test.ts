import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createToken } from "../accounts/create-token.ts";
import { revokeToken } from "../accounts/revoke-token.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { authenticateBearer, type TokenScope } from "../auth/tokens.ts";
import { AppError } from "../errors.ts";
import { reasonInput } from "../reason.ts";
import type { ActionResult } from "../result.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addApproval } from "../testing/approvals.ts";
import { addJob } from "../testing/jobs.ts";
import { addActor } from "../testing/people.ts";
import { type AdminAction, defineAdminAction } from "../verbs/admin-action.ts";
import { expireApprovals } from "../verbs/approvals/expire-approvals.ts";
import { defineEffect } from "../verbs/effects/effect.ts";
import { intendEffect } from "../verbs/effects/intend-effect.ts";
import { reconcileEffects } from "../verbs/effects/reconcile-effects.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { getApproval, getApprovals } from "./get-approvals.ts";
import { createApprovalsVerbs } from "./verbs.ts";

const retire = defineAdminAction({
  name: "test.retire",
  role: "operator",
  target: true,
  input: z.strictObject({
    target: z.string(),
    table: z.string(),
    before: z.coerce.date(),
    reason: reasonInput,
    fail: z.boolean().default(false),
  }),
  approval: { role: "admin", expiresHours: 2 },
  object: ({ table }) => ({ type: "table", id: table, name: table }),
  async run({ tx, actor }, { reason, fail, ...input }) {
    await tx.execute(sql`insert into retired values (${JSON.stringify(input)}, ${actor.id})`);
    if (fail) throw new AppError("CONFLICT", "Somebody holds the table.");
    return {
      data: { retired: input.table },
      object: { type: "table", id: input.table, name: input.table },
      detail: { reason },
    };
  },
});

/** How the request stood when the effect was carried out. */
let seenWhileDone: string | undefined;
const drop = defineAdminAction({
  name: "test.drop",
  role: "operator",
  target: true,
  input: z.strictObject({ target: z.string(), table: z.string(), fail: z.boolean() }),
  approval: { role: "admin" },
  effect: defineEffect({
    action: "test.drop",
    input: z.strictObject({ table: z.string() }),
    look: async () => "not done",
  }),
  run: async (_, { table, fail }) => ({
    intends: { table },
    async carryOut() {
      const [row] = await administration.sql`select state from approval order by id desc limit 1`;
      seenWhileDone = row?.state;
      if (fail) throw new AppError("CONFLICT", "Somebody holds the table.");
      return { data: { dropped: table } };
    },
  }),
});

let administration: Administration;
let requester: Actor;
let approver: Actor;
const { approveRequest, refuseRequest, withdrawRequest } = createApprovalsVerbs(
  (name) =>
    [retire, drop].find((verb) => verb.name === name) as unknown as
      | AdminAction<z.ZodType, unknown>
      | undefined,
);

beforeAll(async () => {
  administration = await startAdministration();
  await administration.sql`create table retired (input jsonb not null, by_whom text not null)`;
});
afterAll(() => administration?.close());
beforeEach(async () => {
  await administration.sql`truncate retired, approval`;
  requester = await addActor(administration.console, "operator");
  approver = await addActor(administration.console, "admin");
});

const typed = "Ticket AUD-7, the table of oddword";
const input = { target: "audit", table: "audit_log_2020_01", before: "2026-01-01T00:00:00Z", reason: typed };

/** Asks for it. @returns what an approver needs to say */
async function ask(actor: Actor = requester, given: object = {}) {
  const { succeed, sql } = administration;
  const data = await succeed(retire, actor, { ...input, ...given });
  if (!("approvalId" in data)) throw new Error("it ran at once");
  const [row] = await sql`select digest from approval where id = ${data.approvalId}`;
  return { approvalId: data.approvalId, digest: String(row?.digest) };
}

const stateOf = async (id: string) =>
  (await administration.sql`select state, version from approval where id = ${id}`)[0];
const ran = () => administration.sql`select input, by_whom from retired`;

async function tokenOf(
  actor: Actor,
  scope: TokenScope,
  targets?: string[],
): Promise<Actor & { secret: string }> {
  const { secret } = await administration.succeed(createToken, actor, {
    name: scope,
    scopes: [scope],
    ...(targets && { targets }),
  });
  return { ...(await authenticateBearer(administration.console.db, `Bearer ${secret}`)), secret };
}

test("asking runs nothing: it is kept with its parsed input, and the answer says that it waits", async () => {
  const { run, lastActivity } = administration;
  const before = Date.now();
  const answer = await run(retire, requester, input);
  if (!answer.ok) throw new Error(answer.error.message);
  expect(answer).toMatchObject({ awaitsApproval: true, data: { approverRole: "admin" } });
  if (!("approvalId" in answer.data)) throw new Error("it ran at once");
  const { approvalId, expiresAt } = answer.data;
  expect(expiresAt.getTime() - before).toBeGreaterThanOrEqual(2 * 3_600_000);
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
  const [row] = await administration.sql`select * from approval where id = ${approvalId}`;
  expect(row).toMatchObject({
    action: "test.retire",
    target: "audit",
    object_type: "table",
    object_id: "audit_log_2020_01",
    input: { ...input, before: "2026-01-01T00:00:00.000Z", fail: false },
    state: "requested",
    requested_by: requester.id,
    requested_token: null,
  });
  // SHA-256 over the RFC 8785 form, written out by hand.
  const canonical = `{"before":"2026-01-01T00:00:00.000Z","fail":false,"reason":"${typed}","table":"audit_log_2020_01","target":"audit"}`;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
  expect(row?.digest).toBe(Buffer.from(hash).toString("hex"));
  expect(await ran()).toEqual([]);
  expect(await lastActivity("approval.request")).toMatchObject({
    actor_id: requester.id,
    target: "audit",
    outcome: "success",
    object_id: approvalId,
    payload: { details: { requested: "test.retire", digest: row?.digest } },
  });
});

test("input that does not parse, and a role that does not reach, ask for nothing", async () => {
  const { codeOf, sql } = administration;
  expect(await codeOf(retire, requester, { ...input, table: 7 })).toBe("BAD_INPUT");
  const viewer = await addActor(administration.console, "viewer");
  expect(await codeOf(retire, viewer, input)).toBe("FORBIDDEN");
  expect(await sql`select 1 from approval`).toHaveLength(0);
});

test("somebody else approves it: it runs once, as the act of who asked, and both stand on record", async () => {
  const { run, codeOf, lastActivity } = administration;
  const asked = await ask();
  const answer = await run(approveRequest, approver, { ...asked, comment: "seen" });
  expect(answer).toEqual({
    ok: true,
    data: { approvalId: asked.approvalId, action: "test.retire", answer: { retired: input.table } },
  });
  expect(await ran()).toMatchObject([{ input: { table: input.table }, by_whom: requester.id }]);
  expect(await stateOf(asked.approvalId)).toEqual({ state: "executed", version: 3 });
  expect(await lastActivity("approval.approve")).toMatchObject({
    actor_id: approver.id,
    detail: { comment: "seen", requestedBy: requester.email },
  });
  expect(await lastActivity("test.retire")).toMatchObject({
    actor_id: requester.id,
    outcome: "success",
    target: "audit",
    detail: { approvalId: asked.approvalId, approvedBy: approver.email, reason: typed },
  });
  expect(await codeOf(approveRequest, approver, asked)).toBe("CONFLICT");
  expect(await ran()).toHaveLength(1);
});

test("nobody approves or refuses their own, by a token of theirs neither; the token of another does", async () => {
  const { codeOf, run } = administration;
  const asked = await ask(approver);
  const own = await tokenOf(approver, "admin");
  for (const actor of [approver, own]) {
    expect(await run(approveRequest, actor, asked)).toMatchObject({
      ok: false,
      error: { code: "FORBIDDEN", message: expect.stringContaining("Somebody else") },
    });
    expect(await codeOf(refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
  }
  expect(await ran()).toEqual([]);
  const other = await addActor(administration.console, "admin");
  expect(await codeOf(approveRequest, await tokenOf(other, "admin"), asked)).toBe("ok");
  expect(await ran()).toMatchObject([{ by_whom: approver.id }]);

  const byToken = await ask(own);
  expect(await codeOf(approveRequest, approver, byToken)).toBe("FORBIDDEN");
  expect(await codeOf(approveRequest, other, byToken)).toBe("ok");
  expect(await ran()).toMatchObject([{ by_whom: approver.id }, { by_whom: own.id }]);
});

test("the product never asks, approves, refuses or withdraws, and neither does a token without a person", async () => {
  const { codeOf, succeed } = administration;
  const system = systemActor("command line");
  const { secret } = await succeed(createToken, system, { name: "bare", scopes: ["admin"] });
  const bare = await authenticateBearer(administration.console.db, `Bearer ${secret}`);
  const asked = await ask();
  for (const actor of [system, bare]) {
    expect(await codeOf(retire, actor, input)).toBe("FORBIDDEN");
    expect(await codeOf(approveRequest, actor, asked)).toBe("FORBIDDEN");
    expect(await codeOf(refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
    expect(await codeOf(withdrawRequest, actor, { approvalId: asked.approvalId })).toBe("FORBIDDEN");
  }
  expect(await stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
});

test("whoever lacks the named role decides nothing", async () => {
  const { codeOf } = administration;
  const asked = await ask();
  for (const role of ["viewer", "operator", "privacy_officer"] as const) {
    const other = await addActor(administration.console, role);
    expect(await codeOf(approveRequest, other, asked)).toBe("FORBIDDEN");
    expect(await codeOf(refuseRequest, other, { approvalId: asked.approvalId, comment: "no" })).toBe(
      "FORBIDDEN",
    );
  }
});

test("the approver says by its digest which input they saw, and what is kept must still have it", async () => {
  const { run, codeOf, sql } = administration;
  const asked = await ask();
  expect(await run(approveRequest, approver, { ...asked, digest: "0".repeat(64) })).toMatchObject({
    error: { code: "CONFLICT", message: "The request's input is not the one you saw." },
  });
  expect(await stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
  await sql`update approval set input = jsonb_set(input, '{table}', '"audit_log_2026_11"') where id = ${asked.approvalId}`;
  expect(await codeOf(approveRequest, approver, asked)).toBe("CONFLICT");
  expect(await stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
  expect(await ran()).toEqual([]);
});

test.each([
  [
    "has a lower role",
    async (actor: Actor) => {
      await administration.sql`update users set role = 'viewer' where id = ${actor.id}`;
    },
  ],
  [
    "is disabled",
    async (actor: Actor) => {
      await administration.sql`update users set disabled_at = now() where id = ${actor.id}`;
    },
  ],
])(
  "the right of who asked is read again when it runs: not when they are somebody who %s",
  async (_, change) => {
    const { run, lastActivity } = administration;
    const asked = await ask();
    await change(requester);
    const answer = await run(approveRequest, approver, asked);
    expect(answer).toMatchObject({
      error: { code: "FORBIDDEN", message: expect.stringContaining(requester.email ?? "") },
    });
    expect(await ran()).toEqual([]);
    expect(await stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
    expect(await lastActivity("approval.fail")).toMatchObject({ detail: { code: "FORBIDDEN" } });
    expect(await lastActivity("test.retire")).toMatchObject({ outcome: "refused", actor_id: requester.id });
  },
);

test("a token limited to the target may ask; it must still hold when it runs", async () => {
  const { codeOf, succeed, admin } = administration;
  // Only administrators make tokens.
  const elsewhere = await tokenOf(admin, "operate", ["other"]);
  expect(await codeOf(retire, elsewhere, input)).toBe("FORBIDDEN");
  const token = await tokenOf(admin, "operate", ["audit"]);
  const [first, second] = [await ask(token), await ask(token)];
  expect(await codeOf(approveRequest, approver, first)).toBe("ok");
  await succeed(revokeToken, admin, { tokenId: token.id }, "operate");
  expect(await codeOf(approveRequest, approver, second)).toBe("FORBIDDEN");
  expect(await ran()).toHaveLength(1);
});

test("what fails when it runs leaves nothing behind and uses the request up", async () => {
  const { run, codeOf, lastActivity } = administration;
  const asked = await ask(requester, { fail: true });
  expect(await run(approveRequest, approver, asked)).toMatchObject({
    error: { code: "CONFLICT", message: "Somebody holds the table." },
  });
  expect(await ran()).toEqual([]);
  expect(await stateOf(asked.approvalId)).toEqual({ state: "failed", version: 3 });
  expect(await lastActivity("approval.approve")).toMatchObject({ outcome: "success" });
  expect(await lastActivity("approval.fail")).toMatchObject({ outcome: "failed" });
  expect(await codeOf(approveRequest, approver, asked)).toBe("CONFLICT");
});

test.each([
  [false, "executed", "done"],
  [true, "failed", "failed"],
] as const)(
  "an effect outside is begun once the approval is used up; when it fails (%s), both say so",
  async (fail, state, settled) => {
    const { succeed, codeOf, sql } = administration;
    const asked = await succeed(drop, requester, { target: "audit", table: "t", fail });
    if (!("approvalId" in asked)) throw new Error("it ran at once");
    const [row] = await sql`select digest from approval where id = ${asked.approvalId}`;
    const input = { approvalId: asked.approvalId, digest: row?.digest };
    expect(await codeOf(approveRequest, approver, input)).toBe(fail ? "CONFLICT" : "ok");
    expect(seenWhileDone).toBe("executed");
    expect((await stateOf(asked.approvalId))?.state).toBe(state);
    const [effect] =
      await sql`select state, actor_id, facts from effect where action = 'test.drop' order by id desc limit 1`;
    expect(effect).toMatchObject({ state: settled, actor_id: requester.id });
    expect(await codeOf(approveRequest, approver, input)).toBe("CONFLICT");
  },
);

test.each([
  ["not done", "failed"],
  ["cannot tell", "failed"],
  ["done", "executed"],
] as const)(
  "a process that died over what was approved leaves it as a look at it finds: %s is %s, and stays so or is mended",
  async (sight, state) => {
    const { console, sql } = administration;
    const [auditTargets, silent] = [["audit"], { debug() {}, info() {}, warn() {}, error() {} }];
    const id = await addApproval(console, { state: "executed", target: "audit", requestedBy: requester.id });
    let found: "done" | "not done" | "cannot tell" = sight;
    const effect = defineEffect({
      action: "test.vanish",
      input: z.strictObject({}),
      look: async () => found,
    });
    const intention = { effect, input: {}, actor: requester, target: "audit", facts: { approvalId: id } };
    const { id: effectId } = await console.db.transaction((tx) => intendEffect(tx, intention));
    const look = (seconds: number) =>
      reconcileEffects({
        ...{ console, auditTargets, openTarget: () => undefined, logger: silent, verbs: [{ effect }] },
        now: new Date(Date.now() + seconds * 1_000),
      });
    await look(60);
    expect((await stateOf(id))?.state).toBe(state);
    const failures = await sql`
      select actor_name, object_id from activity where action = 'approval.fail' and object_id = ${id}`;
    expect(failures).toEqual(state === "failed" ? [{ actor_name: requester.email, object_id: id }] : []);
    found = "done";
    await look(3_600);
    const [settled] = await sql`select state from effect where id = ${effectId}`;
    expect([settled?.state, (await stateOf(id))?.state]).toEqual(
      sight === "not done" ? ["failed", "failed"] : ["done", "executed"],
    );
  },
);

test("a request whose job failed says so", async () => {
  const { console } = administration;
  const jobId = await addJob(console, { name: "test.retire", state: "failed" });
  const id = await addApproval(console, { state: "executed", jobId, requestedBy: requester.id });
  expect(await getApproval(console, requester, id, new Date())).toMatchObject({
    state: "executed",
    jobId,
    jobState: "failed",
  });
});

test("of many who decide at the same moment one does, and it runs at most once", async () => {
  const { run } = administration;
  const asked = await ask();
  const approvers = await Promise.all([1, 2, 3].map(() => addActor(administration.console, "admin")));
  const answers: ActionResult<unknown>[] = await Promise.all([
    ...approvers.map((actor) => run(approveRequest, actor, asked)),
    ...approvers.map((actor) => run(refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" })),
    run(withdrawRequest, requester, { approvalId: asked.approvalId }),
  ]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const { state } = (await stateOf(asked.approvalId)) ?? {};
  expect(await ran()).toHaveLength(state === "executed" ? 1 : 0);
  for (const answer of answers)
    if (!answer.ok)
      expect(answer.error).toMatchObject({
        code: "CONFLICT",
        message: expect.stringMatching(/^This request is /),
      });
});

const moves = {
  approved: (asked: { approvalId: string; digest: string }) =>
    administration.run(approveRequest, approver, asked),
  refused: ({ approvalId }: { approvalId: string }) =>
    administration.run(refuseRequest, approver, { approvalId, comment: "not now" }),
  withdrawn: ({ approvalId }: { approvalId: string }) =>
    administration.run(withdrawRequest, requester, { approvalId }),
};
const ends = {
  executed: async (asked: { approvalId: string; digest: string }) => void (await moves.approved(asked)),
  refused: async (asked: { approvalId: string }) => void (await moves.refused(asked)),
  withdrawn: async (asked: { approvalId: string }) => void (await moves.withdrawn(asked)),
  expired: async ({ approvalId }: { approvalId: string }) => {
    await administration.sql`update approval set expires_at = now() - interval '1 s' where id = ${approvalId}`;
  },
};

test.each(Object.keys(ends) as (keyof typeof ends)[])(
  "nothing leads on from %s: 409 with the states named",
  async (end) => {
    const asked = await ask();
    await ends[end](asked);
    const before =
      await administration.sql`select count(*)::int as n from activity where outcome = 'success'`;
    for (const [done, move] of Object.entries(moves))
      expect(await move(asked)).toMatchObject({
        error: {
          code: "CONFLICT",
          message: `This request is ${end}; only one that is requested can be ${done}.`,
        },
      });
    expect(
      await administration.sql`select count(*)::int as n from activity where outcome = 'success'`,
    ).toEqual(before);
  },
);

test("each move leaves one row on record; when it cannot be written, nothing moves", async () => {
  const { sql, codeOf } = administration;
  const asked = await ask();
  await sql`alter table activity add constraint no_more check (action <> 'approval.refuse') not valid`;
  expect(await codeOf(refuseRequest, approver, { approvalId: asked.approvalId, comment: "no" })).toBe(
    "INTERNAL",
  );
  await sql`alter table activity drop constraint no_more`;
  expect(await stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
  expect(await codeOf(refuseRequest, approver, { approvalId: asked.approvalId, comment: "no" })).toBe("ok");
  const rows =
    await sql`select action from activity where object_id = ${asked.approvalId} and outcome = 'success' order by id`;
  expect(rows.map(({ action }) => action)).toEqual(["approval.request", "approval.refuse"]);
});

test("only who asked withdraws, with a token of theirs too", async () => {
  const { codeOf } = administration;
  const asked = await ask(approver);
  expect(await codeOf(withdrawRequest, requester, { approvalId: asked.approvalId })).toBe("FORBIDDEN");
  const own = await tokenOf(approver, "read");
  expect(await codeOf(withdrawRequest, own, { approvalId: asked.approvalId })).toBe("ok");
  expect(await stateOf(asked.approvalId)).toEqual({ state: "withdrawn", version: 2 });
});

test("what nobody decided in time expires, on record once, whoever looks first", async () => {
  const { console, sql } = administration;
  const [due, open, died] = [await ask(), await ask(), await ask()];
  // As a process leaves it that dies between the approval and the run.
  await sql`update approval set state = 'approved', version = 2 where id = ${died.approvalId}`;
  await sql`update approval set expires_at = now() - interval '1 s' where id <> ${open.approvalId}`;
  expect(await administration.codeOf(approveRequest, approver, died)).toBe("CONFLICT");
  const counts = await Promise.all([1, 2, 3].map(() => expireApprovals(console, ["audit"])));
  expect(counts.toSorted()).toEqual([0, 0, 2]);
  expect(await stateOf(died.approvalId)).toEqual({ state: "expired", version: 3 });
  expect(await ran()).toEqual([]);
  expect(await stateOf(due.approvalId)).toEqual({ state: "expired", version: 2 });
  expect(await stateOf(open.approvalId)).toEqual({ state: "requested", version: 1 });
  expect(
    await sql`select actor_kind, detail->>'from' as from from activity where action = 'approval.expire' order by 2`,
  ).toEqual([
    { actor_kind: "system", from: "approved" },
    { actor_kind: "system", from: "requested" },
  ]);
});

test("the list shows each what they may: the input to who asked and who may approve, to nobody else", async () => {
  const { console } = administration;
  const asked = await ask();
  const viewer = await addActor(console, "viewer");
  const list = (actor: Actor, state: "open" | "all" = "open") =>
    getApprovals(console, actor, { state, limit: 10 }, new Date());
  expect(await list(requester)).toMatchObject([
    { id: asked.approvalId, input: { reason: typed }, may: { decide: false, withdraw: true } },
  ]);
  expect(await list(approver)).toMatchObject([
    { digest: asked.digest, input: { reason: typed }, may: { decide: true, withdraw: false } },
  ]);
  expect(await list(viewer)).toMatchObject([
    {
      state: "requested",
      requestedBy: requester.email,
      input: null,
      may: { decide: false, withdraw: false },
    },
  ]);
  await administration.sql`update approval set expires_at = now() - interval '1 s'`;
  expect(await list(approver)).toEqual([]);
  expect(await list(approver, "all")).toMatchObject([{ state: "expired", may: { decide: false } }]);
});

test("what people typed stands in the activity log and in no audit event", async () => {
  const { run, sql } = administration;
  const comment = "oddcomment, as agreed";
  const asked = await ask();
  await run(approveRequest, approver, { ...asked, comment });
  const refused = await ask();
  await run(refuseRequest, approver, { approvalId: refused.approvalId, comment });
  const events = await sql`select payload::text as text from outbox`;
  expect(events.length).toBeGreaterThan(4);
  for (const { text } of events) expect(text).not.toMatch(/odd(word|comment)/);
  const [kept] = await sql`
    select count(*) filter (where detail::text like '%oddcomment%')::int as comments,
           count(*) filter (where detail::text like '%oddword%')::int as reasons
    from activity where object_id in (${asked.approvalId}, ${refused.approvalId}) or action = 'test.retire'`;
  expect(kept?.comments).toBe(2);
  expect(kept?.reasons).toBeGreaterThanOrEqual(3);
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
    console: administration.console,
    actor: requester,
    auditTargets: [],
    logger: { error() {}, warn() {} },
  };
  const answer = await runAdminAction(doubling, context, { n: 1 });
  expect(answer).toMatchObject({ ok: false, error: { code: "CONFLICT" } });
  expect(await administration.sql`select 1 from approval`).toEqual([]);
});
