import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../auth/actor.ts";
import type { ActionResult } from "../result.ts";
import { addActor } from "../testing/people.ts";
import { type SecondPerson, startSecondPerson, typed } from "../testing/second-person.ts";
import { expireApprovals } from "../verbs/approvals/expire-approvals.ts";
import { getApprovals } from "./get-approvals.ts";

let given: SecondPerson;
beforeAll(async () => {
  given = await startSecondPerson();
});
afterAll(() => given?.close());
beforeEach(() => given.reset());

test("of many who decide at the same moment one does, and it runs at most once", async () => {
  const { run } = given.administration;
  const asked = await given.ask();
  const approvers = await Promise.all([1, 2, 3].map(() => addActor(given.administration.console, "admin")));
  const answers: ActionResult<unknown>[] = await Promise.all([
    ...approvers.map((actor) => run(given.approveRequest, actor, asked)),
    ...approvers.map((actor) =>
      run(given.refuseRequest, actor, { approvalId: asked.approvalId, comment: "no" }),
    ),
    run(given.withdrawRequest, given.requester, { approvalId: asked.approvalId }),
  ]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const { state } = (await given.stateOf(asked.approvalId)) ?? {};
  expect(await given.ran()).toHaveLength(state === "executed" ? 1 : 0);
  for (const answer of answers)
    if (!answer.ok)
      expect(answer.error).toMatchObject({
        code: "CONFLICT",
        message: expect.stringMatching(/^This request is /),
      });
});

const moves = {
  approved: (asked: { approvalId: string; digest: string }) =>
    given.administration.run(given.approveRequest, given.approver, asked),
  refused: ({ approvalId }: { approvalId: string }) =>
    given.administration.run(given.refuseRequest, given.approver, { approvalId, comment: "not now" }),
  withdrawn: ({ approvalId }: { approvalId: string }) =>
    given.administration.run(given.withdrawRequest, given.requester, { approvalId }),
};

const ends = {
  executed: async (asked: { approvalId: string; digest: string }) => void (await moves.approved(asked)),
  refused: async (asked: { approvalId: string }) => void (await moves.refused(asked)),
  withdrawn: async (asked: { approvalId: string }) => void (await moves.withdrawn(asked)),
  expired: async ({ approvalId }: { approvalId: string }) => {
    await given.administration
      .sql`update approval set expires_at = now() - interval '1 s' where id = ${approvalId}`;
  },
};

test.each(Object.keys(ends) as (keyof typeof ends)[])(
  "nothing leads on from %s: 409 with the states named",
  async (end) => {
    const asked = await given.ask();
    await ends[end](asked);
    const before = await given.administration
      .sql`select count(*)::int as n from activity where outcome = 'success'`;
    for (const [done, move] of Object.entries(moves))
      expect(await move(asked)).toMatchObject({
        error: {
          code: "CONFLICT",
          message: `This request is ${end}; only one that is requested can be ${done}.`,
        },
      });
    expect(
      await given.administration.sql`select count(*)::int as n from activity where outcome = 'success'`,
    ).toEqual(before);
  },
);

test("each move leaves one row on record; when it cannot be written, nothing moves", async () => {
  const { sql, codeOf } = given.administration;
  const asked = await given.ask();
  await sql`alter table activity add constraint no_more check (action <> 'approval.refuse') not valid`;
  expect(
    await codeOf(given.refuseRequest, given.approver, { approvalId: asked.approvalId, comment: "no" }),
  ).toBe("INTERNAL");
  await sql`alter table activity drop constraint no_more`;
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "requested", version: 1 });
  expect(
    await codeOf(given.refuseRequest, given.approver, { approvalId: asked.approvalId, comment: "no" }),
  ).toBe("ok");
  const rows =
    await sql`select action from activity where object_id = ${asked.approvalId} and outcome = 'success' order by id`;
  expect(rows.map(({ action }) => action)).toEqual(["approval.request", "approval.refuse"]);
});

test("only who asked withdraws, with a token of theirs too", async () => {
  const { codeOf } = given.administration;
  const asked = await given.ask(given.approver);
  expect(await codeOf(given.withdrawRequest, given.requester, { approvalId: asked.approvalId })).toBe(
    "FORBIDDEN",
  );
  const own = await given.tokenOf(given.approver, "read");
  expect(await codeOf(given.withdrawRequest, own, { approvalId: asked.approvalId })).toBe("ok");
  expect(await given.stateOf(asked.approvalId)).toEqual({ state: "withdrawn", version: 2 });
});

test("what nobody decided in time expires, on record once, whoever looks first", async () => {
  const { console, sql } = given.administration;
  const [due, open, died] = [await given.ask(), await given.ask(), await given.ask()];
  // As a process leaves it that dies between the approval and the run.
  await sql`update approval set state = 'approved', version = 2 where id = ${died.approvalId}`;
  await sql`update approval set expires_at = now() - interval '1 s' where id <> ${open.approvalId}`;
  expect(await given.administration.codeOf(given.approveRequest, given.approver, died)).toBe("CONFLICT");
  const counts = await Promise.all([1, 2, 3].map(() => expireApprovals(console, ["audit"])));
  expect(counts.toSorted()).toEqual([0, 0, 2]);
  expect(await given.stateOf(died.approvalId)).toEqual({ state: "expired", version: 3 });
  expect(await given.ran()).toEqual([]);
  expect(await given.stateOf(due.approvalId)).toEqual({ state: "expired", version: 2 });
  expect(await given.stateOf(open.approvalId)).toEqual({ state: "requested", version: 1 });
  expect(
    await sql`select actor_kind, detail->>'from' as from from activity where action = 'approval.expire' order by 2`,
  ).toEqual([
    { actor_kind: "system", from: "approved" },
    { actor_kind: "system", from: "requested" },
  ]);
});

test("the list shows each what they may: the input to who asked and who may approve, to nobody else", async () => {
  const { console } = given.administration;
  const asked = await given.ask();
  const viewer = await addActor(console, "viewer");
  const list = (actor: Actor, state: "open" | "all" = "open") =>
    getApprovals(console, actor, { state, limit: 10 }, new Date());
  expect(await list(given.requester)).toMatchObject([
    { id: asked.approvalId, input: { reason: typed }, may: { decide: false, withdraw: true } },
  ]);
  expect(await list(given.approver)).toMatchObject([
    { digest: asked.digest, input: { reason: typed }, may: { decide: true, withdraw: false } },
  ]);
  expect(await list(viewer)).toMatchObject([
    {
      state: "requested",
      requestedBy: given.requester.email,
      input: null,
      may: { decide: false, withdraw: false },
    },
  ]);
  await given.administration.sql`update approval set expires_at = now() - interval '1 s'`;
  expect(await list(given.approver)).toEqual([]);
  expect(await list(given.approver, "all")).toMatchObject([{ state: "expired", may: { decide: false } }]);
});

test("what people typed stands in the activity log and in no audit event", async () => {
  const { run, sql } = given.administration;
  const comment = "oddcomment, as agreed";
  const asked = await given.ask();
  await run(given.approveRequest, given.approver, { ...asked, comment });
  const refused = await given.ask();
  await run(given.refuseRequest, given.approver, { approvalId: refused.approvalId, comment });
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
