import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { AppError } from "../errors.ts";
import { createConsole } from "../testing/people.ts";
import { startTestJobs } from "../testing/run-job.ts";
import {
  actor,
  attempts,
  endWorks,
  enqueue,
  given,
  is,
  jobs,
  row,
  somebody,
  startWorks,
  untilAborted,
  waitFor,
} from "../testing/works.ts";
import { cancelJob } from "./cancel-job.ts";
import { claimJob } from "./claim-job.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { retryJob } from "./retry-job.ts";

beforeAll(startWorks);
afterAll(endWorks);

describe.concurrent("interrupted", () => {
  test("one that waits is cancelled at once and never runs", async ({ expect }) => {
    let ran = false;
    const runAfter = new Date(Date.now() + 1_500);
    const work = async () => {
      ran = true;
    };
    const id = await enqueue(jobs.plain, work, { runAfter });
    const now = new Date();
    expect(await given.console.db.transaction((tx) => cancelJob(tx, id, somebody, now))).toEqual({
      state: "cancelled",
    });
    expect(await row(id)).toMatchObject({
      state: "cancelled",
      finished_at: now,
      cancel_requested_at: now,
      cancelled_by: "Somebody",
    });
    const entry = () => given.test.sql`select state from pgboss.job where data->>'job' = ${id}`;
    await waitFor(async () => expect(await entry()).toEqual([{ state: "completed" }]));
    expect(ran).toBe(false);
    expect(await attempts(id)).toHaveLength(0);
  });

  test("one that runs hears of it within seconds, and may leave a result", async ({ expect }) => {
    let abortedAt = 0;
    const id = await enqueue(jobs.plain, async ({ signal }) => {
      await untilAborted(signal).catch((reason: Error) => {
        abortedAt = Date.now();
        expect(reason.message).toBe("The job was cancelled.");
      });
      return { halfDone: true };
    });
    await is(id, "running");
    const askedAt = Date.now();
    expect(await given.console.db.transaction((tx) => cancelJob(tx, id, somebody, new Date()))).toEqual({
      state: "running",
    });
    await is(id, "cancelled");
    expect(abortedAt - askedAt).toBeLessThan(5_000);
    expect(await row(id)).toMatchObject({ result: { halfDone: true }, error: null, failures: 0 });
    expect(await attempts(id)).toMatchObject([{ outcome: "cancelled" }]);
    const again = given.console.db.transaction((tx) => cancelJob(tx, id, somebody, new Date()));
    await expect(again).rejects.toMatchObject({
      code: "CONFLICT",
      message: "This job is cancelled; only a waiting or running one can be cancelled.",
    });
  });

  test("one that failed goes on from its checkpoint when it is retried; what was done once stays done", async ({
    expect,
  }) => {
    const seen: unknown[] = [];
    const id = await enqueue(jobs.plain, async (context) => {
      seen.push(context.restored);
      seen.push(await context.once("here", async () => `by ${context.attempt}`));
      seen.push(await context.once("there", { do: async () => `by ${context.attempt}` }));
      await context.checkpoint({ at: context.attempt });
      if (context.attempt === 1) throw new AppError("UNAVAILABLE", "Not now.");
      return "done";
    });
    await is(id, "failed");
    const retry = () => given.console.db.transaction((tx) => retryJob(tx, id, somebody, new Date()));
    await retry();
    await is(id, "done");
    expect(seen).toEqual([null, "by 1", "by 1", { at: 1 }, "by 1", "by 1"]);
    expect(await row(id)).toMatchObject({ attempt: 2, failures: 0, error: null, result: "done" });
    expect(await given.test.sql`select message from job_log where job_id = ${id}`).toEqual([
      { message: "Retried by Somebody." },
    ]);
    await expect(retry()).rejects.toMatchObject({
      code: "CONFLICT",
      message: "This job is done; only a failed or cancelled one can be retried.",
    });
    const unknown = given.console.db.transaction((tx) =>
      retryJob(tx, "0195aaaa-0000-7000-8000-000000000000", somebody, new Date()),
    );
    await expect(unknown).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("who has lost the claim hears of it, and whatever it writes is refused", async ({ expect }) => {
    const refusals: string[] = [];
    const id = await enqueue(jobs.plain, async (context) => {
      if (context.attempt > 1) return "taken over";
      context.log("before");
      await context.checkpoint("before");
      await untilAborted(context.signal).catch((reason: Error) => refusals.push(reason.message));
      context.log("after");
      for (const write of [
        () => context.checkpoint("after"),
        () => context.write(async (tx) => void (await tx.execute("delete from job_log"))),
        () => context.once("after", async () => 1),
        () => context.once("after", { do: async () => 1 }),
      ])
        await write().catch((refused: AppError) => refusals.push(refused.code));
      return "lost";
    });
    await is(id, "running");
    await waitFor(async () => {
      if ((await row(id))?.checkpoint !== "before") throw new Error("no checkpoint");
    });
    // As another worker's claim does it.
    await given.test.sql`update job set attempt = 2 where id = ${id}`;
    await given.test.sql`update job_attempt set outcome = 'lost', ended_at = now() where job_id = ${id}`;
    await is(id, "done");
    const lost = "This job is no longer run here: another worker has taken it over, or it has ended.";
    expect(refusals).toEqual([lost, "CONFLICT", "CONFLICT", "CONFLICT", "CONFLICT"]);
    expect(await row(id)).toMatchObject({ attempt: 3, result: "taken over", checkpoint: "before" });
    expect(await given.test.sql`select message from job_log where job_id = ${id}`).toEqual([
      { message: "before" },
    ]);
    expect(await given.test.sql`select from job_once where job_id = ${id}`).toHaveLength(0);
  });

  test("a write that is refused says at once that the claim is lost: what fails for that is no failure of the job", async ({
    expect,
  }) => {
    const aborted: boolean[] = [];
    const id = await enqueue(jobs.plain, async (context) => {
      if (context.attempt > 1) return "taken over";
      await given.test.sql`
        update job_attempt set outcome = 'lost', ended_at = now() where job_id = ${context.id}`;
      try {
        return await context.once("late", async () => 1);
      } finally {
        aborted.push(context.signal.aborted);
      }
    });
    await is(id, "done");
    expect(aborted).toEqual([true]);
    expect(await row(id)).toMatchObject({ failures: 0, result: "taken over" });
  });

  test("whoever takes a job over waits for what its attempt is noting, and neither of the two fails", async ({
    expect,
  }) => {
    let taking: ReturnType<typeof claimJob> | undefined;
    const noted: unknown[] = [];
    const id = await enqueue(jobs.plain, async (context) => {
      if (context.attempt > 1) return noted.push(await context.once("noted", async () => "again"));
      const entry = { job: context.id, entry: (await row(context.id))?.entry_id };
      const note = await context.once("noted", async (tx) => {
        const [own] = await tx.execute<{ pid: number }>("select pg_backend_pid() as pid");
        taking = claimJob(given.console, entry, "other:1:0", () => true);
        taking.catch(() => {});
        await waitFor(async () => {
          const waiting = await tx.execute(
            `select from pg_locks where not granted and ${own?.pid} = any(pg_blocking_pids(pid))`,
          );
          if (waiting.length === 0) throw new Error("nobody waits");
        });
        return "at first";
      });
      noted.push(note);
    });
    await is(id, "done");
    expect(await taking).toMatchObject({ id, attempt: 2 });
    expect(noted).toEqual(["at first", "at first"]);
  });

  test("one whose worker was lost after it was cancelled ends without beginning again", async ({
    expect,
  }) => {
    let ran = false;
    const runAfter = new Date(Date.now() + 3_600_000);
    const work = async () => {
      ran = true;
    };
    const id = await enqueue(jobs.plain, work, { runAfter });
    await given.test.sql`update job set state = 'running', attempt = 1 where id = ${id}`;
    await given.test.sql`insert into job_attempt (job_id, attempt, worker) values (${id}, 1, 'gone')`;
    await given.console.db.transaction((tx) => cancelJob(tx, id, somebody, new Date()));
    await given.test.sql`update pgboss.job set start_after = now() where data->>'job' = ${id}`;
    await is(id, "cancelled");
    expect(ran).toBe(false);
    expect((await attempts(id)).map(({ outcome }) => outcome)).toEqual(["lost", "cancelled"]);
  });

  test("a job that took every worker with it has failed, and says so", async ({ expect }) => {
    const id = await enqueue(jobs.plain, ({ signal }) => untilAborted(signal));
    await is(id, "running");
    // As if it were the last of the twenty times.
    await given.test.sql`
      update pgboss.job set retry_limit = 0, expire_seconds = 0 where data->>'job' = ${id} and name = 'jobs'`;
    await is(id, "failed");
    expect(await row(id)).toMatchObject({
      error: { message: "Every worker that ran this job was lost: it died, froze or was cut off." },
    });
    expect(await attempts(id)).toMatchObject([{ outcome: "lost" }]);
  });
});

test("work goes on in the next attempt after a checkpoint near the end of its time, and when its worker stops", async () => {
  const own = await createConsole();
  const job = defineJob({
    name: "test.long",
    title: "Long",
    input: z.object({}),
    async run(context) {
      const { next } = (context.restored as { next: number } | null) ?? { next: 0 };
      if (next === 3) await untilAborted(context.signal);
      await sleep(60);
      await context.checkpoint({ next: next + 1 });
      return { attempts: context.attempt };
    },
  });
  const released = Promise.withResolvers<string>();
  const deaf = defineJob({
    name: "test.deaf",
    title: "Deaf",
    input: z.object({}),
    run: () => released.promise,
  });
  const first = startTestJobs(own, { jobs: [job, deaf], continueAfterMs: 50 });
  const { id } = await own.console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, job, {}),
  );
  const look = async () =>
    (await own.test.sql`select state, attempt, failures, result from job where id = ${id}`)[0];
  await vi.waitFor(async () => expect(await look()).toMatchObject({ state: "running", attempt: 4 }), 20_000);
  const { id: unheard } = await own.console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, deaf, {}),
  );
  const lookAtDeaf = async () => {
    const [found] = await own.test.sql`
      select state, attempt, result, run_after > now() as later,
        (select array_agg(outcome) from job_attempt where job_id = id) as outcomes
      from job where id = ${unheard}`;
    return found;
  };
  await vi.waitFor(async () => expect(await lookAtDeaf()).toMatchObject({ state: "running" }), 20_000);
  await first.stop();
  // Work that hears nothing is handed on as well, and what it ends with is nobody's.
  expect(await lookAtDeaf()).toMatchObject({ state: "waiting", attempt: 1, outcomes: ["continued"] });
  expect(await look()).toMatchObject({ state: "waiting", attempt: 4 });
  await own.test.sql`update job set checkpoint = '{"next": 4}' where id = ${id}`;
  const second = startTestJobs(own, { jobs: [job] });
  await vi.waitFor(async () => expect(await look()).toMatchObject({ state: "done" }), 20_000);
  released.resolve("too late");
  // A worker of a version that does not know a job leaves it to others.
  await vi.waitFor(async () => {
    expect(await lookAtDeaf()).toEqual({
      state: "waiting",
      attempt: 1,
      result: null,
      later: true,
      outcomes: ["continued"],
    });
  }, 20_000);
  await second.stop();
  expect(await own.test.sql`select level, message from job_log where job_id = ${unheard}`).toEqual([
    { level: "warn", message: expect.stringContaining("knows no such job") },
  ]);
  expect(await look()).toEqual({ state: "done", attempt: 5, failures: 0, result: { attempts: 5 } });
  const outcomes = await own.test.sql`select outcome from job_attempt where job_id = ${id} order by attempt`;
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([...Array(4).fill("continued"), "done"]);
  await own.drop();
});
