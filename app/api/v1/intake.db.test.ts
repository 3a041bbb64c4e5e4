import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { adminActions } from "@/lib/admin";
import { intakeLimits } from "@/lib/api/intake/limit-intake";
import { requireRequest } from "@/lib/requests/read-request";
import { tablesHolding } from "@/lib/testing/find-text";
import { type PrivacyWorld, startPrivacyWorld } from "@/lib/testing/privacy-world";
import { POST } from "./privacy/intake/[source]/route";

let world: PrivacyWorld;
let key: string;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const saved = await save({
    name: "desk",
    defaults: { kind: "access", organizations: ["acme"], targets: ["eu"] },
  });
  key = saved.key ?? "";
});
afterAll(() => world?.close());
beforeEach(() => world.sql`delete from sign_in_guesses`);

const save = (input: object) => world.succeed(adminActions.saveIntakeSource, input as never);
const secretPerson = "carla.caller@example.test";
const message = (reference: string | undefined, more: object = {}) => ({
  type: "privacy.request",
  data: {
    ...(reference !== undefined && { reference }),
    person: { identifiers: [{ kind: "email", value: secretPerson }], letter: "Carla asks for her data." },
    ...more,
  },
});

interface Sent {
  id?: string;
  at?: Date;
  source?: string;
  by?: string;
  signed?: string;
  headers?: Record<string, string>;
}

