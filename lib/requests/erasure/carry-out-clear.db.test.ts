import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { beforeHoldGate } from "../../testing/before-hold-gate.ts";
import { goOnUntil } from "../../testing/go-on.ts";
import { dayMs } from "../../testing/privacy-world.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";

const { executeRequest, placeHold, releaseHold } = adminActions;
const reason = "letter of the court";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: RequestWorld;
  beforeAll(async () => {
    world = await startRequestWorld(server);
  });
  afterAll(() => world?.close());

  test("identifiers in clear are redacted record by record; one that is held follows later", async () => {
    const person = "in clear fields";
    const details = { note: `called by ${person}` };
    const events = [];
    for (let nth = 0; nth < 3; nth++)
      events.push(await world.append("eu", person, "minimal", 200 - nth, { details }));
    const floored = await world.append("eu", person, "minimal", 1, { details });
    const [held] = events;
    const hold = await world.succeed(placeHold, {
      name: "one record",
      reason,
      scope: {
        targets: ["eu"],
        from: held?.occurredAt,
        to: new Date(Date.parse(held?.occurredAt ?? "") + 1).toISOString(),
      },
    });
    const clear = [...events, floored].map((event) => ({ ...event, policy: "minimal", fields: ["details"] }));
    const { number } = await world.decided(person, { "eu minimal": "grant" }, { eu: clear });
    await world.databases.eu.sql`create publication elsewhere for table audit_log`;
    // The key is held as well: a hold on one record keeps what opens it.
    await world.executed(number, "blocked_by_hold");
    const left = async () =>
      (
        await world.databases.eu.sql`
          select id from audit_log where details::text like ${`%${person}%`} order by occurred_at`
      ).map(({ id }) => id);
    expect(await left()).toEqual([held?.id, floored.id]);
    await world.succeed(
      releaseHold,
      { hold: hold.number, version: hold.version, reason: "the case is closed" },
      world.second,
    );
    await world.keep();
    expect(await left()).toEqual([floored.id]);
    expect((await world.rowOf(number)).state).toBe("responding");
    // Whoever began it may have a clock that is ahead of the worker's: what was taken out is certified all the same.
    await world.sql`update privacy_request set executed_at = executed_at + interval '1 hour' where number = ${number}`;
    await world.closed(number);
    const [certificate] = await world.certificates(number);
    expect(certificate).toMatchObject({
      problems: [],
      statement: {
        redacted: [{ target: "eu", events: 3 }],
        remains: [
          { what: "key", ground: "floor" },
          { what: "clear", ground: "floor", events: 1, until: expect.any(String) },
        ],
      },
    });
    // What may hold the values still, and until when, where the console cannot reach.
    const beyond = certificate?.statement?.notRemovable.map(({ where }) => where).join("\n");
    for (const said of [
      /^eu: The server's write-ahead log holds the values before \S+ until checkpoints/m,
      /^eu: Backups of before \S+ hold them until you delete those/m,
      /^eu: Subscribers of the publication elsewhere were sent the values/m,
    ])
      expect(beyond).toMatch(said);

    // The day before its floor ends nothing goes; then the key goes and the field with it, told by a supplement.
    const floorEnds = Date.parse(floored.occurredAt) + 90 * dayMs;
    await world.keep(new Date(floorEnds - dayMs));
    expect(await left()).toEqual([floored.id]);
    expect(await world.certificates(number)).toHaveLength(1);
    // It had waited for its target by then.
    await world.sql`
      update privacy_request set problem = 'not finished: eu is unreachable.' where number = ${number}`;
    await world.keep(new Date(floorEnds + 1_000));
    expect(await left()).toEqual([]);
    expect(await world.erasuresOf(number)).toEqual(["eu minimal destroyed"]);
    const [unchanged, ...supplements] = await world.certificates(number);
    expect(unchanged?.sha256).toBe(certificate?.sha256);
    const last = supplements.at(-1);
    expect(supplements.flatMap(({ problems }) => problems)).toEqual([]);
    expect(last?.statement).toMatchObject({ of: certificate?.sha256, remains: [] });
    expect(last?.statement?.redacted).toMatchObject([{ target: "eu", events: 4 }]);
    const row = await world.rowOf(number);
    expect(row).toMatchObject({ state: "closed", clearDueAt: null, problem: null });
    // What it says of the person was not to go before.
    expect(row.personalUntil?.getTime()).toBeGreaterThan(floorEnds);
  });

  test("an event that comes once its place was asked is not touched: the next attempt asks the hold that covers it", async () => {
    const person = "come in between";
    await world.append("us", person, "minimal", 1);
    const hold = await world.succeed(placeHold, { name: "the person's case", reason, person });
    const at = Date.now() - 200 * dayMs;
    const event = { id: uuidV7(at), occurredAt: new Date(at).toISOString() };
    const { number } = await world.decided(
      person,
      {},
      { us: [{ ...event, policy: "minimal", fields: ["details"] }] },
    );
    const append = () =>
      world.audit.us.append([
        {
          ...{ ...event, organizationId: "o", action: "record.viewed", status: "success" },
          ...{ retentionPolicy: "minimal", dataClassification: "PUBLIC", actor: { id: person } },
          details: { note: person },
        },
      ]);
    await beforeHoldGate(world, append, () => world.succeed(executeRequest, { request: number }));
    // Refused, and nothing of it done: the request says what it waits for, until it is tried again.
    const { id } = await world.rowOf(number);
    const job = await vi.waitFor(
      async () => {
        const [said] = await world.sql`
          select job_id::text as job from job_log join job on job.id = job_id
          where name = 'privacy.carry_out' and input ->> 'request' = ${id}
            and message like 'not finished: One of the events has only just come; nothing was done.%'`;
        expect(said).toBeDefined();
        return said?.job as string;
      },
      { timeout: 30_000, interval: 20 },
    );
    const clear = async () =>
      (await world.databases.us.sql`select from audit_log where details ->> 'note' = ${person}`).length;
    await goOnUntil(world.console, job, async () =>
      expect(await world.rowOf(number)).toMatchObject({ state: "responding", problem: null }),
    );
    expect(await clear()).toBe(1);
    const told = (await world.timeline(number)).find(({ to }) => to === "verifying");
    expect(told?.facts.remains).toMatchObject([{ what: "clear", ground: "hold", events: 1 }]);
    await world.succeed(
      releaseHold,
      { hold: hold.number, version: hold.version, reason: "the case is closed" },
      world.second,
    );
    // It is answered meanwhile: what is left is looked at once an hour.
    await world.keep(new Date(Date.now() + 3_700_000));
    expect(await clear()).toBe(0);
    const outcomes = await world.sql`
      select outcome, count(*)::int as n from activity
      where action = 'privacy.redact' and object_id = ${event.id} group by outcome order by outcome`;
    expect(outcomes).toEqual([
      { outcome: "failed", n: 1 },
      { outcome: "success", n: 1 },
    ]);
  });

  test.runIf(server === 18)("any number of events is redacted, by pages", async () => {
    const person = "in very many clear fields";
    const at = Date.now() - 200 * dayMs;
    const events = Array.from({ length: 1_200 }, (_, nth) => ({
      id: uuidV7(at + nth),
      occurredAt: new Date(at + nth).toISOString(),
    }));
    await world.audit.us.append(
      events.map((key, nth) => ({
        ...{ ...key, organizationId: "o", action: "record.viewed", status: "success" as const },
        ...{ retentionPolicy: "minimal", dataClassification: "PUBLIC" as const },
        ...(nth % 3 === 0 ? { outcome: `told ${person}` } : { details: { note: person } }),
      })),
    );
    const clear = events.map((key, nth) => ({
      ...{ ...key, policy: "minimal" },
      fields: [nth % 3 === 0 ? "outcome" : "details"],
    }));
    const { number, scopeId } = await world.decided(person, {}, { us: clear });
    await world.executed(number);
    const [left] = await world.databases.us.sql`
      select count(*)::int as n from audit_log where details::text like ${`%${person}%`} or outcome like ${`%${person}%`}`;
    expect(left?.n).toBe(0);
    const redacted = (await world.timeline(number)).find(({ kind }) => kind === "redaction");
    expect(redacted?.facts).toMatchObject({ target: "us", redacted: 1_200, already: 0, missing: 0 });
    const [settled] = await world.sql`
      select count(*) filter (where done_at is not null)::int as done, count(*)::int as all
      from privacy_request_clear where scope_id = ${scopeId}`;
    expect(settled).toEqual({ done: 1_200, all: 1_200 });
  });
});
