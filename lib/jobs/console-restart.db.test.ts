import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { openConsoleDb } from "../db/console-db.ts";
import { migrateConsole } from "../db/migrate.ts";
import { startCluster } from "../testing/cluster.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { startJobs } from "./start-jobs.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

test("a restart of the console database in between: the job goes on, and does nothing twice", async () => {
  const cluster = await startCluster(18);
  const url = cluster.url;
  await migrateConsole(url);
  const console = openConsoleDb(url, { max: 4 });
  const job = defineJob({
    name: "test.steps",
    title: "Steps",
    input: z.object({}),
    async run(context) {
      const { next } = (context.restored as { next: number } | null) ?? { next: 1 };
      for (let step = next; step <= 20; step++) {
        await context.once(`step ${step}`, (tx) => tx.execute(`insert into effect_done values (${step})`));
        await context.checkpoint({ next: step + 1 });
        await sleep(50, undefined, { signal: context.signal });
      }
      return context.attempt;
    },
  });
  const started = startJobs({
    console,
    url,
    jobs: [job],
    schedules: [],
    openTarget: () => undefined,
    logger: quiet,
    holder: "test:1:1",
  });
  try {
    await console.sql`create table effect_done (step int)`;
    const enqueue = () =>
      console.db.transaction((tx) =>
        enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, job, {}),
      );
    const { id } = await enqueue();
    const look = async () =>
      (await console.sql`select state, failures, checkpoint from job where id = ${id}`)[0];
    await vi.waitFor(async () => expect((await look())?.checkpoint?.next).toBeGreaterThan(3), 30_000);
    await cluster.stop("immediate");
    await sleep(1_000);
    await cluster.start();
    await vi.waitFor(async () => expect(await look()).toMatchObject({ state: "done", failures: 0 }), {
      timeout: 40_000,
      interval: 200,
    });
    const done = await console.sql`select step from effect_done order by step`;
    expect(done.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    // New work is taken up as before.
    const { id: next } = await enqueue();
    const other = async () => (await console.sql`select state from job where id = ${next}`)[0];
    await vi.waitFor(async () => expect(await other()).toEqual({ state: "done" }), 20_000);
  } finally {
    await started.stop();
    await console.close();
    await cluster.destroy();
  }
});