async function send(body: unknown, sent: Sent = {}) {
  const { id = "msg_1", at = new Date(), source = "desk", by = key, headers = {} } = sent;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await POST(
    new Request(`http://console/api/v1/privacy/intake/${source}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
        "webhook-signature": new Webhook(by).sign(id, at, sent.signed ?? text),
        ...headers,
      },
      body: text,
    }),
    { params: Promise.resolve({ source }) },
  );
  const answer = await response.json();
  expect(JSON.stringify(answer)).not.toMatch(/carla/i);
  return { status: response.status, ...answer };
}
const requests = async () => (await world.sql`select count(*)::int as n from privacy_request`)[0]?.n;
const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

test("a signed message is a request of its source, with what the source sets; nobody submitted it", async () => {
  const answer = await send(message("T-1"));
  expect(answer).toEqual({ status: 201, data: { number: 1, repeated: false } });
  expect(await requireRequest(world.console.db, 1)).toMatchObject({
    ...{ kind: "access", organizations: ["acme"], targets: ["eu"], channel: "webhook", state: "received" },
    ...{ source: "desk", reference: "T-1", submittedBy: null, submittedByName: "source desk" },
  });
  const [activity] = await world.sql`
    select actor_kind, actor_name, object_id, outcome, detail from activity where action = 'request.open'`;
  expect(activity).toMatchObject({
    ...{ actor_kind: "system", actor_name: "source desk", object_id: "1", outcome: "success" },
    detail: { source: "desk", channel: "webhook" },
  });
});

test("the same ticket again, or the same message, answers the number that it has", async () => {
  expect(await send(message("T-1"), { id: "msg_2" })).toEqual({
    status: 200,
    data: { number: 1, repeated: true },
  });
  const first = await send(message(undefined), { id: "msg_without_ticket" });
  expect(first.status).toBe(201);
  expect(await send(message(undefined), { id: "msg_without_ticket" })).toEqual({
    status: 200,
    data: { number: first.data.number, repeated: true },
  });
  const before = await requests();
  const both = await Promise.all(
    Array.from({ length: 6 }, (_, n) => send(message("T-race"), { id: `race_${n % 2}` })),
  );
  expect(new Set(both.map(({ data }) => data.number)).size).toBe(1);
  expect(both.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(await requests()).toBe(before + 1);
});

test("what was not signed by this source, lately, is turned away alike and leaves nothing behind", async () => {
  const before = await requests();
  const long = new Date(Date.now() - 301_000);
  const turnedAway = [
    await send(message("T-2"), { by: other }),
    await send(message("T-2"), { source: "nobody" }),
    await send(message("T-2"), { source: "../desk" }),
    await send(message("T-2"), { at: long }),
    await send(message("T-2"), { at: new Date(Date.now() + 301_000) }),
    await send(message("T-2"), { signed: JSON.stringify(message("T-3")) }),
    await send(message("T-2"), { headers: { "webhook-id": "another" } }),
  ];
  const [first] = turnedAway;
  expect(first).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  for (const answer of turnedAway) expect(answer).toEqual(first);
  expect(await send(message("T-2"), { headers: { "webhook-signature": "" } })).toMatchObject({ status: 401 });
  expect(await requests()).toBe(before);
});

test("what it cannot be is said by its field, and never what stands there", async () => {
  expect(await send("no json Carla")).toMatchObject({ status: 400 });
  expect(await send(message("T-4", { kind: "carla" }))).toMatchObject({
    status: 400,
    errors: { kind: expect.any(String) },
  });
  expect(await send(message("T-4", { targets: ["carla"] }))).toMatchObject({
    status: 400,
    errors: { targets: "name no target of this console" },
  });
  expect(await send(message("T-4", { carla: 1 }))).toMatchObject({
    status: 400,
    errors: { data: "holds a key that is not known" },
    hint: expect.stringContaining("kind, regime"),
  });
  expect(await send(message("T-4", { person: { identifiers: [] } }))).toMatchObject({ status: 400 });
  const big = message("T-4", { person: { letter: "Carla ".repeat(15_000) } });
  expect(await send(big)).toMatchObject({ status: 413 });
});

test("a ticketing system whose clock is a little ahead loses nothing: such a request is received now", async () => {
  const ahead = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
  const began = Date.now();
  const soon = await send(message("T-soon", { receivedAt: ahead(240) }));
  expect(soon).toMatchObject({ status: 201 });
  const { receivedAt } = await requireRequest(world.console.db, soon.data.number);
  expect(receivedAt.getTime()).toBeGreaterThanOrEqual(began);
  expect(receivedAt.getTime()).toBeLessThanOrEqual(Date.now());
  expect(await send(message("T-later", { receivedAt: ahead(360) }))).toMatchObject({
    ...{ status: 400, errors: { receivedAt: expect.any(String) } },
  });
});

test("a key that is replaced signs for a day beside the new one; a source switched off or removed takes nothing", async () => {
  const renewed = (await save({ name: "desk", renewKey: true })).key ?? "";
  expect(renewed).not.toBe(key);
  expect((await save({ name: "desk" })).key).toBeNull();
  for (const by of [key, renewed]) expect((await send(message("T-1"), { by })).status).not.toBe(401);
  await save({ name: "desk", enabled: false });
  expect(await send(message("T-5"), { by: renewed })).toMatchObject({ status: 403, code: "FORBIDDEN" });
  // A stranger is told nothing of that.
  expect(await send(message("T-5"), { by: other })).toMatchObject({ status: 401 });
  expect(await tablesHolding(world.sql, renewed)).toEqual([]);
  await world.succeed(adminActions.removeIntakeSource, { name: "desk" });
  expect(await send(message("T-5"), { by: renewed })).toMatchObject({ status: 401 });
  expect(await world.sql`select from vault.secret where purpose = 'webhook_secret'`).toHaveLength(0);
  key = (await save({ name: "desk", defaults: { kind: "access" } })).key ?? "";
});

test("a system's own form is read by the source's map", async () => {
  const fields = {
    reference: "/ticket/id",
    kind: "/ticket/type",
    "identifier.email": "/ticket/from",
    letter: "/ticket/text",
  };
  const { key: own } = await save({
    name: "helpdesk",
    defaults: { fields, kinds: { "forget me": "erasure" } },
  });
  const ticket = { id: 88, type: "forget me", from: secretPerson, text: "Carla was here" };
  const { status, data } = await send({ ticket }, { source: "helpdesk", by: own ?? "" });
  expect(status).toBe(201);
  expect(await requireRequest(world.console.db, data.number)).toMatchObject({
    kind: "erasure",
    reference: "88",
  });
});

test("more within a minute than is taken is told when to come again: of an address, and of a source", async () => {
  const fill = (name: string, points: number) => world.sql`
    insert into sign_in_guesses (key, points, expire) values (${name}, ${points}, now() + interval '30 seconds')
    on conflict (key) do update set points = excluded.points, expire = excluded.expire`;
  await fill("intake-source:desk", intakeLimits["intake-source"]);
  const limited = await send(message("T-6"));
  expect(limited).toMatchObject({ status: 429, code: "RATE_LIMITED", retryable: true });
  await fill("intake-address:192.0.2.9", intakeLimits["intake-address"]);
  const headers = { "x-forwarded-for": "192.0.2.9" };
  expect(await send("anything", { by: other, headers })).toMatchObject({ status: 429 });
});

test("who asked stands in no table but sealed", async () => {
  for (const text of [secretPerson, "Carla", "carla"])
    expect([text, await tablesHolding(world.sql, text)]).toEqual([text, []]);
});
