import { vi } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { type AnyJob, defineJob, type JobContext } from "../jobs/define-job.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { createConsole } from "./people.ts";
import { startTestJobs } from "./run-job.ts";

/** A console with a worker whose jobs do what a test says: one a test file, begun by `startWorks`. */
export const actor = systemActor("test");
export const somebody = { name: "Somebody" };
export let given: Awaited<ReturnType<typeof createConsole>>;
export let started: { stop(): Promise<void> };
/** What each job of a test does, by the test's own name. */
export const works = new Map<string, (context: JobContext) => Promise<unknown>>();

export function define(name: string, options: Partial<AnyJob> = {}): AnyJob {
  return defineJob({
    name,
    title: name,
    input: z.object({ work: z.string() }),
    oneAtATime: false,
    run: async (context, { work }) => works.get(work)?.(context),
    ...options,
  });
}
export const jobs = {
  plain: define("test.plain"),
  retried: define("test.retried", { retry: { limit: 2, delaySeconds: 1, backoff: true } }),
  serial: define("test.serial", { oneAtATime: true, retry: { limit: 1, delaySeconds: 2 } }),
  onTarget: define("test.target", {
    target: true,
    input: z.object({ work: z.string(), target: z.string() }),
  }),
};

export async function startWorks(): Promise<void> {
  given = await createConsole();
  started = startTestJobs(given, { jobs: Object.values(jobs) });
}

export async function endWorks(): Promise<void> {
  await started.stop();
  await given.drop();
}

let names = 0;
export async function enqueue(
  job: AnyJob,
  work: (context: JobContext) => Promise<unknown>,
  options: { runAfter?: Date; input?: object } = {},
): Promise<string> {
  const name = `work ${names++}`;
  works.set(name, work);
  const { input, ...more } = options;
  const { id } = await given.console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, job, { work: name, ...input }, more),
  );
  return id;
}
export const row = async (id: string) => (await given.test.sql`select * from job where id = ${id}`)[0];
export const waitFor = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 150_000, interval: 30 });
export const is = (id: string, state: string) =>
  waitFor(async () => {
    const found = (await row(id))?.state;
    if (found !== state) throw new Error(`the job is ${found}, not ${state}`);
  });
export const attempts = (id: string) =>
  given.test.sql`select attempt, outcome, error from job_attempt where job_id = ${id} order by attempt`;
export const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
