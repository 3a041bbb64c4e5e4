import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../accounts/create-token.ts";
import type { Actor } from "../../auth/actor.ts";
import { authenticateBearer } from "../../auth/tokens.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { openTestRequest } from "../../testing/requests.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";
import { momentInWords } from "../../words.ts";
import { lifeVerbs } from "../life/verbs.ts";
import { requireRequest } from "../read-request.ts";
import { scopeJob } from "../scope/scope-job.ts";
import { scopeRequest } from "../scope/scope-request.ts";
import { viewRequestPerson } from "../view-request-person.ts";
import { decideRequest } from "./decide-request.ts";

let world: PrivacyWorld;
let worker: ReturnType<typeof startTestJobs>;
let third: Actor;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
  const { console, consoleUrl: url } = world;
  worker = startTestJobs({ console, url }, [scopeJob], openConfiguredTarget);
  third = await addActor(console, "privacy_officer");
});
afterAll(async () => {
  await worker?.stop();
  await world?.close();
});

/** A request of somebody with events under two policies on eu, counted. */
async function counted(person: string): Promise<number> {
  await world.append("eu", person, "minimal", 40);
  await world.append("eu", person, "phi", 20);
  const { number } = await openTestRequest(world, { kind: "erasure", person, more: { targets: ["eu"] } });
  await world.succeed(lifeVerbs.recordIdentity, {
    request: number,
    method: "signed_in",
    result: "confirmed",
  });
  await count(number);
  return number;
}

async function count(request: number): Promise<void> {
  await world.succeed(scopeRequest, { request, thorough: false });
  await world.settled();
  expect((await requireRequest(world.console.db, request)).state).toBe("decision_pending");
}

const grant = (policy: string) => ({ target: "eu", policy, decision: "grant" as const });
const refuse = (policy: string, ground = "eu_17_3_b") => ({
  ...{ target: "eu", policy, decision: "refuse" as const, ground },
});
const errorOf = async (input: object, actor = world.second) => {
  const result = await world.run(decideRequest, input, actor);
  return result.ok ? "ok" : { code: result.error.code, message: result.error.message };
};

test("some parts granted, some refused with their ground, by somebody else than opened it", async () => {
  const request = await counted("person-of-parts");
  const parts = [grant("minimal"), refuse("phi")];
  expect(await errorOf({ request, parts }, world.officer)).toEqual({
    code: "CONFLICT",
    message: expect.stringContaining("Whoever opened it does not decide it"),
  });
  expect(await errorOf({ request, parts: [grant("minimal")] })).toMatchObject({ code: "BAD_INPUT" });
  expect(await errorOf({ request, parts }, world.viewer)).toMatchObject({ code: "FORBIDDEN" });
  const answer = await world.succeed(
    decideRequest,
    { request, parts, note: "because of Rosa" },
    world.second,
  );
  expect(answer).toMatchObject({ number: request, state: "partly_refused", granted: 1, refused: 1 });
  const row = await requireRequest(world.console.db, request);
  expect(row).toMatchObject({
    decision: { ground: null, parts: [{ ...grant("minimal"), ground: null }, refuse("phi")] },
    decidedBy: world.second.id,
    decidedByName: world.second.email,
  });
  // What was typed stands sealed, and is shown to whoever looks on record.
  expect(await tablesHolding(world.sql, "because of Rosa")).toEqual([]);
  const { texts } = await world.succeed(viewRequestPerson, { request });
  expect(Object.values(texts)).toEqual(["because of Rosa"]);
  const [told] = await world.sql`
    select detail from activity where action = 'request.decide' and outcome = 'success'`;
  expect(told?.detail).toMatchObject({
    command: "refuse_partly",
    granted: 1,
    refused: 1,
    grounds: ["eu_17_3_b"],
  });
});

test("the table refuses whoever opened it as well", async () => {
  const { id, submittedBy } = await openTestRequest(world, { kind: "access", person: "person-of-the-table" });
  await expect(
    world.sql`update privacy_request set decided_by = ${submittedBy} where id = ${id}`,
  ).rejects.toThrow("privacy_request_second_person");
});

test("a token of whoever opened it is the same person", async () => {
  const admin = await addActor(world.console, "admin");
  const { secret } = (await world.succeed(createToken, { name: "t", scopes: ["admin"] }, admin)) as {
    secret: string;
  };
  const token = await authenticateBearer(world.console.db, `Bearer ${secret}`);
  const { number: request } = await openTestRequest(world, { kind: "access", person: "p", actor: token });
  for (const actor of [token, admin])
    expect(await errorOf({ request, ground: "eu_11_2" }, actor)).toEqual({
      code: "CONFLICT",
      message: expect.stringContaining("Whoever opened it does not decide it"),
    });
  expect(await errorOf({ request, ground: "eu_11_2" })).toBe("ok");
});

test("a scope that new events have overtaken decides nothing until it is counted again", async () => {
  const request = await counted("person-of-more");
  await world.append("eu", "person-of-more", "minimal", 1);
  const parts = [grant("minimal"), grant("phi")];
  expect(await errorOf({ request, parts })).toEqual({
    code: "CONFLICT",
    message: expect.stringContaining("is not of what there is now"),
  });
  await count(request);
  expect(await errorOf({ request, parts })).toBe("ok");
});

const parts = [grant("minimal"), grant("phi")];
test.each([
  ["two who approve", () => [{ parts }, { parts }], () => [world.second, third]],
  ["one who presses twice", () => [{ parts }, { parts }], () => [third, third]],
  [
    "one who approves and one who refuses",
    () => [{ parts }, { ground: "eu_11_2" }],
    () => [world.second, third],
  ],
])("of %s at the same moment one wins; the other is told who, and when", async (name, inputs, actors) => {
  const request = await counted(`person of ${name}`);
  const { version } = await requireRequest(world.console.db, request);
  const answers = await Promise.all(
    inputs().map((input, n) => world.run(decideRequest, { request, version, ...input }, actors()[n])),
  );
  const [won, ...more] = answers.flatMap((answer) => (answer.ok ? [answer.data] : []));
  const [lost] = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
  expect(more).toEqual([]);
  const { decidedByName, decidedAt, state } = await requireRequest(world.console.db, request);
  expect(won).toMatchObject({ state });
  expect(["approved", "refused"]).toContain(state);
  expect(lost).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining(
      `by ${decidedByName} on ${momentInWords(decidedAt?.toISOString() ?? "")} UTC`,
    ),
  });
  expect(
    await world.sql`select count(*)::int as n from privacy_request_event
    where to_state in ('approved', 'refused', 'partly_refused')
    and request_id = (select id from privacy_request where number = ${request})`,
  ).toEqual([{ n: 1 }]);
  // Later it is told as well.
  expect(await errorOf({ request, parts }, third)).toEqual({
    code: "CONFLICT",
    message: expect.stringContaining(`decided by ${decidedByName}`),
  });
});

test("the whole is refused before anything was counted, with a ground for a whole", async () => {
  const { number: request } = await openTestRequest(world, { kind: "access", person: "nobody-known" });
  expect(await errorOf({ request, parts: [] })).toMatchObject({ code: "CONFLICT" });
  expect(await errorOf({ request, ground: "eu_17_3_b" })).toMatchObject({ code: "BAD_INPUT" });
  expect(await errorOf({ request, ground: "eu_11_2" }, world.officer)).toMatchObject({ code: "CONFLICT" });
  expect(await errorOf({ request, ground: "eu_11_2" })).toBe("ok");
  expect(await requireRequest(world.console.db, request)).toMatchObject({
    state: "refused",
    decision: { ground: "eu_11_2", parts: [] },
  });
});
