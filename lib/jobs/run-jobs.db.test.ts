import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { AppError } from "../errors.ts";
import { createConsole } from "../testing/people.ts";
import { startTestJobs } from "../testing/run-job.ts";
import { cancelJob } from "./cancel-job.ts";
import { type AnyJob, defineJob, type JobContext } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { openJobChannel } from "./job-channel.ts";
import { retryJob } from "./retry-job.ts";

const actor = systemActor("test");
const somebody = { name: "Somebody" };
let given: Awaited<ReturnType<typeof createConsole>>;
let started: { stop(): Promise<void> };
/** What each job of a test does, by the test's own name. */
const works = new Map<string, (context: JobContext) => Promise<unknown>>();

function define(name: string, options: Partial<AnyJob> = {}): AnyJob {
  return defineJob({
    name,
    title: name,
    input: z.object({ work: z.string() }),
    oneAtATime: false,
    run: async (context, { work }) => works.get(work)?.(context),
    ...options,
  });
}
const jobs = {
  plain: define("test.plain"),
  retried: define("test.retried", { retry: { limit: 2, delaySeconds: 1, backoff: true } }),
  serial: define("test.serial", { oneAtATime: true, retry: { limit: 1, delaySeconds: 2 } }),
  onTarget: define("test.target", {
    target: true,
    input: z.object({ work: z.string(), target: z.string() }),
  }),
};

beforeAll(async () => {
  given = await createConsole();
  started = startTestJobs(given, { jobs: Object.values(jobs) });
});
afterAll(async () => {
  await started.stop();
  await given.drop();
});

let names = 0;
async function enqueue(
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
const row = async (id: string) => (await given.test.sql`select * from job where id = ${id}`)[0];
const waitFor = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 20_000, interval: 30 });
const is = (id: string, state: string) =>
  waitFor(async () => {
    const found = (await row(id))?.state;
    if (found !== state) throw new Error(`the job is ${found}, not ${state}`);
  });
