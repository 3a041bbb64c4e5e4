import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { startJobs } from "./start-jobs.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
/** Waits for as long as it is told, then answers how often it has begun and what it found kept. */
const waitJob = defineJob({
  name: "test.wait",
  title: "Wait",
  input: z.strictObject({ ms: z.int() }),
  oneAtATime: false,
  async run({ attempt, restored, checkpoint, waitUntil }, { ms }) {
    if (restored === null) {
      const until = Date.now() + ms;
      await checkpoint({ until });
      await waitUntil(new Date(until));
    }
    const { until } = (restored ?? { until: 0 }) as { until: number };
    return { attempt, early: Date.now() < until };
  },
});
let administration: Administration;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  administration = await startAdministration();
  const { console, url } = administration;
  const given = { console, url, jobs: [waitJob], schedules: [], openTarget: () => undefined, logger };
  worker = startJobs({ ...given, atATime: 2, holder: `test:${process.pid}:0` });
});
afterAll(async () => {
  await worker?.stop();
  await administration?.close();
});

const enqueue = async (ms: number) =>
  (
    await administration.console.db.transaction((tx) =>
      enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, waitJob, { ms }),
    )
  ).id;
const read = async (id: string) => {
  const [job] = await administration.sql`select state, result from job where id = ${id}`;
  return job;
};
const until = (id: string, state: string) =>
  vi.waitFor(
    async () => {
      const job = await read(id);
      if (job?.state !== state) throw new Error(`it is ${job?.state}`);
      return job;
    },
    { timeout: 20_000, interval: 20 },
  );
const attempts = async (id: string) =>
  (await administration.sql`select outcome from job_attempt where job_id = ${id} order by attempt`).map(
    ({ outcome }) => outcome,
  );

test("jobs that wait for others leave their places to those that need not, and go on when their time comes", async () => {
  const waiting = [await enqueue(6_000), await enqueue(6_000)];
  for (const id of waiting) {
    await vi.waitFor(async () => expect(await attempts(id)).toEqual(["continued"]), 20_000);
    expect((await read(id))?.state).toBe("waiting");
  }
  const free = await enqueue(0);
  await until(free, "done");
  for (const id of waiting) expect((await read(id))?.state).toBe("waiting");
  for (const id of waiting) {
    expect((await until(id, "done")).result).toEqual({ attempt: 2, early: false });
    expect(await attempts(id)).toEqual(["continued", "done"]);
  }
});

test("a moment is waited for in its place", async () => {
  const short = await enqueue(300);
  expect((await until(short, "done")).result).toMatchObject({ attempt: 1 });
  expect(await attempts(short)).toEqual(["done"]);
});
