import postgres, { type Sql } from "postgres";
import { expect, vi } from "vitest";
import { systemActor } from "../auth/actor.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { planRequest } from "../partition-plan/request.ts";
import { carriedPlan, carryOutJob, planNote } from "../partitions/carry-out-job.ts";
import { breakOff } from "./break-off.ts";
import type { KilledScenario } from "./killed-steps.ts";
import type { KilledWorld } from "./killed-world.ts";
import type { Place } from "./work-partitions.ts";

const patience = { timeout: 150_000, interval: 200 };

/** One job, on tables in a schema of its own. */
export interface KilledCase {
  scenario: KilledScenario;
  schema: string;
  job: string;
  /** Where it is killed; null for the one that is not. */
  place: Place | null;
}

/** The tables of a scenario in a schema of their own. */
async function build(
  { sql, url }: { sql: Sql; url: string },
  { setUp, sick, brokenOff }: KilledScenario,
  schema: string,
): Promise<void> {
  await sql.unsafe(`
    set role audit_maintainer;
    create schema ${schema};
    set search_path to ${schema}, public;
    create table logged (id bigint, at timestamptz not null, note text, primary key (id, at)) partition by range (at);
    do $$ begin for month in -1..1 loop
      execute format('create table logged_%s partition of logged for values from (%L) to (%L)',
        to_char(date_trunc('month', now(), 'UTC') + month * interval '1 month', 'YYYY_MM'),
        date_trunc('month', now(), 'UTC') + month * interval '1 month',
        date_trunc('month', now(), 'UTC') + (month + 1) * interval '1 month');
    end loop; end $$;
    insert into logged values (0, date_trunc('month', now(), 'UTC') - interval '1 day', 'kept');
    ${setUp ?? ""};
    reset role;
    ${sick ?? ""}`);
  if (brokenOff) await breakOff(url, brokenOff, `${schema}.logged`);
}

/** Builds each case's tables, and puts its job into the queue. */
export async function beginAll(
  world: KilledWorld,
  wanted: readonly Omit<KilledCase, "job">[],
): Promise<KilledCase[]> {
  const queue = [...wanted];
  const builder = async () => {
    const { url } = world.database;
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    for (let next = queue.shift(); next; next = queue.shift())
      await build({ sql, url }, next.scenario, next.schema);
    await sql.end();
  };
  await Promise.all(Array.from({ length: 4 }, builder));
  const cases: KilledCase[] = [];
  for (const one of wanted) cases.push({ ...one, job: await begin(world, one) });
  return cases;
}

async function begin(world: KilledWorld, { scenario, schema }: Omit<KilledCase, "job">): Promise<string> {
  const plan = await world.plan(planRequest.parse(scenario.request(schema)), scenario.lockTimeoutMs);
  expect([scenario.name, plan.refusals]).toEqual([scenario.name, []]);
  for (const { step } of plan.steps) world.planned.add(step.kind);
  const now = new Date();
  const { request, digest } = plan;
  const { id } = await world.administration.console.db.transaction((tx) =>
    enqueueJob(
      { tx, actor: systemActor("test"), now },
      carryOutJob,
      { target: "audit", request, digest, lockTimeoutMs: plan.lockTimeoutMs },
      { noted: { [planNote]: carriedPlan(plan, digest) } },
    ),
  );
  return id;
}

/** Waits until the jobs have ended, and answers how: state, error, each attempt. */
export async function ended(
  { administration }: KilledWorld,
  cases: readonly KilledCase[],
): Promise<Map<string, string>> {
  const jobs = cases.map(({ job }) => job);
  return vi.waitFor(async () => {
    const rows = await administration.sql<{ id: string; state: string; text: string; over: boolean }[]>`
      select id, finished_at is not null as over, concat_ws(' ', state, error->>'message',
        (select string_agg(outcome, ', ' order by attempt) from job_attempt where job_id = job.id)) as text
      from job where id = any(${jobs})`;
    const open = rows.filter(({ over }) => !over);
    if (open.length > 0) throw new Error(`${open.length} jobs are open: ${open[0]?.text}`);
    return new Map(rows.map(({ id, text }) => [id, text]));
  }, patience);
}