const attempts = (id: string) =>
  given.test.sql`select attempt, outcome, error from job_attempt where job_id = ${id} order by attempt`;
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe.concurrent("jobs", () => {
  test("runs once; progress, log, checkpoint and result stand in its row, and the channel names it", async ({
    expect,
  }) => {
    const heard: string[] = [];
    const stop = openJobChannel(given.console.sql).listen((id) => heard.push(id));
    await waitFor(async () => {
      await given.test.sql`select pg_notify('audit_db_jobs', 'probe')`;
      if (!heard.includes("probe")) throw new Error("nobody listens yet");
    });
    let runs = 0;
    const id = await enqueue(jobs.plain, async (context) => {
      runs++;
      context.log("begun");
      for (let i = 1; i <= 3; i++) {
        context.progress(i, 3, "numbers");
        await context.checkpoint({ next: i + 1 });
      }
      context.log("nearly done", "warn");
      return { counted: 3 };
    });
    await is(id, "done");
    expect(runs).toBe(1);
    expect(await row(id)).toMatchObject({
      attempt: 1,
      failures: 0,
      done: 3,
      total: 3,
      unit: "numbers",
      checkpoint: { next: 4 },
      result: { counted: 3 },
      error: null,
    });
    expect(
      await given.test.sql`select level, message from job_log where job_id = ${id} order by seq`,
    ).toEqual([
      { level: "info", message: "begun" },
      { level: "warn", message: "nearly done" },
    ]);
    expect(await attempts(id)).toEqual([{ attempt: 1, outcome: "done", error: null }]);
    // Asked for, claimed, each progress, settled.
    await waitFor(async () => expect(heard.filter((one) => one === id).length).toBeGreaterThan(3));
    stop();
  });

  test("work that fails is tried again as its job says, with growing pauses, and then has failed", async ({
    expect,
  }) => {
    const begun: number[] = [];
    const id = await enqueue(jobs.retried, async () => {
      begun.push(Date.now());
      throw new AppError("CONFLICT", "Somebody holds it.", { hint: "Wait for them." });
    });
    const error = { code: "CONFLICT", message: "Somebody holds it.", hint: "Wait for them." };
    await is(id, "failed");
    expect(await row(id)).toMatchObject({ attempt: 3, failures: 3, error });
    expect(await attempts(id)).toEqual([1, 2, 3].map((attempt) => ({ attempt, outcome: "failed", error })));
    const [first = 0, second = 0, third = 0] = begun;
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(third - second).toBeGreaterThanOrEqual(1_990);
  });

  test("work that fails once and then succeeds has succeeded; what is unexpected is told in no words of its own", async ({
    expect,
  }) => {
    const id = await enqueue(jobs.retried, async ({ attempt }) => {
      if (attempt === 1) throw new Error("password=hunter2");
      return "fine";
    });
    await is(id, "done");
    expect(await row(id)).toMatchObject({ failures: 1, result: "fine", error: null });
    const [failed] = await attempts(id);
    expect(failed?.error.code).toBe("INTERNAL");
    expect(JSON.stringify(failed)).not.toContain("hunter2");
  });

  test("without a policy of its own work is not tried again", async ({ expect }) => {
    const id = await enqueue(jobs.plain, async () => {
      throw new AppError("TIMEOUT", "Too slow.");
    });
    await is(id, "failed");
    expect(await attempts(id)).toHaveLength(1);
  });

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

  test("one that runs hears of it within two seconds, and may leave a result", async ({ expect }) => {
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
    expect(abortedAt - askedAt).toBeLessThan(2_000);
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

  test("an effect elsewhere is looked for before it is made", async ({ expect }) => {
    let made = 0;
    const id = await enqueue(jobs.plain, async (context) => [
      await context.once("there already", { done: async () => "found", do: async () => `made ${++made}` }),
      await context.once("not there", { done: async () => null, do: async () => `made ${++made}` }),
    ]);
    await is(id, "done");
    expect((await row(id))?.result).toEqual(["found", "made 1"]);
  });

  test("of one key one runs at a time, and a later one waits for one that is tried again", async ({
    expect,
  }) => {
    const order: string[] = [];
    let at = 0;
    let most = 0;
    const work = (name: string, fails: boolean) => async (context: JobContext) => {
      most = Math.max(most, ++at);
      order.push(`${name} ${context.attempt}`);
      await sleep(200);
      at--;
      if (fails && context.attempt === 1) throw new AppError("CONFLICT", "Again.");
    };
    const first = await enqueue(jobs.serial, work("first", true));
    const second = await enqueue(jobs.serial, work("second", false));
    await Promise.all([is(first, "done"), is(second, "done")]);
    expect(order).toEqual(["first 1", "first 2", "second 1"]);
    expect(most).toBe(1);
  });

  test("a log has a thousand lines of two thousand characters at most", async ({ expect }) => {
    const id = await enqueue(jobs.plain, async ({ log }) => {
      log(`long\0${"x".repeat(5_000)}`);
      for (let i = 0; i < 1_200; i++) log(`line ${i}`);
    });
    await is(id, "done");
    const lines = await given.test.sql`select message from job_log where job_id = ${id} order by seq`;
    expect(lines).toHaveLength(1_001);
    expect(lines[0]?.message).toHaveLength(2_002);
    expect(lines[1_000]?.message).toBe("Further lines are left out.");
  });

  test("work on a target that is configured no more fails with that reason", async ({ expect }) => {
    const id = await enqueue(jobs.onTarget, async ({ audit }) => audit.server(), {
      input: { target: "gone" },
    });
    await is(id, "failed");
    expect((await row(id))?.error).toEqual({
      code: "NOT_FOUND",
      message: 'There is no target named "gone" any more.',
    });
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
    expect(refusals).toEqual([lost, "CONFLICT", "CONFLICT", "CONFLICT"]);
    expect(await row(id)).toMatchObject({ attempt: 3, result: "taken over", checkpoint: "before" });
    expect(await given.test.sql`select message from job_log where job_id = ${id}`).toEqual([
      { message: "before" },
    ]);
    expect(await given.test.sql`select from job_once where job_id = ${id}`).toHaveLength(0);
  });

  test("one whose worker was lost after it was cancelled ends without beginning again", async ({
    expect,
  }) => {
    let ran = false;
    const runAfter = new Date(Date.now() + 1_000);
    const work = async () => {
      ran = true;
    };
    const id = await enqueue(jobs.plain, work, { runAfter });
    await given.test.sql`update job set state = 'running', attempt = 1 where id = ${id}`;
    await given.test.sql`insert into job_attempt (job_id, attempt, worker) values (${id}, 1, 'gone')`;
    await given.console.db.transaction((tx) => cancelJob(tx, id, somebody, new Date()));
    await is(id, "cancelled");
    expect(ran).toBe(false);
    expect((await attempts(id)).map(({ outcome }) => outcome)).toEqual(["lost", "cancelled"]);
  });

  test("a result that cannot be kept is a failure that says so, and the work is not done again", async ({
    expect,
  }) => {
    let runs = 0;
    const id = await enqueue(jobs.plain, async ({ log }) => {
      runs++;
      log("half a pair: \ud83d");
      return { text: "\0" };
    });
    await is(id, "failed");
    expect((await row(id))?.error.message).toBe("The work finished, but its result could not be stored.");
    expect(runs).toBe(1);
    expect(await given.test.sql`select message from job_log where job_id = ${id}`).toEqual([
      { message: "half a pair: \ufffd" },
    ]);
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
  expect(await look()).toEqual({ state: "done", attempt: 5, failures: 0, result: { attempts: 5 } });
  const outcomes = await own.test.sql`select outcome from job_attempt where job_id = ${id} order by attempt`;
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([...Array(4).fill("continued"), "done"]);
  await own.drop();
});
