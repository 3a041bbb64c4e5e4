import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemActor } from "../auth/actor.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { countingJob, startCounting } from "../testing/jobs.ts";
import { addActor } from "../testing/people.ts";
import { cancelJob } from "./cancel-job.ts";
import { followJob } from "./follow-job.ts";
import { getJob } from "./get-job.ts";
import { createJobCatalogue } from "./job-catalogue.ts";
import { retryJob } from "./retry-job.ts";

const kinds = createJobCatalogue([countingJob]);
const actor = systemActor("test");
let administration: Administration;
let worker: { stop(): Promise<void> };
let stop: AbortController;

beforeAll(async () => {
  administration = await startAdministration();
});
beforeEach(() => {
  worker = startCounting(administration.console, administration.url);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await worker.stop();
});
afterAll(() => administration?.close());

const enqueue = (input: Parameters<typeof enqueueJob<typeof countingJob.input, unknown>>[2]) =>
  administration.console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, countingJob, input),
  );

/** What a follower is told until the job ends, or until `enough`. */
async function follow(id: string, after?: number, enough: (lines: string[]) => boolean = () => false) {
  const lines: string[] = [];
  const states: string[] = [];
  const seqs: number[] = [];
  for await (const news of followJob(administration.console, actor, kinds, id, {
    after,
    signal: stop.signal,
  })) {
    if ("log" in news) {
      lines.push(news.log.message);
      seqs.push(news.log.seq);
    } else if ("job" in news && states.at(-1) !== news.job.state) states.push(news.job.state);
    if (enough(lines)) break;
  }
  return { lines, states, seqs };
}
const counted = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `counted ${from + n}`);

test("a follower hears every line once and in order, each state, and the end", async () => {
  const { id } = await enqueue({ to: 60, everyMs: 25 });
  const told = await follow(id);
  expect(told.lines).toEqual(counted(1, 60));
  expect(told.states.at(-1)).toBe("done");
  expect(told.states).toContain("running");
});

test("whoever comes back goes on behind the line it heard last, and hears the end of one that has ended", async () => {
  const { id } = await enqueue({ to: 30, everyMs: 25 });
  const first = await follow(id, undefined, (lines) => lines.includes("counted 7"));
  const second = await follow(id, first.seqs.at(-1));
  expect([...first.lines, ...second.lines]).toEqual(counted(1, 30));
  expect(await follow(id, second.seqs.at(-1))).toMatchObject({ lines: [], states: ["done"] });
});

test("notifications that are lost delay what is told by seconds and lose nothing", async () => {
  const { id } = await enqueue({ to: 80, everyMs: 50 });
  const told = follow(id);
  // The ear's connection dies, as with a restart of the database; the queue and we share it.
  const end = () => administration.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ~* '^(un)?listen' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await end()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  expect((await told).lines).toEqual(counted(1, 80));
});

test("an operator cancels a job that runs; it says so, ends, and a retry goes on from its checkpoint", async () => {
  const { console, run, succeed, lastActivity } = administration;
  const operator = await addActor(console, "operator");
  const { id } = await enqueue({ to: 400, everyMs: 25 });
  const told = follow(id);
  await expect
    .poll(async () => (await getJob(console, actor, kinds, id, new Date())).progress?.done ?? 0, {
      timeout: 30_000,
    })
    .toBeGreaterThan(3);
  expect(await succeed(cancelJob, operator, { id })).toEqual({ id, state: "running" });
  expect(await lastActivity("job.cancel")).toMatchObject({
    actor_id: operator.id,
    object_id: id,
    object_name: "test.count",
    detail: { jobId: id, job: "test.count" },
  });
  expect((await told).states).toContain("cancelled");
  const cancelled = await getJob(console, actor, kinds, id, new Date());
  expect(cancelled).toMatchObject({
    state: "cancelled",
    cancelledBy: operator.name,
    may: { retry: { allowed: true } },
  });
  expect(await run(cancelJob, operator, { id })).toMatchObject({ ok: false, error: { code: "CONFLICT" } });

  const reached = cancelled.progress?.done ?? 0;
  expect(await succeed(retryJob, operator, { id })).toEqual({ id, from: "checkpoint" });
  const second = follow(id, undefined, (lines) => lines.some((line) => line === `counted ${reached + 3}`));
  const { lines } = await second;
  expect(lines).toContain(`Retried by ${operator.name}.`);
  expect(lines.filter((line) => line === "counted 1")).toHaveLength(1);
  await succeed(cancelJob, operator, { id });
});

test("a job that fails tells with what, and ends well once it is retried", async () => {
  const { console, succeed } = administration;
  const operator = await addActor(console, "operator");
  const { id } = await enqueue({ to: 6, failAt: 4 });
  expect((await follow(id)).states.at(-1)).toBe("failed");
  const failed = await getJob(console, actor, kinds, id, new Date());
  expect(failed).toMatchObject({
    failures: 1,
    error: { code: "INTERNAL" },
    attempts: [{ attempt: 1, outcome: "failed" }],
  });
  await succeed(retryJob, operator, { id });
  expect((await follow(id)).states.at(-1)).toBe("done");
  expect(await getJob(console, actor, kinds, id, new Date())).toMatchObject({
    state: "done",
    result: { counted: 6 },
    progress: { done: 6, total: 6 },
    attempts: [{ attempt: 2, outcome: "done" }, { attempt: 1 }],
  });
});

test("viewers and tokens limited to targets change nothing", async () => {
  const { console, codeOf } = administration;
  const { id } = await enqueue({ to: 1 });
  await follow(id);
  const viewer = await addActor(console, "viewer");
  expect(await codeOf(cancelJob, viewer, { id })).toBe("FORBIDDEN");
  expect(await codeOf(retryJob, viewer, { id })).toBe("FORBIDDEN");
  expect(await codeOf(retryJob, await addActor(console, "operator"), { id })).toBe("CONFLICT");
});
