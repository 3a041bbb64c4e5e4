import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { getActivity } from "../../activity/get-activity.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { systemActor } from "../../auth/actor.ts";
import { AppError } from "../../errors.ts";
import { defineJob } from "../../jobs/define-job.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { pruneConsole } from "../../jobs/prune-console.ts";
import { type Administration, startAdministration } from "../../testing/administration.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { makeTableVerb, tableMade } from "../../testing/make-table-verb.ts";
import { addActor } from "../../testing/people.ts";
import { runAdminAction } from "../run-admin-action.ts";
import { carryOutEffect } from "./carry-out-effect.ts";
import type { EffectContext } from "./effect-context.ts";
import { reconcileEffects } from "./reconcile-effects.ts";
import { settleEffect } from "./settle-effect.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const auditTargets = ["audit", "other"];
let administration: Administration;
let database: TestDatabase;
let urls: { watch: string; maintenance: string };
let audit: AuditDb;
let context: EffectContext;

beforeAll(async () => {
  [administration, database] = await Promise.all([
    startAdministration(),
    createDatabase({ template: "audit" }),
  ]);
  urls = {
    watch: await database.login(["pg_monitor"]),
    maintenance: await database.login(["audit_maintainer"]),
  };
  await database.sql`grant create on schema public to public`;
  audit = connect({ target: "audit", urls, logger: silent });
  context = {
    console: administration.console,
    auditTargets,
    openTarget: (name) => (name === "audit" ? audit : undefined),
    logger: silent,
  };
});
afterAll(async () => {
  await audit.close();
  await Promise.all([administration.close(), database.drop()]);
});

const run = (verb: ReturnType<typeof makeTableVerb>, name: string) =>
  runAdminAction(
    verb,
    { console: administration.console, actor: administration.admin, auditTargets, openTarget: () => audit },
    { target: "audit", name },
  );
const effectOf = async (name: string) => {
  const [row] = await administration.sql`select * from effect where object_id = ${name}`;
  return row;
};
/** Outcomes of the activity log in order, each with the targets that hear of it. */
const told = async (name: string) =>
  await administration.sql`
    select outcome, target, detail, array(select o.target from outbox o where o.id = a.id) as "heardBy",
      (select payload->>'status' from outbox o where o.id = a.id limit 1) as status
    from activity a where object_id = ${name} order by id`;
const thereIs = async (name: string) => {
  const [row] = await database.sql`select to_regclass('public.' || ${name}::text) is not null as there`;
  return row?.there as boolean;
};
const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const reconcile = (now: Date, given = context) =>
  reconcileEffects({ ...given, verbs: [makeTableVerb(async () => {})], now });

test("it is on record as intended before it is done, and as done after", async () => {
  let before: unknown;
  const verb = makeTableVerb(async (at) => {
    if (at === "before") before = [(await effectOf("plain"))?.state, await thereIs("plain")];
  });
  expect(await run(verb, "plain")).toEqual({ ok: true, data: { made: "plain" } });
  expect(before).toEqual(["intended", false]);
  const row = await effectOf("plain");
  expect(row).toMatchObject({
    state: "done",
    settled_by: "actor",
    action: "test.make-table",
    target: "audit",
    input: { name: "plain" },
    actor_id: administration.admin.id,
    facts: { columns: 0 },
    error: null,
  });
  expect(await told("plain")).toEqual([
    {
      outcome: "success",
      target: "audit",
      detail: { columns: 0, effectId: row?.id },
      heardBy: ["audit"],
      status: "success",
    },
  ]);
});

test("what the verb itself refuses is no effect; what fails without happening is on record as failed, once", async () => {
  const verb = makeTableVerb(async (at) => {
    if (at === "before") throw new AppError("UNAVAILABLE", "The disk is full.");
  });
  expect(await run(verb, "refused")).toMatchObject({ ok: false, error: { code: "CONFLICT" } });
  expect(await effectOf("refused")).toBeUndefined();
  expect((await told("refused")).map(({ outcome }) => outcome)).toEqual(["refused"]);

  expect(await run(verb, "full")).toEqual({
    ok: false,
    error: { code: "UNAVAILABLE", message: "The disk is full.", retryable: true },
  });
  expect(await effectOf("full")).toMatchObject({
    state: "failed",
    error: { code: "UNAVAILABLE", message: "The disk is full." },
  });
  expect(await told("full")).toMatchObject([
    { outcome: "failed", heardBy: ["audit"], status: "failure", detail: { code: "UNAVAILABLE" } },
  ]);
});

