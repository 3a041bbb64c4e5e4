import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { dayMs } from "../../testing/privacy-world.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";

const { placeHold, releaseHold } = adminActions;
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
    expect(row).toMatchObject({ state: "closed", clearDueAt: null });
    // What it says of the person was not to go before.
    expect(row.personalUntil?.getTime()).toBeGreaterThan(floorEnds);
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
