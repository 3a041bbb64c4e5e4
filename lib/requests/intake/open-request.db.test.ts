import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { getRequest } from "../get-request.ts";
import { countRequests, getRequests, type RequestsAsked } from "../get-requests.ts";
import { requireRequest } from "../read-request.ts";
import { destroyRequestKey } from "../sealed.ts";
import { listConsoleSteps } from "../search/list-console-steps.ts";
import { requestsVerbs } from "../verbs.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const { openRequest, importRequests, viewRequestPerson } = requestsVerbs;
const person = {
  identifiers: [
    { kind: "id" as const, value: "patient-4711-of-intake" },
    { kind: "email" as const, value: "Rosa.Findling@example.test" },
    { kind: "name" as const, value: "Rosa Findling" },
  ],
  name: "Rosa Findling",
  contact: "Rosa.Findling@example.test, Lane 7",
  letter: "Please tell me everything you know of Rosa Findling.",
};
const personal = ["4711-of-intake", "Findling", "findling", "Lane 7", "Please tell me"];
async function expectSealed() {
  for (const text of personal) expect([text, await tablesHolding(world.sql, text)]).toEqual([text, []]);
}
const list = (asked: Partial<RequestsAsked> = {}) =>
  getRequests(world.console.db, { state: "open", overdue: false, limit: 100, ...asked }, new Date());
const open = (kind: "access" | "erasure" | "portability", value: string, more: object = {}) =>
  world.succeed(openRequest, { kind, person: { identifiers: [{ kind: "email", value }] }, ...more });

test("who asks is sealed before anything is kept, and stands in no table but so; each look is on record", async () => {
  const answer = await world.succeed(openRequest, {
    kind: "access",
    person,
    organizations: ["acme", "acme"],
    targets: ["eu"],
    receivedAt: "2026-11-02T10:00:00Z",
    reference: "T-1",
  });
  expect(answer).toEqual({ id: expect.any(String), number: 1, duplicates: [], earlier: null });
  await expectSealed();
  expect(await list()).toMatchObject([
    {
      ...{
        number: 1,
        kind: "access",
        regime: "eu",
        state: "received",
        organizations: ["acme"],
        targets: ["eu"],
      },
      ...{ receivedAt: "2026-11-02T10:00:00.000Z", reference: "T-1", channel: "form", dueOn: "2026-12-02" },
      ...{ submittedBy: world.officer.email, timeZone: "UTC" },
    },
  ]);
  const request = await getRequest(world.console.db, 1, new Date());
  expect(request).toMatchObject({
    personKept: true,
    timeline: [{ kind: "received", by: world.officer.email }],
  });
  // An id may have these digits by chance.
  expect(JSON.stringify(request).replace(/[\da-f-]{36}/g, "")).not.toMatch(/4711|findling|Lane 7/i);
  expect((await world.succeed(viewRequestPerson, { request: 1 })).person).toEqual(person);
  const [look] = await world.sql`
    select object_type, object_id, outcome, detail from activity where action = 'request.view_person'`;
  expect(look).toEqual({ object_type: "request", object_id: "1", outcome: "success", detail: {} });
  await expectSealed();
});

test("what cannot be is refused with its field, and leaves nothing behind", async () => {
  const before = await world.sql`select count(*)::int as n from vault.secret`;
  const fieldsOf = async (more: object) => {
    const result = await world.run(openRequest, { kind: "access", person, ...more });
    return result.ok ? "ok" : [result.error.code, Object.keys(result.error.fields ?? {})];
  };
  const soon = new Date(Date.now() + 60_000).toISOString();
  expect(await fieldsOf({ receivedAt: soon })).toEqual(["BAD_INPUT", ["receivedAt"]]);
  expect(await fieldsOf({ receivedAt: "2006-01-01T00:00:00Z" })).toEqual(["BAD_INPUT", ["receivedAt"]]);
  expect(await fieldsOf({ targets: ["eu", "mars"] })).toEqual(["BAD_INPUT", ["targets"]]);
  expect(await fieldsOf({ person: { identifiers: [] } })).toEqual(["BAD_INPUT", ["person.identifiers"]]);
  expect(await fieldsOf({ kind: "objection" })).toEqual(["BAD_INPUT", ["kind"]]);
  expect(await fieldsOf({ channel: "webhook" })).toEqual(["BAD_INPUT", ["channel"]]);
  expect(await world.run(openRequest, { kind: "access", person }, world.viewer)).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
  expect(await world.sql`select count(*)::int as n from vault.secret`).toEqual(before);
  expect(await list()).toHaveLength(1);
  await expectSealed();
});

test("an open request of the same person and kind is told, however the identifier was typed; a name alone is nobody", async () => {
  const again = await open("access", "  ROSA.findling@EXAMPLE.test ");
  expect(again.duplicates).toEqual([1]);
  expect((await open("portability", "rosa.findling@example.test")).duplicates).toEqual([]);
  const byId = await openTestRequest(world, { kind: "access", person: "patient-4711-of-intake" });
  const opened = await getRequest(world.console.db, byId.number, new Date());
  expect(opened.timeline[0]?.facts).toMatchObject({ duplicates: [1] });
  const named = { identifiers: [{ kind: "name" as const, value: "Rosa Findling" }] };
  expect((await world.succeed(openRequest, { kind: "access", person: named })).duplicates).toEqual([]);
  await moveTestRequest(world, 1, "withdrawn");
  const third = await open("access", "rosa.findling@example.test");
  expect(third.duplicates).toEqual([again.number]);
});