test("an error after it happened does not say that nothing happened", async () => {
  const verb = makeTableVerb(async (at) => {
    if (at === "after") throw new AppError("UNAVAILABLE", "The connection was lost.");
  });
  expect(await run(verb, "lost")).toMatchObject({
    ok: false,
    error: { message: "The connection was lost.", hint: "It was done all the same." },
  });
  expect(await effectOf("lost")).toMatchObject({ state: "done" });
  expect((await told("lost")).map(({ outcome }) => outcome)).toEqual(["success"]);
});

test("who cannot tell says so, and a later look settles it", async () => {
  const verb = makeTableVerb(async (at) => {
    if (at === "after") throw new AppError("UNAVAILABLE", "The connection was lost.");
  });
  const blind = { ...verb, effect: { ...tableMade, look: async () => "cannot tell" as const } };
  expect(await run(blind, "blind")).toMatchObject({
    ok: false,
    error: { hint: expect.stringContaining("not known yet") },
  });
  expect(await effectOf("blind")).toMatchObject({ state: "unknown" });
  expect(await reconcile(later(60))).toEqual({ done: 1, failed: 0, unknown: 0 });
  expect(await effectOf("blind")).toMatchObject({ state: "done", settled_by: "reconciler" });
  expect((await told("blind")).map(({ outcome }) => outcome)).toEqual(["unknown", "success"]);
});

for (const [at, state, outcome] of [
  ["before", "failed", "failed"],
  ["after", "done", "success"],
] as const) {
  test(`killed ${at} it happened: unknown at first, then found ${state} by looking`, async () => {
    const name = `killed_${at}`;
    const script = path.resolve(import.meta.dirname, "../../testing/make-table-and-hang.ts");
    const args = [script, administration.url, urls.watch, urls.maintenance, name, at];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    await Promise.race([once(child.stdout, "data"), exited]);
    child.kill("SIGKILL");
    expect(await exited).toEqual([null, "SIGKILL"]);

    expect(await thereIs(name)).toBe(at === "after");
    expect(await effectOf(name)).toMatchObject({ state: "intended", settled_at: null });
    // It might still be at it.
    expect(await reconcile(later(1))).toEqual({ done: 0, failed: 0, unknown: 0 });

    const shown = () => getActivity(administration.console, { limit: 10, outcome: "unknown" });
    expect((await shown()).rows.map(({ objectId }) => objectId)).not.toContain(name);
    // Nobody is at it any more, and nobody has looked yet.
    await administration.sql`update effect set alive_until = now() where object_id = ${name}`;
    // What was told of others before may be of a later moment: tests look ahead.
    expect((await shown()).rows.find(({ objectId }) => objectId === name)).toMatchObject({
      outcome: "unknown",
      target: "audit",
      actorName: "child",
    });
    expect(await told(name)).toEqual([]);

    // The target is away: it cannot be seen.
    const away = { ...context, openTarget: () => undefined };
    expect(await reconcile(later(1), away)).toEqual({ done: 0, failed: 0, unknown: 1 });
    expect(await effectOf(name)).toMatchObject({ state: "unknown" });
    expect(await told(name)).toMatchObject([
      { outcome: "unknown", target: "audit", heardBy: ["audit"], status: "failure" },
    ]);
    expect((await shown()).rows.filter(({ objectId }) => objectId === name)).toHaveLength(1);
    // Not again at once.
    expect(await reconcile(later(2))).toEqual({ done: 0, failed: 0, unknown: 0 });

    const found = await reconcile(later(60));
    expect(found).toEqual({ done: 0, failed: 0, unknown: 0, [state]: 1 });
    expect(await effectOf(name)).toMatchObject({ state, settled_by: "reconciler" });
    const rows = await told(name);
    expect(rows.map((row) => row.outcome)).toEqual(["unknown", outcome]);
    expect(rows[1]).toMatchObject({ heardBy: ["audit"], detail: { foundBy: "reconciler" } });
    expect(await reconcile(later(7_200))).toEqual({ done: 0, failed: 0, unknown: 0 });
    expect(await told(name)).toHaveLength(2);
  });
}

