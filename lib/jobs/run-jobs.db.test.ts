import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, test } from "vitest";
import { AppError } from "../errors.ts";
import { attempts, endWorks, enqueue, given, is, jobs, row, startWorks, waitFor } from "../testing/works.ts";
import type { JobContext } from "./define-job.ts";
import { openJobChannel } from "./job-channel.ts";

beforeAll(startWorks);
afterAll(endWorks);

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
});
