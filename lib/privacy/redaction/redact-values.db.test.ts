import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { connect } from "../../audit-db/connect.ts";
import type { CheckContext } from "../../check.ts";
import { getEvent } from "../../events/get-event.ts";
import { listRedactions } from "../../ledger/list-redactions.ts";
import { rowsChanged } from "../../partitions/check-rows-changed.ts";
import { beforeHoldGate } from "../../testing/before-hold-gate.ts";
import { goOnToTheEnd } from "../../testing/go-on.ts";
import { judge } from "../../testing/judge.ts";
import { dayMs, type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { kill, startProgram } from "../../testing/start-program.ts";
import { beginReleasedRedactions } from "./begin-released-redactions.ts";
import { valuesRedacted } from "./redact-effect.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld();
});
afterAll(() => world?.close());

const reason = "an address stood in the details";
const { redactValues, placeHold, releaseHold, restrictSubject, liftRestriction } = adminActions;
const address = "ada.lovelace@example.test";
const withAddress = () =>
  world.append("eu", "of a redaction", "standard", 20, {
    details: { note: `call ${address}` },
    correlationId: "c-1",
    outcome: "sent",
  });
const ask = (input: object) =>
  world.agreed(redactValues, { target: "eu", reason, fields: ["details"], ...input } as never);
const lastJob = async () =>
  (
    await world.sql`select state, result, error from job where name = 'privacy.redact' order by created_at desc limit 1`
  )[0];

test("a value goes, its row verifies, the record names the event alone, and what may hold it still is told", async () => {
  const event = await withAddress();
  const before = (await getEvent(world.audit.eu, event)).data;
  await ask({ events: [event], fields: ["details", "correlationId"], personal: ["actor"] });
  await world.settled();
  const { data } = await getEvent(world.audit.eu, event);
  expect(data).toMatchObject({ leaf: before.leaf, outcome: "sent", people: { actor: false } });
  expect(JSON.stringify(data)).not.toContain(address);
  expect(data.correlationId).toMatch(/^redacted:[0-9a-f]{64}$/);
  expect(data.check).not.toBe("differs");
  const [entry] = await world.sql`
    select kind, facts, receipt is not null as signed from privacy_ledger order by entry desc limit 1`;
  expect(entry).toMatchObject({
    kind: "redaction",
    signed: true,
    facts: {
      id: event.id,
      policy: "standard",
      leafVersion: 2,
      leaf: before.leaf,
      fields: {
        details: (data.details as { redacted: string }).redacted,
        correlationId: data.correlationId?.slice("redacted:".length),
      },
      personal: ["actor"],
    },
  });
  const job = await lastJob();
  expect(job).toMatchObject({
    state: "done",
    result: {
      rows: { redacted: 1, already: 0, leafDiffers: 0 },
      missing: 0,
      entries: [expect.any(Number)],
      vacuumed: [{ partition: expect.stringContaining("audit_log_standard_"), deadRows: 0 }],
      residue: expect.arrayContaining([
        expect.stringContaining("write-ahead log"),
        expect.stringContaining("ackups"),
      ]),
    },
  });
  for (const table of ["activity", "approval", "job", "job_log", "effect", "outbox", "privacy_ledger"]) {
    const [row] = await world.sql.unsafe(
      `select count(*)::int as n from ${table} as one where row_to_json(one)::text like '%${address}%'`,
    );
    expect([table, row?.n]).toEqual([table, 0]);
  }
  // Asked again nothing is written a second time.
  const entries = async () => (await world.sql`select entry from privacy_ledger`).length;
  const told = await entries();
  await ask({ events: [event], fields: ["details", "correlationId"], personal: ["actor"] });
  await world.settled();
  expect(await entries()).toBe(told);
  expect((await lastJob())?.result).toMatchObject({ rows: { redacted: 0, already: 1 } });
});

