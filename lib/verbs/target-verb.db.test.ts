import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { adminActions } from "../admin.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { tokenActor } from "../auth/tokens.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineJob } from "../jobs/define-job.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { addActor } from "../testing/people.ts";
import { defineAdminAction } from "./admin-action.ts";
import { runAdminAction } from "./run-admin-action.ts";

const auditTargets = ["audit", "other"];
let administration: Administration;

beforeAll(async () => {
  administration = await startAdministration();
});
afterAll(() => administration?.close());

const count = defineJob({
  name: "test.count",
  title: "Count",
  input: z.object({ to: z.number() }),
  run: async () => null,
});
/** May fail after it has put a job into the queue. */
const work = defineAdminAction({
  name: "test.work",
  role: "operator",
  target: true,
  input: z.strictObject({ target: targetInput, end: z.enum(["ok", "open", "fail"]).default("ok") }),
  object: ({ target }) => ({ type: "thing", id: target }),
  async run({ audit, enqueue }, { target, end }) {
    const jobId = await enqueue(count, { to: 3 }, { object: { type: "thing", id: target }, reason: "asked" });
    if (end === "fail") throw new AppError("CONFLICT", "not now");
    return { data: end === "open" ? audit.target : null, object: { type: "thing", id: target }, jobId };
  },
});
const opened: string[] = [];
const run = (actor: Actor, input: unknown) =>
  runAdminAction(
    work,
    {
      console: administration.console,
      actor,
      auditTargets,
      openTarget(name) {
        opened.push(name);
        if (!auditTargets.includes(name)) throw new AppError("NOT_FOUND", `no ${name}`);
        return { target: name } as AuditDb;
      },
    },
    input,
  );
async function lastTold() {
  const [row] = await administration.sql`
    select a.outcome, a.target, a.object_id as object, a.detail,
      array(select o.target from outbox o where o.id = a.id order by 1) as "heardBy"
    from activity a where action like 'test.work' or action like 'user.%' order by a.id desc limit 1`;
  return row;
}
async function tokenFor(targets: string[]): Promise<Actor> {
  const { console } = administration;
  const made = await runAdminAction(
    adminActions.createToken,
    { console, actor: systemActor("test"), auditTargets: [] },
    { name: targets.join(), scopes: ["operate"], targets },
  );
  if (!made.ok) throw new Error(made.error.message);
  const actor = await tokenActor(console.db, made.data.id, null, new Date());
  if (!actor) throw new Error("a token that was just made does not hold");
  return actor;
}

test("a token limited to targets acts on its own and nowhere else, and not on the whole console", async () => {
  const token = await tokenFor(["audit"]);
  expect(await run(token, { target: "audit" })).toMatchObject({ ok: true });
  expect(await lastTold()).toMatchObject({ outcome: "success", target: "audit", heardBy: ["audit"] });

  expect(await run(token, { target: "other" })).toMatchObject({
    ok: false,
    error: { code: "FORBIDDEN", message: "This token may act on audit only." },
  });
  expect(await lastTold()).toEqual({
    outcome: "refused",
    target: "other",
    object: "other",
    detail: { code: "FORBIDDEN", message: "This token may act on audit only." },
    heardBy: ["other"],
  });

  const everywhere = await runAdminAction(
    adminActions.disableUser,
    { console: administration.console, actor: { ...token, role: "admin" }, auditTargets },
    { userId: "01900000-0000-7000-8000-000000000000", target: "audit" },
  );
  expect(everywhere).toMatchObject({ ok: false, error: { code: "FORBIDDEN" } });
  expect(await lastTold()).toMatchObject({ outcome: "refused", target: null, heardBy: auditTargets });
});

test("who is refused before the input is read is told to the target that it names, if there is one", async () => {
  const viewer = await addActor(administration.console, "viewer");
  const refused = { ok: false, error: { code: "FORBIDDEN" } };
  expect(await run(viewer, { target: "other", end: "no such end" })).toMatchObject(refused);
  expect(await lastTold()).toMatchObject({ outcome: "refused", target: "other", heardBy: ["other"] });
  for (const input of [{ target: "nowhere" }, { target: 7 }, "other", null]) {
    expect(await run(viewer, input)).toMatchObject(refused);
    expect(await lastTold()).toMatchObject({ outcome: "refused", target: null, heardBy: auditTargets });
  }
});

test("a target that is not configured is refused before anything is done, and each is opened once", async () => {
  opened.length = 0;
  expect(await run(administration.admin, { target: "audit", end: "open" })).toMatchObject({ data: "audit" });
  expect(opened).toEqual(["audit"]);
  const { sql } = administration;
  const before = await sql`select from job`;
  expect(await run(administration.admin, { target: "nowhere" })).toMatchObject({
    ok: false,
    error: { code: "NOT_FOUND" },
  });
  expect(await sql`select from job`).toHaveLength(before.length);
});

test("a job is in the queue with the verb's change or not at all, and the verb answers its id", async () => {
  const { sql, admin } = administration;
  const jobs = () =>
    sql`select id, target, object_id as object, reason, actor_id as actor from job order by id desc`;
  const before = (await jobs()).length;
  expect(await run(admin, { target: "audit", end: "fail" })).toMatchObject({ error: { code: "CONFLICT" } });
  expect(await jobs()).toHaveLength(before);
  const answer = await run(admin, { target: "audit" });
  const [job] = await jobs();
  expect(answer).toEqual({ ok: true, data: null, jobId: job?.id });
  expect(job).toMatchObject({ object: "audit", reason: "asked", actor: admin.id });
  expect(await lastTold()).toMatchObject({ outcome: "success", detail: { jobId: job?.id } });
});