test("two of one person at the same moment: the later sees the earlier", async () => {
  const [one, other] = await Promise.all([
    open("access", "twice@example.test"),
    open("access", "twice@example.test"),
  ]);
  const [first, second] = [one, other].sort((a, b) => a.number - b.number);
  expect([first?.duplicates, second?.duplicates]).toEqual([[], [first?.number]]);
});

test("an erasure of somebody erased answers with the earlier receipt, also where the vault knows them no more", async () => {
  const { number, id } = await openTestRequest(world, { kind: "erasure", person: "gone-for-good" });
  await moveTestRequest(world, number, "closed");
  expect((await openTestRequestAnswer("gone-for-good")).earlier).toBeNull();
  const erasureId = uuidV7();
  await world.sql`
    insert into erasure (id, token, target, policy, state, held_by, requested_by_name, requested_at, destroyed_at, entry)
    values (${erasureId}, 'p_gone', 'eu', 'minimal', 'destroyed', '[]', 'Ada', now(), now(), 41)`;
  await world.sql`insert into privacy_request_erasure (request_id, erasure_id) values (${id}, ${erasureId})`;
  await world.sql`
    insert into privacy_request_certificate (id, request_id, n, signed_at, kid, bundle, sha256)
    values (${uuidV7()}, ${id}, 1, now(), 'k', '{}', 'abc')`;
  const answer = await openTestRequestAnswer("gone-for-good");
  expect(answer.earlier).toEqual({
    request: number,
    closedAt: expect.any(String),
    receipts: [{ entry: 41, target: "eu", policy: "minimal" }],
    certificate: "abc",
  });
  // From its retention date on nothing leads from the person to it.
  await destroyRequestKey(world.console.db, id);
  expect((await openTestRequestAnswer("gone-for-good")).earlier).toBeNull();
});

const openTestRequestAnswer = (value: string) =>
  world.succeed(openRequest, { kind: "erasure", person: { identifiers: [{ kind: "id", value }] } });

test("a file comes in whole or not at all; a later line finds an earlier one of the same person", async () => {
  const before = (await list()).length;
  const wrong = "kind,email,targets\naccess,csv@example.test,\nerasure,csv@example.test,mars\n";
  const refused = await world.run(importRequests, { csv: wrong });
  expect(refused).toMatchObject({
    error: { code: "BAD_INPUT", fields: { "line 3": "targets: name no target of this console: mars" } },
  });
  expect(await list()).toHaveLength(before);
  const csv = `kind,email,letter,reference\naccess,csv@example.test,${person.letter},A\naccess,Csv@example.test,,B\n`;
  const { requests } = await world.succeed(importRequests, { csv });
  const [first, second] = requests;
  expect(requests).toMatchObject([
    { line: 2, duplicates: [] },
    { line: 3, duplicates: [first?.number] },
  ]);
  expect(await requireRequest(world.console.db, second?.number ?? 0)).toMatchObject({
    channel: "csv",
    reference: "B",
  });
  const [activity] =
    await world.sql`select detail from activity where action = 'request.import' and outcome = 'success'`;
  expect(activity).toEqual({ detail: { requests: 2, duplicates: 1 } });
  await expectSealed();
});

test("lists go on by number; counts tell no more than how many", async () => {
  const [newest, next] = await list({ limit: 2 });
  expect((await list({ limit: 1, before: newest?.number }))[0]).toEqual(next);
  const late = await open("access", "late@example.test", { receivedAt: "2026-01-05T10:00:00Z" });
  expect(await list({ overdue: true })).toMatchObject([
    { number: late.number, daysLeft: expect.any(Number) },
  ]);
  const counts = await countRequests(world.console.db, new Date());
  expect(counts).toMatchObject({
    overdue: 1,
    open: (await list()).length,
    states: { withdrawn: 1, closed: 1 },
  });
  // Answered late is not late any more, also before it is closed.
  await world.sql`update privacy_request set responded_at = now() where number = ${late.number}`;
  expect(await list({ overdue: true })).toEqual([]);
  expect((await list()).find(({ number }) => number === late.number)).toMatchObject({ daysLeft: null });
  expect(await countRequests(world.console.db, new Date())).toMatchObject({ overdue: 0 });
  expect((await list({ state: "withdrawn" })).map(({ number }) => number)).toEqual([1]);
});

test("each table that may hold a text is one that a scan looks through", async () => {
  const steps = await listConsoleSteps(world.console.sql);
  const looked = steps.map(({ schema, table }) => `${schema}.${table}`);
  for (const table of [
    ...["activity", "outbox", "delivery", "telling_thread", "alert", "incident", "incident_event"],
    ...["privacy_request", "privacy_request_event", "privacy_request_scope", "approval", "job", "job_log"],
  ])
    expect(looked).toContain(`public.${table}`);
});
