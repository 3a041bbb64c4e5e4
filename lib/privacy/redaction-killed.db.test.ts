import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../admin.ts";
import { consoleLocks } from "../db/locks.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { compileCache } from "../testing/compile-cache.ts";
import { kill } from "../testing/killed-world.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../testing/privacy-world.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { redactJob } from "./redact-job.ts";

let world: PrivacyWorld;
const children: ChildProcess[] = [];
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(async () => {
  await Promise.all(children.map(kill));
  await world?.close();
});

const root = path.resolve(import.meta.dirname, "../..");
const patience = { timeout: 60_000, interval: 20 };
const address = "ada.lovelace@example.test";
type Key = { id: string; occurredAt: string };

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["lib/testing/erase-until-killed.ts", world.consoleUrl], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...compileCache, NODE_ENV: "test", ...world.environment },
  });
  children.push(child);
  await once(child, "message");
  return child;
}

/** A session of our own that holds what a worker needs, and so stops it there. @returns what lets go of it */
async function locking(url: string, lock: (sql: postgres.Sql) => Promise<unknown>) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`begin`;
  await lock(sql);
  return async () => {
    await sql`rollback`;
    await sql.end();
  };
}

/** Waits until somebody of that database waits for a lock with such a statement. */
const stopped = (sql: postgres.Sql, statement: string) =>
  vi.waitFor(async () => {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike ${`%${statement}%`}`;
    expect(waiting.length).toBeGreaterThan(0);
  }, patience);

const onTarget = (key: Key | undefined) =>
  locking(world.databases.eu.url, (sql) => sql`select from audit_log where id = ${key?.id ?? ""} for update`);

/** Stops the worker at a place of a redaction of these events. @returns what lets go of it */
const places: Record<string, (keys: readonly Key[]) => Promise<() => Promise<void>>> = {
  "before the gate": async () => {
    const release = await locking(
      world.consoleUrl,
      (sql) => sql`select pg_advisory_xact_lock(${consoleLocks.holds})`,
    );
    await stopped(world.sql, "pg_advisory_xact_lock_shared");
    return release;
  },
  "inside its first batch": async (keys) => {
    const release = await onTarget(keys[20]);
    await stopped(world.databases.eu.sql, "engine.redact_events");
    return release;
  },
  "inside its second batch": async (keys) => {
    const release = await onTarget(keys.at(-1));
    await stopped(world.databases.eu.sql, "engine.redact_events");
    return release;
  },
  "after the target's commit, before the ledger's entry": async () => {
    const release = await locking(
      world.consoleUrl,
      (sql) => sql`select pg_advisory_xact_lock(${consoleLocks.redactions})`,
    );
    await stopped(world.sql, "pg_advisory_xact_lock(");
    return release;
  },
  "after the entry, before it is told": async () => {
    const gate = await places["before the gate"]?.([]);
    const release = await locking(
      world.consoleUrl,
      (sql) => sql`select from effect where state = 'intended' for update`,
    );
    await gate?.();
    await stopped(world.sql, 'update "effect"');
    return release;
  },
};

test("a redaction whose worker is killed anywhere comes to the same end", async () => {
  const all: Key[] = [];
  for (const [place, stop] of Object.entries(places)) {
    const keys: Key[] = [];
    for (let nth = 0; nth < 60; nth++)
      keys.push(
        await world.append("eu", "of a redaction", "standard", 20 + nth / 100, {
          details: { note: `call ${address}` },
          outcome: "sent",
        }),
      );
    all.push(...keys);
    // What is locked must be so before a worker sees the job.
    const stopping = stop(keys);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await world.agreed(adminActions.redactValues, {
      target: "eu",
      events: keys,
      fields: ["details"],
      reason: `killed ${place}`,
    });
    const [worker, release] = await Promise.all([startWorker(), stopping]);
    await kill(worker);
    await release();
  }
  const worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [redactJob],
    openConfiguredTarget,
  );
  try {
    await vi.waitFor(
      async () => {
        const open = await world.sql`select from job where state in ('waiting', 'running')`;
        expect(open).toHaveLength(0);
      },
      { timeout: 150_000, interval: 200 },
    );
  } finally {
    await worker.stop();
  }
  const jobs = await world.sql`
    select state, error, (result -> 'rows' ->> 'redacted')::int + (result -> 'rows' ->> 'already')::int as rows,
           jsonb_array_length(result -> 'entries') as entries
    from job where name = 'privacy.redact'`;
  expect(jobs.map(({ entries: _, ...job }) => job)).toEqual(
    Object.keys(places).map(() => ({ state: "done", error: null, rows: 60 })),
  );
  const [left] = await world.databases.eu.sql`
    select count(*)::int as n from audit_log where details::text like ${`%${address}%`}`;
  expect(left?.n).toBe(0);
  // Each event stands in the ledger once, whoever wrote it.
  const entries = await world.sql`select facts ->> 'id' as id from privacy_ledger where kind = 'redaction'`;
  expect(entries.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  expect(await world.sql`select state from effect where state in ('intended', 'unknown')`).toEqual([]);
  const [told] = await world.sql`
    select count(*)::int as n from activity where action = 'privacy.redact' and outcome = 'success'`;
  // Two batches of each.
  expect(told?.n).toBe(2 * Object.keys(places).length);
}, 400_000);
