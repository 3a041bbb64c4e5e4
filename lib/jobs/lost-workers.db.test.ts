import type { ChildProcess } from "node:child_process";
import { afterAll, describe, test, vi } from "vitest";
import { systemActor } from "../auth/actor.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { lockJob, probeJob, stepsJob, transactionJob } from "../testing/frozen-jobs.ts";
import { createConsole } from "../testing/people.ts";
import { kill, startWorking } from "../testing/start-program.ts";
import type { AnyJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";

const goesOnWithinMs = 20_000;
const children: ChildProcess[] = [];
const worlds: World[] = [];

interface World {
  given: Awaited<ReturnType<typeof createConsole>>;
  target: TestDatabase;
  targetUrl: string;
}

/** A console and a target of one scenario. */
async function createWorld(): Promise<World> {
  const [given, target] = await Promise.all([createConsole(), createDatabase({ template: "empty" })]);
  const targetUrl = await target.login();
  await given.test.sql`
    create table seen (job uuid, attempt int, what text, at timestamptz default clock_timestamp())`;
  await given.test.sql`create table effect_done (job uuid, step int, attempt int)`;
  await target.sql`create table effect_there (job uuid, step int, attempt int)`;
  await target.sql.unsafe(`alter table effect_there owner to ${new URL(targetUrl).username}`);
  const world = { given, target, targetUrl };
  worlds.push(world);
  return world;
}

async function startWorker({ given, targetUrl }: World): Promise<ChildProcess> {
  const child = await startWorking("lib/testing/work-jobs.ts", {
    CONSOLE_DATABASE_URL: given.test.url,
    TARGET_URL: targetUrl,
  });
  children.push(child);
  return child;
}

afterAll(async () => {
  await Promise.all(children.map(kill));
  await Promise.all(worlds.map(({ given, target }) => Promise.all([given.drop(), target.drop()])));
});

const actor = systemActor("test");
async function enqueue({ given }: World, job: AnyJob, input: object): Promise<string> {
  const { db } = given.console;
  return (await db.transaction((tx) => enqueueJob({ tx, actor, now: new Date() }, job, input))).id;
}
const row = async ({ given }: World, id: string) =>
  (await given.test.sql`select * from job where id = ${id}`)[0];
const attempts = ({ given }: World, id: string) =>
  given.test.sql`select attempt, worker, outcome from job_attempt where job_id = ${id} order by attempt`;
const seen = ({ given }: World, id: string) =>
  given.test.sql`select attempt, what, at from seen where job = ${id} order by at`;
const waitFor = <T>(look: () => Promise<T>, timeout = 60_000) => vi.waitFor(look, { timeout, interval: 50 });
const isDone = (world: World, id: string) =>
  waitFor(async () => {
    const state = (await row(world, id))?.state;
    if (state !== "done") throw new Error(`the job is ${state}`);
  });
const sees = (world: World, id: string, what: string, timeout?: number) =>
  waitFor(async () => {
    const found = await seen(world, id);
    if (!found.some((one) => one.what === what)) throw new Error(`not seen: ${what}`);
  }, timeout);

describe.concurrent("lost workers", () => {
  test("killed in the middle: another goes on from the checkpoint within 20 s, and nothing is done twice", async ({
    expect,
  }) => {
    const world = await createWorld();
    const first = await startWorker(world);
    const id = await enqueue(world, stepsJob, { target: "audit", steps: 6, holdAt: 4 });
    await sees(world, id, "holds at 4");
    const second = await startWorker(world);
    const killedAt = Date.now();
    first.kill("SIGKILL");
    await isDone(world, id);

    expect(await attempts(world, id)).toEqual([
      { attempt: 1, worker: expect.stringContaining(`:${first.pid}:`), outcome: "lost" },
      { attempt: 2, worker: expect.stringContaining(`:${second.pid}:`), outcome: "done" },
    ]);
    const resumed = (await seen(world, id)).find(({ attempt }) => attempt === 2);
    expect(resumed?.at.getTime() - killedAt).toBeLessThan(goesOnWithinMs);
    expect(resumed?.what).toBe("from 4");
    const done = await world.given.test.sql`select step, count(*)::int as n from effect_done group by step`;
    expect(done).toHaveLength(6);
    expect(done.every(({ n }) => n === 1)).toBe(true);
    expect(await row(world, id)).toMatchObject({ result: { steps: 6 }, done: 6, total: 6, failures: 0 });
  });

  test("frozen: its lock on the target is ended, another goes on within 20 s, and thawed it writes nothing", async ({
    expect,
  }) => {
    const world = await createWorld();
    const { sql } = world.given.test;
    const first = await startWorker(world);
    const locked = await enqueue(world, lockJob, { target: "audit" });
    const inside = await enqueue(world, transactionJob, { target: "audit" });
    await sees(world, locked, "locked");
    await sees(world, inside, "in a transaction");
    await waitFor(async () =>
      expect(await sql`select from job_log where job_id = ${locked}`).toHaveLength(1),
    );
    const [backend] = await sql`select pid, purpose, attempt from job_backend where job_id = ${locked}`;
    expect(backend).toMatchObject({ purpose: "maintenance", attempt: 1 });
    const alive = () => world.target.sql`select from pg_stat_activity where pid = ${backend?.pid}`;
    expect(await alive()).toHaveLength(1);

    const second = await startWorker(world);
    const frozenAt = Date.now();
    first.kill("SIGSTOP");
    await Promise.all([isDone(world, locked), isDone(world, inside)]);
    for (const id of [locked, inside]) {
      expect(await attempts(world, id)).toEqual([
        { attempt: 1, worker: expect.stringContaining(`:${first.pid}:`), outcome: "lost" },
        { attempt: 2, worker: expect.stringContaining(`:${second.pid}:`), outcome: "done" },
      ]);
      const finishedAt = (await row(world, id))?.finished_at.getTime();
      expect(finishedAt - frozenAt).toBeLessThan(goesOnWithinMs);
    }
    expect(await alive()).toHaveLength(0);

    const rows = async () => ({
      jobs: await sql`select * from job where id in (${locked}, ${inside}) order by id`,
      attempts: await sql`select * from job_attempt order by job_id, attempt`,
      logs: await sql`select * from job_log order by seq`,
      onces: await sql`select * from job_once order by job_id, key`,
      backends: await sql`select * from job_backend`,
      here: await sql`select * from effect_done`,
      there: await world.target.sql`select * from effect_there`,
    });
    const before = await rows();
    expect(before.there).toEqual([{ job: locked, step: 1, attempt: 2 }]);
    expect(before.here).toEqual([{ job: inside, step: 1, attempt: 2 }]);
    expect(before.backends).toEqual([]);
    expect(before.jobs.map(({ result }) => result)).toEqual([{ by: 2 }, { by: 2 }]);

    await sql`insert into seen (what) values ('released')`;
    first.kill("SIGCONT");
    await sees(world, locked, "thawed");
    expect((await seen(world, locked)).map(({ what }) => what.replace(/: (?!done).*/, ": refused"))).toEqual([
      "locked",
      "lock: refused",
      "checkpoint: refused",
      "once in the console: refused",
      "once elsewhere: refused",
      "target again: refused",
      "thawed",
    ]);
    // Whatever it still had to say it has said once it has done another job.
    second.kill("SIGKILL");
    const probe = await enqueue(world, probeJob, {});
    await isDone(world, probe);
    expect((await row(world, probe))?.result).toEqual({ pid: first.pid });
    const after = await rows();
    expect({
      ...after,
      attempts: after.attempts.filter(({ job_id }) => job_id !== probe),
    }).toEqual(before);
  });
});
