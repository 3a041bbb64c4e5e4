import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { consoleLocks } from "../../db/locks.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import {
  killWhere,
  locking,
  patience,
  type Release,
  stopped,
  workToTheEnd,
} from "../../testing/stopped-worker.ts";
import { redactJob } from "./redact-job.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const address = "ada.lovelace@example.test";
type Key = { id: string; occurredAt: string };

const onTarget = (key: Key | undefined) =>
  locking(world.databases.eu.url, (sql) => sql`select from audit_log where id = ${key?.id ?? ""} for update`);

/** How many sessions hold something, and do nothing. */
const locked = async () => {
  const found = await Promise.all(
    [world.sql, world.databases.eu.sql].map(
      (sql) => sql`
        select from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction' and query not ilike 'begin%'`,
    ),
  );
  return found.flat().length;
};

/** Stops the worker at a place of a redaction of these events. @returns what lets go of it */
const places: Record<string, (keys: readonly Key[]) => Promise<Release>> = {
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
    await vi.waitFor(async () => expect(await locked()).toBeGreaterThan(0), patience);
    await world.agreed(adminActions.redactValues, {
      target: "eu",
      events: keys,
      fields: ["details"],
      reason: `killed ${place}`,
    });
    await killWhere(world, "erase-until-killed.ts", stopping);
  }
  await workToTheEnd(world, [redactJob]);
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
