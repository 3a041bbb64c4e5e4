import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { ConsoleDb } from "../db/console-db.ts";
import { defineJob, type JobContext } from "../jobs/define-job.ts";

/**
 * Jobs for tests that kill and freeze workers. They tell what they saw in tables of the test's own, outside every
 * fence: `seen (job, attempt, what, at)` and, in the console's transaction, `effect_done (job, step, attempt)`; on the
 * target they write into `effect_there (job, step, attempt)`.
 */
export const stepsJob = defineJob({
  name: "test.steps",
  title: "Take steps",
  /** `holdAt`: the step that the first attempt does not come to the end of. */
  input: z.object({ target: z.string(), steps: z.number(), holdAt: z.number() }),
  target: true,
  async run(context, { steps, holdAt }) {
    const { next } = (context.restored as { next: number } | null) ?? { next: 1 };
    await see(context, `from ${next}`);
    for (let step = next; step <= steps; step++) {
      await context.once(`step ${step}`, async (tx) => {
        await tx.execute(
          `insert into effect_done (job, step, attempt) values ('${context.id}', ${step}, ${context.attempt})`,
        );
      });
      await context.audit.use("maintenance", "test.step", (sql) => insertThere(sql, context, step));
      if (context.attempt === 1 && step === holdAt) {
        await see(context, `holds at ${step}`);
        await untilAborted(context.signal);
      }
      context.progress(step, steps, "steps");
      context.log(`step ${step}`);
      await context.checkpoint({ next: step + 1 });
    }
    return { steps };
  },
});

/** Its first attempt holds a lock on the target, and once thawed tries every kind of write. */
export const lockJob = defineJob({
  name: "test.lock",
  title: "Hold a lock",
  input: z.object({ target: z.string() }),
  target: true,
  oneAtATime: false,
  async run(context) {
    const lock = async () =>
      context.audit.use("maintenance", "test.lock", async (sql) => {
        await sql`set idle_in_transaction_session_timeout = 0`;
        await sql`begin`;
        await sql`lock table public.effect_there in access exclusive mode`;
        await insertThere(sql, context, 1);
        if (context.attempt > 1) return void (await sql`commit`);
        context.log("locked");
        await see(context, "locked");
        await released(context.console);
        await sql`commit`;
      });
    if (context.attempt > 1) {
      await lock();
      await context.checkpoint({ by: context.attempt });
      return { by: context.attempt };
    }
    const attempts: Record<string, () => Promise<unknown>> = {
      lock,
      checkpoint: () => context.checkpoint({ by: "frozen" }),
      "once in the console": () => context.once("thawed", async () => 1),
      "once elsewhere": () => context.once("thawed", { do: async () => 1 }),
      "target again": () =>
        context.audit.use("maintenance", "test.again", (sql) => insertThere(sql, context, 2)),
    };
    for (const [what, attempt] of Object.entries(attempts)) {
      const outcome = await attempt().then(
        () => "done",
        (thrown: Error & { code?: string }) => thrown.code ?? thrown.message,
      );
      await see(context, `${what}: ${outcome}`);
    }
    context.progress(99, 99, "thawed");
    context.log("written by a frozen worker");
    await see(context, "thawed");
    return { by: "frozen" };
  },
});

/** Its first attempt is frozen in the middle of a transaction of the console, which holds the job's row. */
export const transactionJob = defineJob({
  name: "test.transaction",
  title: "Hold a transaction",
  input: z.object({ target: z.string() }),
  target: true,
  oneAtATime: false,
  run: (context) =>
    context.once("effect", async (tx) => {
      await tx.execute(
        `insert into effect_done (job, step, attempt) values ('${context.id}', 1, ${context.attempt})`,
      );
      if (context.attempt === 1) {
        await see(context, "in a transaction");
        await released(context.console);
      }
      return { by: context.attempt };
    }),
});

export const probeJob = defineJob({
  name: "test.probe",
  title: "Answer",
  input: z.object({}),
  oneAtATime: false,
  run: async () => ({ pid: process.pid }),
});

async function insertThere(
  sql: Parameters<Parameters<JobContext["audit"]["use"]>[2]>[0],
  context: JobContext,
  step: number,
): Promise<void> {
  await sql`insert into public.effect_there (job, step, attempt) values (${context.id}, ${step}, ${context.attempt})`;
}

async function see({ console, id, attempt }: JobContext, what: string): Promise<void> {
  await console.sql`insert into seen (job, attempt, what) values (${id}, ${attempt}, ${what})`;
}

/** Until the test says so. */
async function released({ sql }: ConsoleDb): Promise<void> {
  while ((await sql`select from seen where what = 'released'`).length === 0) await sleep(50);
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
