import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { createConsole } from "../testing/people.ts";
import { runJob } from "../testing/run-job.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { pruneConsoleJob } from "./prune-console-job.ts";

let given: Awaited<ReturnType<typeof createConsole>>;

beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());

test("a job that ended longer ago than it is kept goes with its attempts and log; one that has not ended stays", async () => {
  const kept = (name: string, keepDays?: number) =>
    defineJob({
      name,
      title: name,
      input: z.object({}),
      ...(keepDays && { keepDays }),
      run: async ({ log }) => log("ran"),
    });
  const jobs = { usual: kept("test.usual"), short: kept("test.short", 2), young: kept("test.young", 4) };
  for (const job of Object.values(jobs)) await runJob(given, job, {});
  await given.console.db.transaction((tx) =>
    enqueueJob(
      { tx, actor: systemActor("test"), now: new Date(Date.now() - 400 * 86_400_000) },
      jobs.short,
      {},
    ),
  );
  await given.test.sql`update pgboss.job set start_after = now() + interval '1 day' where state = 'created'`;
  await given.test.sql`
    update job set finished_at = now() - case name when 'test.usual' then interval '91 days' else interval '3 days' end
    where finished_at is not null`;
  expect(await runJob(given, pruneConsoleJob, {})).toMatchObject({
    state: "done",
    result: { prunedJobs: 2 },
  });
  const left = await given.test.sql`select name, state from job order by name, state`;
  expect(left).toEqual([
    { name: "console.prune", state: "done" },
    { name: "test.short", state: "waiting" },
    { name: "test.young", state: "done" },
  ]);
  expect(await given.test.sql`select distinct message from job_log`).toEqual([{ message: "ran" }]);
  expect(await given.test.sql`select from job_log`).toHaveLength(1);
});