test("what the target committed and the ledger did not hear of is written by the next attempt", async () => {
  const event = await withAddress();
  const { redactEvents } = await import("../../audit-db/redaction/redact-events.ts");
  await redactEvents(world.audit.eu, [{ ...event, fields: ["details"] }]);
  await ask({ events: [event] });
  await world.settled();
  const [entry] = await world.sql`select facts from privacy_ledger order by entry desc limit 1`;
  expect(entry?.facts).toMatchObject({
    id: event.id,
    fields: { details: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

test("while somebody is about to commit nobody can tell whether it happened, and what is refused last takes all back", async () => {
  const event = await withAddress();
  const { redactEvents } = await import("../../audit-db/redaction/redact-events.ts");
  const [changed, refuse] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const redacting = redactEvents(world.audit.eu, [{ ...event, fields: ["details"] }], {
    async beforeCommit() {
      changed.resolve();
      await refuse.promise;
    },
  });
  redacting.catch(() => {});
  await changed.promise;
  // Another process: this one's connection is at work.
  const urls = {
    watch: await world.databases.eu.login(["pg_monitor", "audit_reader"]),
    privacy: await world.databases.eu.login(["audit_privacy"]),
  };
  const audit = connect({ target: "eu", urls, logger: { debug() {}, info() {}, warn() {}, error() {} } });
  const look = () =>
    valuesRedacted.look(
      { console: world.console, audit, intendedAt: new Date(), now: new Date() },
      {
        ...{ target: "eu", events: [event], fields: ["details"], personal: [] },
        places: [{ policy: "standard", tokens: [] }],
      },
    );
  const during = await look().catch((thrown: Error) => thrown.message);
  refuse.reject(new Error("settled by somebody else"));
  await expect(redacting).rejects.toThrow();
  expect(during).toContain("lock");
  expect(await look()).toBe("not done");
  await audit.close();
  expect(JSON.stringify((await getEvent(world.audit.eu, event)).data.details)).toContain(address);
});

test("what was taken out on record is no tampering, and what was changed beside it is", async () => {
  const event = await world.append("us", "of no tampering", "standard", 20, { outcome: "sent" });
  const changed = async (redactions?: CheckContext["redactions"]) =>
    (await judge(rowsChanged, world.audit.us, redactions ? { redactions } : {})).objects.map(
      ({ state, value }) => [state, value],
    );
  const recorded = () => listRedactions(world.sql, "us");
  expect(await changed(recorded)).toEqual([]);
  await world.agreed(redactValues, { target: "us", reason, events: [event], fields: ["outcome"] } as never);
  await world.settled();
  const { sql } = world.databases.us;
  // A session tells what it changed when it ends; one that is idle up to ten seconds later.
  const endSessions = () => sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and state = 'idle'`;
  await endSessions();
  await vi.waitFor(async () => expect(await changed()).toEqual([["critical", 1]]), { timeout: 30_000 });
  expect(await changed(recorded)).toEqual([]);
  const [row] = await sql`select tableoid::regclass::text as leaf from audit_log where id = ${event.id}`;
  const other = postgres(world.databases.us.url, { max: 1, onnotice: () => {} });
  await other.unsafe(`
    alter table ${row?.leaf} disable trigger all;
    update ${row?.leaf} set action = 'changed' where id = '${event.id}';
    alter table ${row?.leaf} enable trigger all`);
  await other.end();
  await vi.waitFor(async () => expect(await changed(recorded)).toEqual([["critical", 1]]), {
    timeout: 30_000,
  });
});

/** Waits until the newest redaction waits for a hold. @returns what holds it */
const heldBy = () =>
  vi.waitFor(
    async () => {
      const [job] = await world.sql`
        select state, checkpoint -> 'heldBy' as "heldBy", run_after > now() + interval '23 hours' as later
        from job where name = 'privacy.redact' order by created_at desc limit 1`;
      expect(job).toMatchObject({ state: "waiting", later: true });
      return job?.heldBy as string[];
    },
    { timeout: 20_000 },
  );
const detailsOf = async (event: { id: string; occurredAt: string }) =>
  JSON.stringify((await getEvent(world.audit.eu, event)).data.details);

test("a hold keeps a value, whoever stands in the event; released, the redaction goes on by itself", async () => {
  const event = await withAddress();
  const hold = (await world.succeed(placeHold, {
    name: "Case 8",
    reason: "court order of June",
    scope: { targets: ["eu"], organizations: ["o"] },
  })) as { id: string; number: number; version: number };
  await ask({ events: [event] });
  expect(await heldBy()).toEqual([hold.id]);
  expect(await detailsOf(event)).toContain(address);
  const [line] = await world.sql`select message from job_log order by seq desc limit 1`;
  expect(line?.message).toBe(
    `Nothing was destroyed: it is held by legal hold #${hold.number} Case 8. It goes on by itself once that ends.`,
  );
  // It holds up nobody else's, is looked at again in vain, and leaves no failure on record.
  const other = await world.append("eu", "of another", "standard", 20, {
    organizationId: "p",
    details: { note: address },
  });
  await ask({ events: [other] });
  await vi.waitFor(async () => expect(await detailsOf(other)).not.toContain(address), { timeout: 20_000 });
  expect(await beginReleasedRedactions(world.console)).toBe(0);
  const failed = await world.sql`select from activity where action = 'privacy.redact' and outcome = 'failed'`;
  expect(failed).toHaveLength(0);
  await world.succeed(
    releaseHold,
    { hold: hold.number, version: hold.version, reason: "the case is closed" },
    world.second,
  );
  expect(await beginReleasedRedactions(world.console)).toBe(1);
  await world.settled();
  expect(await detailsOf(event)).not.toContain(address);
});

test("an event that comes once its place was asked is not touched, and is redacted by the next attempt", async () => {
  const person = "come in between";
  const at = Date.now() - 20 * dayMs;
  const event = { id: uuidV7(at), occurredAt: new Date(at).toISOString() };
  const append = () =>
    world.audit.eu.append([
      {
        ...{ ...event, organizationId: "o", action: "record.viewed", status: "success" },
        ...{ retentionPolicy: "standard", dataClassification: "INTERNAL", actor: { id: person } },
        details: { note: address },
      },
    ]);
  await beforeHoldGate(world, append, () => ask({ events: [event] }));
  const job = await vi.waitFor(
    async () => {
      const [one] = await world.sql`
        select id::text, failures from job where name = 'privacy.redact' order by created_at desc limit 1`;
      expect(one).toMatchObject({ failures: 1 });
      return one?.id as string;
    },
    { timeout: 30_000, interval: 20 },
  );
  await goOnToTheEnd(world.console, job);
  expect(await lastJob()).toMatchObject({ state: "done", result: { rows: { redacted: 1 }, missing: 0 } });
  expect(await detailsOf(event)).not.toContain(address);
});

test("a restriction of somebody in the event keeps its values until it is lifted, and a worker's duty lets them go", {
  timeout: 120_000,
}, async () => {
  const person = "restricted and redacted";
  const event = await world.append("eu", person, "standard", 20, { details: { note: address } });
  await world.succeed(restrictSubject, { person, ground: "needed_for_claims", reason });
  await ask({ events: [event] });
  expect(await heldBy()).toEqual(["restriction"]);
  expect(await beginReleasedRedactions(world.console)).toBe(0);
  await world.succeed(liftRestriction, { person, reason });
  expect(await detailsOf(event)).toContain(address);
  const worker = startProgram("lib/worker.ts", {
    PATH: process.env.PATH ?? "",
    ...world.environment,
    LOG_LEVEL: "error",
  });
  try {
    await vi.waitFor(async () => expect(await lastJob()).toMatchObject({ state: "done" }), {
      timeout: 90_000,
      interval: 100,
    });
  } finally {
    await kill(worker);
  }
  expect(await detailsOf(event)).not.toContain(address);
});

test("it is said which fields, and by a privacy officer", async () => {
  const event = await withAddress();
  const input = { target: "eu", reason, events: [event] };
  expect(await world.run(redactValues, input)).toMatchObject({ error: { code: "BAD_INPUT" } });
  expect(await world.run(redactValues, { ...input, fields: ["action"] })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await world.run(redactValues, { ...input, fields: ["details"] }, world.viewer)).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
});