test("who was frozen and did it after all knows better than who looked", async () => {
  const verb = makeTableVerb(async (at) => {
    if (at !== "before") return;
    await administration.sql`
      update effect set alive_until = now() - interval '1 second' where object_id = 'frozen'`;
    expect(await reconcile(new Date())).toMatchObject({ failed: 1 });
  });
  expect(await run(verb, "frozen")).toMatchObject({ ok: true });
  expect(await effectOf("frozen")).toMatchObject({ state: "done", settled_by: "actor", error: null });
  expect((await told("frozen")).map(({ outcome }) => outcome)).toEqual(["failed", "success"]);
  // The other way round what is done stays.
  const [row] = await administration.console.db.query.effect.findMany({
    where: (effect, { eq }) => eq(effect.objectId, "frozen"),
  });
  if (!row) throw new Error("no effect");
  const failed = { state: "failed", by: "reconciler", error: new AppError("UNAVAILABLE", "gone") } as const;
  expect(await settleEffect(administration.console, row, failed, { auditTargets, now: new Date() })).toBe(
    false,
  );
});

test("a job settles what its earlier attempt left untold, and does not do it again", async () => {
  const { console, sql } = administration;
  const job = defineJob({ name: "test.make", title: "Make", input: z.object({}), run: async () => null });
  const actor = systemActor("test");
  const { id: jobId } = await console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, job, {}),
  );
  const intention = {
    effect: tableMade,
    input: { name: "by_job" },
    actor,
    target: "audit",
    object: { type: "table", id: "by_job" },
    jobId,
  };
  let times = 0;
  const make = async () => {
    times++;
    await database.sql`create table public.by_job ()`;
    return { facts: { made: true } };
  };
  // As if the first attempt had died between the effect and telling.
  await sql`
    insert into effect (id, action, target, object_type, object_id, job_id, actor_kind, actor_id, actor_name, input, alive_until)
    values (${uuidV7()}, 'test.make-table', 'audit', 'table', 'by_job', ${jobId}, 'system', 'test', 'test',
      '{"name": "by_job"}', now())`;
  await make();
  // The job goes on: it settles its own.
  expect(await reconcile(later(31))).toEqual({ done: 0, failed: 0, unknown: 0 });
  expect(await carryOutEffect(context, intention, make)).toBeNull();
  expect(times).toBe(1);
  expect(await told("by_job")).toMatchObject([
    { outcome: "success", detail: { jobId, foundBy: "reconciler" } },
  ]);
  // What it has done is done; something else is not.
  expect(await carryOutEffect(context, intention, make)).toBeNull();
  expect(times).toBe(1);
  const other = { ...intention, input: { name: "by_job_too" } };
  expect(await carryOutEffect(context, other, async () => ({ facts: { made: true } }))).toEqual({
    facts: { made: true },
  });
  expect(await sql`select input, state from effect where job_id = ${jobId} order by id`).toEqual([
    { input: { name: "by_job" }, state: "done" },
    { input: { name: "by_job_too" }, state: "done" },
  ]);
});

test("a token limited to the target may do it, and its audit event goes there alone", async () => {
  const operator = await addActor(administration.console, "operator");
  expect(operator.targets).toBeNull();
  const limited = { ...systemActor("limited"), targets: ["audit"] };
  const verb = makeTableVerb(async () => {});
  const attempt = (target: string) =>
    runAdminAction(
      verb,
      { console: administration.console, actor: limited, auditTargets, openTarget: () => audit },
      { target, name: `limited_${target}` },
    );
  expect(await attempt("audit")).toMatchObject({ ok: true });
  expect(await attempt("other")).toMatchObject({ ok: false, error: { code: "FORBIDDEN" } });
  expect(await told("limited_other")).toMatchObject([
    { outcome: "refused", target: "other", heardBy: ["other"] },
  ]);
  expect(await thereIs("limited_other")).toBe(false);
});

test("what is settled is forgotten after a month, what is unknown is not", async () => {
  const { console, sql } = administration;
  await sql`update effect set state = 'unknown', settled_at = null where object_id = 'plain'`;
  await pruneConsole(console, later(29 * 86_400));
  expect((await sql`select from effect`).length).toBeGreaterThan(5);
  await pruneConsole(console, later(31 * 86_400));
  expect(await sql`select object_id from effect`).toEqual([{ object_id: "plain" }]);
});
