import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { addJob } from "../testing/jobs.ts";
import { createConsole } from "../testing/people.ts";
import { getJob } from "./get-job.ts";
import { getJobLog } from "./get-job-log.ts";
import { getJobs, type JobFilter } from "./get-jobs.ts";
import { createJobCatalogue } from "./job-catalogue.ts";

const now = new Date("2026-11-27T10:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const kinds = createJobCatalogue([{ name: "quarantine.replay", title: "Replay the quarantine" }]);
const admin = systemActor("test");
const viewer = { role: "viewer", targets: null } as const;
const limited = { role: "admin", targets: ["eu"] } as const;

let console: ConsoleDb;
let drop: () => Promise<void>;
let ids: Record<"done" | "failed" | "running" | "waiting" | "elsewhere" | "own", string>;

beforeAll(async () => {
  ({ console, drop } = await createConsole());
  const eu = { name: "quarantine.replay", target: "eu" };
  const done = await addJob(console, {
    ...eu,
    createdAt: ago(600),
    state: "done",
    startedAt: ago(590),
    finishedAt: ago(580),
    result: { stored: 3 },
    actorKind: "user",
    actorId: "u1",
    actorName: "olga@example.test",
    reason: "Ticket AUD-7",
    schedule: "nightly",
  });
  const failed = await addJob(console, {
    ...eu,
    createdAt: ago(500),
    state: "failed",
    startedAt: ago(490),
    finishedAt: ago(480),
    attempt: 2,
    failures: 2,
    error: { code: "TIMEOUT", message: "Too slow.", hint: "Try at night." },
  });
  const running = await addJob(console, {
    ...eu,
    createdAt: ago(100),
    state: "running",
    startedAt: ago(90),
    attempt: 2,
    done: 300,
    total: 1_000,
    unit: "events",
    progressAt: now,
    beatAt: ago(1),
    checkpoint: { at: 3 },
    checkpointAt: ago(7),
  });
  await console.db.insert(schema.jobAttempt).values([
    { jobId: running, attempt: 1, worker: "a:1:1", startedAt: ago(90), endedAt: ago(40), outcome: "lost" },
    { jobId: running, attempt: 2, worker: "b:2:2", startedAt: ago(20), doneFrom: 200 },
  ]);
  const lines = Array.from({ length: 7 }, (_, n) => ({
    jobId: running,
    attempt: n < 3 ? 1 : 2,
    at: ago(60 - n),
    level: "info" as const,
    message: `line ${n + 1}`,
  }));
  await console.db.insert(schema.jobLog).values(lines);
  ids = {
    done,
    failed,
    running,
    waiting: await addJob(console, { ...eu, createdAt: ago(50) }),
    elsewhere: await addJob(console, { ...eu, target: "us_100%", createdAt: ago(40), state: "running" }),
    own: await addJob(console, {
      name: "privacy.rewrap_keys",
      createdAt: ago(30),
      state: "cancelled",
      finishedAt: ago(29),
      cancelledBy: "olga@example.test",
      reason: "asked for by Mr Example",
    }),
  };
});
afterAll(() => drop?.());

const list = (filter: Partial<JobFilter> = {}, actor: Parameters<typeof getJobs>[1] = admin) =>
  getJobs(console, actor, kinds, { limit: 50, ...filter }, now);
const idsOf = async (...given: Parameters<typeof list>) => (await list(...given)).jobs.map(({ id }) => id);

test("jobs come newest first, a page at a time, and none twice or never", async () => {
  const all = [ids.own, ids.elsewhere, ids.waiting, ids.running, ids.failed, ids.done];
  expect(await idsOf()).toEqual(all);
  const first = await list({ limit: 4 });
  expect([first.jobs.map(({ id }) => id), first.next]).toEqual([all.slice(0, 4), ids.running]);
  const second = await list({ limit: 4, before: first.next ?? "" });
  expect([second.jobs.map(({ id }) => id), second.next]).toEqual([all.slice(4), null]);
});

test("each filter leaves what it says, and counts are of every state whatever the state asked for", async () => {
  expect(await idsOf({ states: ["failed", "cancelled"] })).toEqual([ids.own, ids.failed]);
  expect(await idsOf({ name: "privacy.rewrap_keys" })).toEqual([ids.own]);
  expect(await idsOf({ target: "us_100%" })).toEqual([ids.elsewhere]);
  expect(await idsOf({ target: "us_100%", withConsole: true })).toEqual([ids.own, ids.elsewhere]);
  expect(await idsOf({ schedule: "nightly" })).toEqual([ids.done]);
  expect(await idsOf({ person: "OLGA@" })).toEqual([ids.done]);
  // Neither is a pattern here.
  expect(await idsOf({ person: "%" })).toEqual([]);
  expect((await list({ target: "eu", states: ["done"] })).counts).toEqual({
    waiting: 1,
    running: 1,
    done: 1,
    failed: 1,
    cancelled: 0,
    skipped: 0,
  });
});

test("a token limited to targets sees the jobs of these and nothing of others or of the console", async () => {
  expect(await idsOf({}, limited)).toEqual([ids.waiting, ids.running, ids.failed, ids.done]);
  expect((await list({}, limited)).counts.cancelled).toBe(0);
  expect((await getJob(console, limited, kinds, ids.done, now)).id).toBe(ids.done);
  for (const id of [ids.elsewhere, ids.own]) {
    await expect(getJob(console, limited, kinds, id, now)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getJobLog(console, limited, id, { limit: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("a job tells how far it is at the speed of its present attempt, and what it waits for", async () => {
  const job = await getJob(console, viewer, kinds, ids.running, now);
  expect(job).toMatchObject({
    title: "Replay the quarantine",
    progress: { done: 300, total: 1_000, share: 0.3, perSecond: 5, secondsLeft: 140, because: null },
    checkpointAt: ago(7),
    beatAt: ago(1),
    attempts: [
      { attempt: 2, worker: "b:2:2", outcome: null },
      { attempt: 1, worker: "a:1:1", outcome: "lost" },
    ],
    logLines: 7,
  });
  expect(await getJob(console, viewer, kinds, ids.waiting, now)).toMatchObject({ behind: ids.running });
  expect(job.behind).toBeNull();
});

test("what may be done with a job, and why not", async () => {
  const mayOf = async (actor: Parameters<typeof getJobs>[1], id: string) =>
    (await getJob(console, actor, kinds, id, now)).may;
  expect(await mayOf(admin, ids.running)).toMatchObject({
    cancel: { allowed: true },
    retry: { allowed: false },
  });
  expect(await mayOf(admin, ids.failed)).toMatchObject({
    cancel: { allowed: false },
    retry: { allowed: true },
  });
  expect((await mayOf(viewer, ids.failed)).retry).toEqual({
    allowed: false,
    why: "Cancelling and retrying need the role Operator.",
  });
  // This version has no such job.
  expect((await mayOf(admin, ids.own)).retry).toEqual({
    allowed: false,
    why: "This version of the console has no such job.",
  });
  expect((await mayOf(limited, ids.failed)).retry).toEqual({
    allowed: false,
    why: "A token that is limited to targets changes no jobs.",
  });
});

test("why somebody asked for privacy work is for privacy officers", async () => {
  const reasonOf = async (role: "viewer" | "operator" | "privacy_officer" | "admin", id: string) => {
    const { reason, reasonHidden } = await getJob(console, { role, targets: null }, kinds, id, now);
    return [reason, reasonHidden];
  };
  for (const role of ["viewer", "operator"] as const)
    expect(await reasonOf(role, ids.own)).toEqual([null, true]);
  for (const role of ["privacy_officer", "admin"] as const)
    expect(await reasonOf(role, ids.own)).toEqual(["asked for by Mr Example", false]);
  expect(await reasonOf("viewer", ids.done)).toEqual(["Ticket AUD-7", false]);
});

test("lines come in their order: the newest, those ahead of one, those behind one", async () => {
  const read = async (place: Omit<Parameters<typeof getJobLog>[3], "limit">) => {
    const { lines, more } = await getJobLog(console, viewer, ids.running, { limit: 3, ...place });
    return { lines, words: lines.map(({ message }) => message), more };
  };
  const newest = await read({});
  expect(newest).toMatchObject({ words: ["line 5", "line 6", "line 7"], more: true });
  const earlier = await read({ before: newest.lines[0]?.seq });
  expect(earlier).toMatchObject({ words: ["line 2", "line 3", "line 4"], more: true });
  expect(await read({ before: earlier.lines[0]?.seq })).toMatchObject({ words: ["line 1"], more: false });
  expect(await read({ after: earlier.lines[0]?.seq })).toMatchObject({
    words: ["line 3", "line 4", "line 5"],
    more: true,
  });
  expect(await read({ after: newest.lines[2]?.seq })).toMatchObject({ words: [], more: false });
});
