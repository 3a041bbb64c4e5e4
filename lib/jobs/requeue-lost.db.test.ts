import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { systemActor } from "../auth/actor.ts";
import { addJob, countingJob, startCounting } from "../testing/jobs.ts";
import { createConsole } from "../testing/people.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { requeueLost } from "./requeue-lost.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());

const enqueue = async () => {
  const { db } = given.console;
  const asking = (tx: Parameters<Parameters<typeof db.transaction>[0]>[0]) =>
    enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, countingJob, { to: 2 });
  return (await db.transaction(asking)).id;
};
const entriesOf = (id: string) =>
  given.test
    .sql`select id from pgboss.job where name = 'jobs' and data ->> 'job' = ${id} and state = 'created'`;

test("a job whose entry was deleted is queued again, once, and runs to its end", async () => {
  const { console, test: database } = given;
  const [deleted, queued] = [await enqueue(), await enqueue()];
  const dead = await addJob(console, {
    name: countingJob.name,
    input: { to: 3 },
    state: "running",
    attempt: 1,
  });
  const ended = await addJob(console, { name: countingJob.name, state: "done" });
  await database.sql`delete from pgboss.job where data ->> 'job' = ${deleted}`;
  await database.sql`update job set beat_at = now() - interval '1 hour' where id = ${dead}`;
  // A job that was asked for, or told that it lives, just now is left to whoever has it.
  expect(await requeueLost(console)).toEqual([]);
  await database.sql`update job set created_at = now() - interval '1 hour', run_after = now() - interval '1 hour'`;
  const found = await Promise.all([requeueLost(console), requeueLost(console)]);
  expect(found.flat().sort()).toEqual([deleted, dead].sort());
  expect(await requeueLost(console)).toEqual([]);
  for (const id of [deleted, queued, dead]) expect(await entriesOf(id)).toHaveLength(1);
  expect(await entriesOf(ended)).toEqual([]);

  const jobs = startCounting(console, database.url);
  try {
    await vi.waitFor(
      async () =>
        expect(
          await database.sql`select id, state, result ->> 'counted' as counted from job where state <> 'waiting' order by id`,
        ).toEqual(
          [
            [deleted, "2"],
            [queued, "2"],
            [dead, "3"],
            [ended, null],
          ]
            .map(([id, counted]) => ({ id, state: "done", counted }))
            .sort((a, b) => ((a.id ?? "") < (b.id ?? "") ? -1 : 1)),
        ),
      20_000,
    );
  } finally {
    await jobs.stop();
  }
});

test("a queue that was emptied while a job waits for its moment gets it back when that has come", async () => {
  const { console, test: database } = given;
  const runAfter = new Date(Date.now() + 3_600_000);
  const later = await addJob(console, {
    name: countingJob.name,
    input: { to: 1 },
    runAfter,
    createdAt: new Date(0),
  });
  await database.sql`delete from pgboss.job`;
  expect(await requeueLost(console)).toEqual([]);
  await database.sql`update job set run_after = now() - interval '1 minute' where id = ${later}`;
  expect(await requeueLost(console)).toEqual([later]);
});
