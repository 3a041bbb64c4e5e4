import postgres, { type Sql } from "postgres";
import { expect, vi } from "vitest";
import { openConfiguredTarget } from "../engines/open-target.ts";
import type { AnyJob } from "../jobs/define-job.ts";
import type { PrivacyWorld } from "./privacy-world.ts";
import { kill, startWorking } from "./start-program.ts";
import { startTestJobs } from "./start-test-jobs.ts";

export const patience = { timeout: 150_000, interval: 20 };

/** Lets go of what a worker waits for. */
export type Release = () => Promise<void>;

/** A session of our own that holds what a worker needs, and so stops it there. */
export async function locking(url: string, lock: (sql: Sql) => Promise<unknown>): Promise<Release> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`begin`;
  await lock(sql);
  return async () => {
    await sql`rollback`;
    await sql.end();
  };
}

/** Waits until somebody of that database waits for a lock with such a statement. */
export const stopped = (sql: Sql, statement: string) =>
  vi.waitFor(async () => {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${statement}%`}`;
    expect(waiting.length).toBeGreaterThan(0);
  }, patience);

type World = Pick<PrivacyWorld, "console" | "consoleUrl" | "environment" | "sql">;

/** Both for the console's database of a world that is there by then; another database may be named. */
export function stopsIn(world: () => World) {
  return {
    locking: (lock: (sql: Sql) => Promise<unknown>, url = world().consoleUrl) => locking(url, lock),
    stopped: (statement: string, sql = world().sql) => stopped(sql, statement),
  };
}

/** Starts a worker, and kills it where it was stopped. @param program of lib/testing, which is given the console's address */
export async function killWhere(world: World, program: string, stopping: Promise<Release>): Promise<void> {
  const [worker, release] = await Promise.allSettled([
    startWorking(`lib/testing/${program}`, world.environment, [world.consoleUrl]),
    stopping,
  ]);
  if (worker.status === "fulfilled") await kill(worker.value);
  if (release.status === "fulfilled") await release.value();
  for (const each of [worker, release]) if (each.status === "rejected") throw each.reason;
}

/** Another worker, in this process, until every job has ended. */
export async function workToTheEnd(world: World, jobs: readonly AnyJob[]): Promise<void> {
  const worker = startTestJobs({ console: world.console, url: world.consoleUrl }, jobs, openConfiguredTarget);
  try {
    await vi.waitFor(
      async () => {
        const open = await world.sql`select from job where state in ('waiting', 'running')`;
        expect(open).toHaveLength(0);
      },
      { timeout: 200_000, interval: 200 },
    );
  } finally {
    await worker.stop();
  }
}
