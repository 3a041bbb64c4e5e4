import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { consoleLocks } from "../../db/locks.ts";
import { testRequestJobs } from "../../testing/request-jobs.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";
import { killWhere, patience, type Release, stopsIn, workToTheEnd } from "../../testing/stopped-worker.ts";

let world: RequestWorld;
beforeAll(async () => {
  world = await startRequestWorld(18, { worker: false });
});
afterAll(() => world?.close());

type Place = { request: string; token: string; event: string };

const { locking, stopped } = stopsIn(() => world);
const stateOf = async (token: string) =>
  (await world.sql`select state from erasure where token = ${token}`)[0]?.state;
const gate = () => locking((sql) => sql`select pg_advisory_xact_lock(${consoleLocks.holds})`);
const table = (name: string) =>
  locking((sql) => sql.unsafe(`lock table ${name} in share row exclusive mode`));

/** Takes a second lock while a first holds the worker up, so that it is stopped at the second for certain. */
async function beyond(
  first: Release,
  statement: string,
  second: () => Promise<Release>,
  sql?: RequestWorld["sql"],
) {
  await stopped(statement, sql);
  const release = await second();
  await first();
  return release;
}

/** Stops the worker at a place. @returns what lets go of it */
const places: Record<string, (of: Place) => Promise<Release>> = {
  "before anything is asked for": async () => {
    const release = await table("erasure");
    await stopped('insert into "erasure"');
    return release;
  },
  "before it is marked": async ({ token }) => {
    const release = await locking(
      (sql) => sql`select from vault.subject_key where token = ${token} for update`,
    );
    await stopped("update vault.subject_key");
    return release;
  },
  "waiting for the key's time": async ({ token }) => {
    await vi.waitFor(async () => expect(await stateOf(token)).toBe("marked"), patience);
    return async () => {};
  },
  "before the gate": async () => {
    const release = await gate();
    await stopped("pg_advisory_xact_lock_shared");
    return release;
  },
  "before the request is told in the gate": async ({ token }) => {
    const release = await beyond(await gate(), "pg_advisory_xact_lock_shared", () =>
      table("privacy_request_event"),
    );
    await stopped('insert into "privacy_request_event"');
    expect(await stateOf(token)).toBe("marked");
    expect(await world.sql`select from privacy_ledger where facts ->> 'token' = ${token}`).toEqual([]);
    return release;
  },
  "before the activity log is told in the gate": async ({ token }) => {
    const release = await beyond(await gate(), "pg_advisory_xact_lock_shared", () => table("activity"));
    await stopped('insert into "activity"');
    expect(await stateOf(token)).toBe("marked");
    return release;
  },
  "while values are taken out": async ({ event, token }) => {
    const { sql, url } = world.databases.eu;
    const release = await locking((own) => own`select from audit_log where id = ${event} for update`, url);
    await stopped("audit_log", sql);
    expect(await stateOf(token)).toBe("destroyed");
    return release;
  },
  "after values are taken out, before the ledger says so": async ({ event }) => {
    const { sql, url } = world.databases.eu;
    const row = await locking((own) => own`select from audit_log where id = ${event} for update`, url);
    const release = await beyond(row, "audit_log", () => table("privacy_ledger"), sql);
    await stopped("lock table privacy_ledger");
    return release;
  },
  "before it is settled": async ({ request }) => {
    const release = await locking(
      (sql) => sql`select from privacy_request where id = ${request} for no key update`,
    );
    await stopped("for update");
    return release;
  },
};

test("a worker that is killed at any step is followed by one that comes to the same end", async () => {
  const numbers: number[] = [];
  for (const [place, stop] of Object.entries(places)) {
    const person = `killed ${place}`;
    const event = await world.append("eu", person, "minimal", 200, { details: { note: `of ${person}` } });
    const [key] =
      await world.sql`select token from vault.subject_key where state = 'active' order by created_at desc limit 1`;
    const clear = [{ ...event, policy: "minimal", fields: ["details"] }];
    const { id, number } = await world.decided(person, { "eu minimal": "grant" }, { eu: clear });
    numbers.push(number);
    await world.succeed(adminActions.executeRequest, { request: number });
    const stopping = stop({ request: id, token: key?.token, event: event.id });
    await killWhere(world, "carry-out-until-killed.ts", stopping);
  }
  await workToTheEnd(world, testRequestJobs);
  expect(await world.sql`select distinct state, error from job where name like 'privacy.%'`).toEqual([
    { state: "done", error: null },
  ]);
  for (const number of numbers) {
    expect([number, (await world.rowOf(number)).state]).toEqual([number, "responding"]);
    const lines = await world.timeline(number);
    const told = lines.map(({ kind, to, facts }) => to ?? `${kind} ${facts.step}`);
    expect(told.slice(-6)).toEqual([
      "executing",
      "erasure asked",
      "erasure destroyed",
      "redaction redacted",
      "verifying",
      "responding",
    ]);
  }
  const entries = await world.sql`
    select kind, count(*)::int as entries, count(distinct coalesce(facts ->> 'id', facts ->> 'token'))::int as distinct
    from privacy_ledger group by 1 order by 1`;
  const each = { entries: numbers.length, distinct: numbers.length };
  expect(entries).toEqual([
    { kind: "erasure", ...each },
    { kind: "redaction", ...each },
  ]);
  expect(await world.sql`select distinct state, subject from vault.subject_key`).toEqual([
    { state: "erased", subject: null },
  ]);
  expect(await world.sql`select state from effect where state in ('intended', 'unknown')`).toEqual([]);
  expect(await world.databases.eu.sql`select from audit_log where details::text like '%killed%'`).toEqual([]);
}, 400_000);
