import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlan } from "../partition-plan/make-plan.ts";
import { type ReplayWorld, startReplayWorld } from "../testing/replay-world.ts";
import { runJob } from "../testing/run-job.ts";
import { carryOutJob } from "./carry-out-job.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  /** A table that hung in the log when its event was redacted elsewhere, and its place is free again. */
  async function detachedWithValue() {
    const event = await world.add({ details: { mail: "someone@example.test" }, outcome: "o" });
    const [{ part = "" } = {}] = await world.log.sql`
      select tableoid::regclass::text as part from audit_log where id = ${event.id}`;
    await world.log.sql.unsafe(`
      create table older (like ${part} including all);
      insert into older select * from ${part};
      alter table older owner to audit_maintainer`);
    await world.redact(event);
    await world.log.sql.unsafe(`alter table audit_log_standard detach partition ${part}`);
    return event;
  }
  const request = {
    verb: "attach" as const,
    partition: { schema: "public", name: "older" },
    table: { schema: "public", name: "audit_log_standard" },
  };
  const lockTimeoutMs = 2_000;
  const attach = async (given: { can?: typeof world.audit.can } = {}) => {
    const audit = { ...world.audit, ...given };
    const { digest, steps } = await makePlan({ audit, now: new Date() }, request, lockTimeoutMs);
    expect(steps.length).toBeGreaterThan(0);
    return runJob(
      { test: world.own, console: world.console },
      carryOutJob,
      { target: "audit", request, digest, lockTimeoutMs },
      { audit },
    );
  };
  const isAttached = async () =>
    (await world.log.sql`select from pg_inherits where inhrelid = 'older'::regclass`).length === 1;

  test("the job of an attach takes redacted values out again before anybody reads them", async () => {
    const event = await detachedWithValue();
    expect(await world.search()).toEqual([]);
    const seen = new Set<string>();
    let going = true;
    const attaching = attach().finally(() => {
      going = false;
    });
    // Each as a process that begins.
    while (going) {
      const read = await world.withGate(world.search).then(
        (ids) => ids.join(),
        (thrown) => thrown.code,
      );
      const shown = read === event.id ? JSON.stringify((await world.stored(event.id))?.details) : "";
      seen.add(shown.includes("redacted") ? "redacted" : read);
      await pause(20);
    }
    const job = await attaching;
    expect(job).toMatchObject({ state: "done" });
    expect(await isAttached()).toBe(true);
    expect((await world.stored(event.id))?.details).toEqual({
      redacted: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const lines = await world.own
      .sql`select message from job_log where job_id = ${job.id as string} order by seq`;
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        "1 redaction will be replayed on public.older; nobody is shown events until then.",
        "1 redaction replayed.",
      ]),
    );
    // Before the attach there was nothing. A read may look past the moment in which it is refused: the log tells of that.
    for (const allowed of ["", "CONFLICT", "UNAVAILABLE", "redacted"]) seen.delete(allowed);
    expect([...seen]).toEqual([]);
    expect(await world.look()).toMatchObject({ state: "agrees" });
    expect(await world.withGate(world.search)).toEqual([event.id]);
  });

  test("without a privacy connection the job attaches nothing", async () => {
    await detachedWithValue();
    const job = await attach({ can: (purpose) => purpose !== "privacy" && world.audit.can(purpose) });
    expect(job).toMatchObject({
      state: "failed",
      error: { code: "CONFLICT", message: expect.stringContaining("no privacy connection") },
    });
    expect(await isAttached()).toBe(false);
  });
});
