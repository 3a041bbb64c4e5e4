import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Check } from "../check.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { lookAt } from "../testing/look.ts";
import { requestDue, requestOverdue, requestUnacknowledged } from "./check-deadlines.ts";
import { requestScanFailed, requestStalled } from "./check-progress.ts";
import { listOpenRequests } from "./list-open-requests.ts";

const now = new Date();
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const minutes = (count: number) => new Date(now.getTime() - count * 60_000);

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let own: TestDatabase;
  beforeAll(async () => {
    own = await createDatabase({ template: "console", server });
  });
  afterAll(() => own?.drop());
  beforeEach(() => own.sql`truncate privacy_request cascade`);

  /** The same for all of a test: what was seen bad is seen gone on it. */
  const audit = { target: "eu", engine: {}, status: () => ({ state: "up" }) } as unknown as AuditDb;

  async function add(given: {
    state?: string;
    due?: Date | null;
    answered?: boolean;
    at?: Date;
    ended?: boolean;
    californian?: true;
    received?: Date;
  }) {
    const { state = "received", due = days(20), answered = false, at = minutes(5), ended = false } = given;
    const { californian = false, received = minutes(10_000) } = given;
    const [regime, country, region, zone] = californian
      ? ["california", "US", "CA", "America/Los_Angeles"]
      : ["eu", "DE", null, "Europe/Berlin"];
    const id = uuidV7();
    const [row] = await own.sql<{ number: number }[]>`
      insert into privacy_request (id, kind, regime, state, resumes_at, organizations, targets, country, region, time_zone,
        language, received_at, channel, submitted_by_name, submitted_at, due_at, responded_at, closed_at)
      values (${id}, 'access', ${regime}, ${state}, ${state === "failed" ? "executing" : null}, '[]', '[]', ${country}, ${region}, ${zone},
        'de', ${received}, 'form', 'ada', ${minutes(10_000)}, ${due}, ${answered ? now : null}, ${ended ? now : null})
      returning number::int`;
    await own.sql`
      insert into privacy_request_event (id, request_id, at, kind, actor_name, actor_role, facts)
      values (${uuidV7()}, ${id}, ${at}, 'moved', 'ada', 'privacy_officer', '{}')`;
    return { id, name: `#${row?.number}` };
  }

  async function judged(check: Check) {
    const [evaluation] = await lookAt([check], { audit, now, requests: () => listOpenRequests(own.sql) });
    return evaluation?.answer?.objects.map(({ object, state, words }) => [
      "name" in object ? object.name : object.kind,
      state,
      words.title,
    ]);
  }

  test("a request that is due soon is told, then gone once it is answered", async () => {
    const [far, soon, sooner] = [await add({}), await add({ due: days(6.9) }), await add({ due: days(1.5) })];
    await add({ due: null });
    await add({ due: days(-1) });
    expect(await judged(requestDue)).toEqual([
      [sooner.name, "critical", `Request ${sooner.name} is due in 36 h.`],
      [soon.name, "warning", `Request ${soon.name} is due in 6 d 21 h.`],
      [far.name, "ok", `Request ${far.name} is due in 20 d.`],
    ]);
    await own.sql`update privacy_request set responded_at = now() where due_at < ${days(7)}`;
    expect(await judged(requestDue)).toEqual([[far.name, "ok", expect.any(String)]]);
  });

  test("one whose last day is over is told at once, until it is answered or has ended", async () => {
    const [inTime, late] = [await add({ due: days(1) }), await add({ due: days(-2.5) })];
    await add({ due: days(-9), answered: true });
    await add({ due: days(-9), ended: true });
    expect(await judged(requestOverdue)).toEqual([
      [late.name, "critical", `Request ${late.name} is 3 days overdue.`],
      [inTime.name, "ok", `Request ${inTime.name} is in time.`],
    ]);
    await own.sql`update privacy_request set responded_at = now() where id = ${late.id}`;
    expect(await judged(requestOverdue)).toEqual([[inTime.name, "ok", expect.any(String)]]);
  });

  test("a Californian one whose receipt nobody acknowledged is told, and gone once it is", async () => {
    const fresh = await add({ californian: true, received: minutes(5) });
    const late = await add({ californian: true, received: days(-20) });
    // Answered, under a law that does not ask for it, or over.
    await add({ californian: true, received: days(-20), answered: true });
    await add({ californian: true, received: days(-20), ended: true });
    await add({ received: days(-20) });
    const seen = await judged(requestUnacknowledged);
    expect(seen?.toSorted()).toEqual(
      [
        [fresh.name, "ok", expect.stringContaining("is to be acknowledged within")],
        [late.name, "critical", expect.stringMatching(/should have been acknowledged \d+ d/)],
      ].toSorted(),
    );
    await own.sql`
      insert into privacy_request_event (id, request_id, at, kind, actor_name, actor_role, facts)
      values (${uuidV7()}, ${late.id}, now(), 'acknowledged', 'ada', 'privacy_officer', '{}')`;
    expect(await judged(requestUnacknowledged)).toEqual([[fresh.name, "ok", expect.any(String)]]);
  });

  test("one that its job does not get on with is told, and gone once it goes on", async () => {
    await add({ state: "decision_pending", at: minutes(600) });
    const [fresh, old, failed] = [
      await add({ state: "scoping" }),
      await add({ state: "executing", at: minutes(20) }),
      await add({ state: "failed", at: minutes(200) }),
    ];
    const states = async () =>
      Object.fromEntries((await judged(requestStalled))?.map(([n, s]) => [n, s]) ?? []);
    expect(await states()).toEqual({ [fresh.name]: "ok", [old.name]: "warning", [failed.name]: "critical" });
    expect((await judged(requestStalled))?.map(([, , title]) => title)).toContain(
      `Request ${failed.name} was stopped by an error 3 h 20 min ago.`,
    );
    // Its job tells progress: nothing need happen to the request itself.
    const job = uuidV7();
    await own.sql`
      insert into job (id, entry_id, name, serial_key, input, actor_kind, actor_name, state, progress_at)
      values (${job}, ${job}, 'privacy.carry_out', ${job}, '{}', 'system', 'test', 'running', ${minutes(1)})`;
    await own.sql`update privacy_request set job_id = ${job} where state = 'executing'`;
    await own.sql`update privacy_request set state = 'executing', resumes_at = null, job_id = ${job} where state = 'failed'`;
    expect(await states()).toEqual({ [fresh.name]: "ok", [old.name]: "ok", [failed.name]: "ok" });
  });

  test("one whose scan failed is told until one comes through", async () => {
    const request = await add({ state: "verifying" });
    await add({});
    const scan = (state: string, at: Date) =>
      own.sql`
        insert into privacy_request_scan (id, request_id, state, began_at, ended_at)
        values (${uuidV7()}, ${request.id}, ${state}, ${at}, ${at})`;
    expect(await judged(requestScanFailed)).toEqual([]);
    await scan("failed", minutes(50));
    expect(await judged(requestScanFailed)).toEqual([
      [request.name, "critical", `The scan of request ${request.name} failed.`],
    ]);
    await scan("done", minutes(40));
    expect((await judged(requestScanFailed))?.[0]).toEqual([request.name, "ok", expect.any(String)]);
  });
});
