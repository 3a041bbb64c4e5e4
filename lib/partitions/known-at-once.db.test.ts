import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { systemActor } from "../auth/actor.ts";
import { openDropChannel } from "../engines/drop-channel.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { startJobs } from "../jobs/start-jobs.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import { judge, notOk } from "../testing/judge.ts";
import { type PartitionWorld, startPartitionWorld } from "../testing/partition-world.ts";
import { carriedPlan, carryOutJob, planNote } from "./carry-out-job.ts";
import { gap } from "./check-bounds.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { partitionsJobs } from "./jobs.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
let world: PartitionWorld;
let worker: { stop(): Promise<void> };
/** What another process answers pages with, told of drops by the console's database alone. */
let page: AuditDb;
const engines: AuditDb[] = [];
const clients: postgres.Sql[] = [];

/** An engine as a process of its own has it. */
function open(): AuditDb {
  const sql = postgres(world.administration.url, { max: 2, onnotice: () => {} });
  clients.push(sql);
  const engine = connect({ target: "audit", urls: world.urls, logger, drops: openDropChannel(sql) });
  engines.push(engine);
  return engine;
}

beforeAll(async () => {
  world = await startPartitionWorld(18);
  for (const name of ["holed", "held_1", "held_2", "free"]) await world.makeMonths(name);
  page = open();
  const worked = open();
  const { console, url } = world.administration;
  const given = { console, url, jobs: partitionsJobs, schedules: [], openTarget: () => worked, logger };
  worker = startJobs({ ...given, atATime: 2, holder: `test:${process.pid}:0` });
});
afterAll(async () => {
  await worker?.stop();
  await Promise.all(engines.map((engine) => engine.close()));
  await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
  await world?.close();
});

/** A lock that is held is soon given up, or a job is ten seconds at it before it waits. */
const lockTimeoutMs = 20;
async function begin(request: PlanRequest): Promise<string> {
  const plan = await world.plan(request, lockTimeoutMs);
  expect(plan.refusals).toEqual([]);
  const given = { target: "audit", request: plan.request, digest: plan.digest, lockTimeoutMs };
  const { id } = await world.administration.console.db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, carryOutJob, given, {
      noted: { [planNote]: carriedPlan(plan, plan.digest) },
    }),
  );
  return id;
}
const jobOf = async (id: string) => {
  const [job] = await world.administration
    .sql`select state, error, case when attempt > 0 then state end as begun from job where id = ${id}`;
  return job;
};
const done = (id: string) =>
  vi.waitFor(
    async () => {
      const job = await jobOf(id);
      if (job?.state !== "done") throw new Error(JSON.stringify(job));
    },
    { timeout: 40_000, interval: 10 },
  );
const create = (name: string): PlanRequest => ({
  verb: "create",
  table: { schema: "public", name },
  ahead: 1,
});

test("what a job made is shown by every process as soon as the job is done, and its finding is gone", async () => {
  const { database } = world;
  const [current] = await database.sql<{ name: string }[]>`
    select 'holed_' || to_char(now() at time zone 'UTC', 'YYYY_MM') as name`;
  await database.sql.unsafe(`drop table ${current?.name}`);
  const gaps = async () => {
    const { data } = await getPartitionLanes(page, { schema: "public", root: "holed" }, new Date());
    return data.lanes.flatMap((lane) => lane.gaps).length;
  };
  const findings = async () =>
    notOk(await judge(gap, page, { kept: true })).filter((line) => line.startsWith("holed"));
  expect(await gaps()).toBe(1);
  expect(await findings()).toEqual(["holed critical"]);
  await done(await begin(create("holed")));
  expect(await gaps()).toBe(0);
  expect(await findings()).toEqual([]);
});

test("work that waits for a lock takes no place from work on other tables", async () => {
  const holder = postgres(world.database.url, { max: 1, onnotice: () => {} });
  try {
    await holder.unsafe("begin; lock table public.held_1, public.held_2 in share update exclusive mode");
    const held = [
      await begin({ ...create("held_1"), ahead: 2 } as PlanRequest),
      await begin({ ...create("held_2"), ahead: 2 } as PlanRequest),
    ];
    for (const id of held)
      await vi.waitFor(async () => expect((await jobOf(id))?.begun).toBe("waiting"), {
        timeout: 40_000,
        interval: 20,
      });
    await done(await begin({ ...create("free"), ahead: 2 } as PlanRequest));
    for (const id of held) expect((await jobOf(id))?.state).not.toBe("done");
    await holder.unsafe("rollback");
    await Promise.all(held.map(done));
  } finally {
    await holder.end({ timeout: 1 });
  }
});
