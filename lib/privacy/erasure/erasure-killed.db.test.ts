import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { consoleLocks } from "../../db/locks.ts";
import { testKeyTtlMs } from "../../testing/key-ttl.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { killWhere, patience, type Release, stopsIn, workToTheEnd } from "../../testing/stopped-worker.ts";
import { createEraseJob } from "./erase-job.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const { locking, stopped } = stopsIn(() => world);
const erasureOf = async (token: string) =>
  (await world.sql`select state, version from erasure where token = ${token}`)[0];

/** Stops the worker at a place. @returns what lets go of it */
const places: Record<string, (token: string) => Promise<Release>> = {
  "before it is marked": async (token) => {
    const release = await locking((sql) => sql`select from erasure where token = ${token} for update`);
    await stopped('update "erasure"');
    return release;
  },
  "waiting for the key's time": async (token) => {
    await vi.waitFor(async () => expect((await erasureOf(token))?.state).toBe("marked"), patience);
    return async () => {};
  },
  "before the gate": async () => {
    const release = await locking((sql) => sql`select pg_advisory_xact_lock(${consoleLocks.holds})`);
    await stopped("pg_advisory_xact_lock_shared");
    return release;
  },
  "inside the gate": async (token) => {
    const atGate = await places["before the gate"]?.(token);
    const release = await locking(
      (sql) => sql`select from vault.subject_key where token = ${token} for update`,
    );
    await atGate?.();
    await stopped("from vault.subject_key where token");
    return release;
  },
  "inside the gate, before the key": async (token) => {
    const atGate = await places["before the gate"]?.(token);
    const release = await locking((sql) => sql`select from erasure where token = ${token} for update`);
    await atGate?.();
    await stopped("from erasure");
    return release;
  },
  "before the commit": async (token) => {
    const atGate = await places["before the gate"]?.(token);
    const release = await locking((sql) => sql`lock table activity in share mode`);
    await atGate?.();
    await stopped('insert into "activity"');
    return release;
  },
  "after the commit, before the job's end": async (token) => {
    const atGate = await places["before the gate"]?.(token);
    const [job] = await world.sql`select id from job where state = 'running'`;
    const release = await locking((sql) => sql`select from job where id = ${job?.id} for update`);
    await atGate?.();
    await vi.waitFor(async () => expect((await erasureOf(token))?.state).toBe("destroyed"), patience);
    return release;
  },
};

test("a worker that is killed at any step is followed by one that comes to the same end", async () => {
  const tokens: string[] = [];
  const events = new Map<string, { id: string; occurredAt: string }>();
  for (const [place, stop] of Object.entries(places)) {
    const person = `killed ${place}`;
    events.set(place, await world.append("eu", person, "minimal", 200));
    const key = { person, target: "eu" as const, policy: "minimal", reason: "the person asked for it" };
    const [row] =
      await world.sql`select token from vault.subject_key where state = 'active' order by created_at desc limit 1`;
    tokens.push(row?.token);
    // The row must be there to be locked before the worker sees it.
    await world.agreed(adminActions.erasePolicy, key);
    await killWhere(world, "erase-until-killed.ts", stop(row?.token));
  }
  await workToTheEnd(world, [createEraseJob({ keyTtlMs: testKeyTtlMs })]);
  expect(await world.sql`select state, error from job where name = 'privacy.erase'`).toEqual(
    tokens.map(() => ({ state: "done", error: null })),
  );
  for (const token of tokens) {
    expect(await erasureOf(token)).toMatchObject({ state: "destroyed" });
    const entries = await world.sql`select from privacy_ledger where facts ->> 'token' = ${token}`;
    expect(entries).toHaveLength(1);
    const told = await world.sql`
      select outcome from activity where action = 'privacy.destroy_key' and object_id = ${token} and outcome = 'success'`;
    expect(told).toHaveLength(1);
  }
  const keys = await world.sql`select distinct state, subject, wrapped_key from vault.subject_key`;
  expect(keys).toEqual([{ state: "erased", subject: null, wrapped_key: null }]);
  for (const event of events.values()) expect(await world.reveal("eu", event)).toEqual({ state: "erased" });
}, 300_000);
