import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";

import { adminActions } from "../../admin.ts";
import { goOnToTheEnd } from "../../testing/go-on.ts";
import { type LossyProxy, startLossyProxy } from "../../testing/lossy-proxy.ts";
import { type RequestWorld, startRequestWorld } from "../../testing/request-world.ts";

const { executeRequest, placeHold, recordWithdrawal } = adminActions;
const rounds = [0, 1, 2];

let world: RequestWorld;
/** By which the one target is reached. */
let proxy: LossyProxy;
beforeAll(async () => {
  proxy = await startLossyProxy(inject("clusters")[18]);
  world = await startRequestWorld(18, { reach: (target, url) => (target === "us" ? proxy.url(url) : url) });
});
afterAll(async () => {
  await world?.close();
  await proxy?.close();
});

/** A person with one event that may go, whose request is granted. */
async function granted(person: string) {
  const event = await world.append("eu", person, "minimal", 200);
  const [key] = await world.sql<{ token: string }[]>`
    select token from vault.subject_key where state = 'active' order by created_at desc limit 1`;
  const { number } = await world.decided(person, { "eu minimal": "grant" });
  return { event, number, token: key?.token ?? "" };
}
const revealed = async (event: { id: string; occurredAt: string }) => {
  const answer = await world.reveal("eu", event);
  return typeof answer === "object" && answer !== null ? answer.state : answer;
};
const entriesOf = async (token: string) =>
  (await world.sql`select from privacy_ledger where kind = 'erasure' and facts ->> 'token' = ${token}`)
    .length;
const stateOf = async (number: number) => (await world.rowOf(number)).state;
const jobsOf = async (number: number) => {
  const { id } = await world.rowOf(number);
  const rows = await world.sql`
    select state from job where name = 'privacy.carry_out' and input ->> 'request' = ${id}`;
  return rows.map(({ state }) => state);
};
const outcome = (result: { ok: true } | { ok: false; error: { code: string } }) =>
  result.ok ? "ok" : result.error.code;

test("events that come in meanwhile stand under the key that goes, or under the next: none is lost between", async () => {
  for (const round of rounds.slice(0, 2)) {
    const person = `appended meanwhile ${round}`;
    const { event, number, token } = await granted(person);
    await world.succeed(executeRequest, { request: number });
    const events = [event];
    while ((await stateOf(number)) === "executing") {
      events.push(await world.append("eu", person, "minimal", 200));
      // Each is asked for below.
      await sleep(20);
    }
    events.push(await world.append("eu", person, "minimal", 200));
    await world.settled();
    const states = [];
    for (const one of events) states.push(await revealed(one));
    const first = states.indexOf("readable");
    expect(first).toBeGreaterThan(0);
    expect(new Set(states.slice(0, first))).toEqual(new Set(["erased"]));
    expect(new Set(states.slice(first))).toEqual(new Set(["readable"]));
    expect([await stateOf(number), await entriesOf(token)]).toEqual(["responding", 1]);
  }
});

test("a hold that is placed meanwhile keeps all of it, or came after it was gone", async () => {
  const seen = new Set<string>();
  // The later a round, the further the execution is when the hold is placed.
  const begun = [
    async () => {},
    async (token: string) => waitFor(token, ["asked", "marked", "destroyed", "held"]),
    async (token: string) => waitFor(token, ["marked", "destroyed", "held"]),
    async (token: string) => waitFor(token, ["destroyed", "held"]),
  ];
  for (const [round, wait] of begun.entries()) {
    const person = `held meanwhile ${round}`;
    const { event, number, token } = await granted(person);
    const placing = async () => {
      await wait(token);
      return world.succeed(placeHold, { name: `case ${round}`, reason: "letter of the court", person });
    };
    const [executed] = await Promise.all([world.run(executeRequest, { request: number }), placing()]);
    await world.settled();
    const [key] = await world.sql`select state from erasure where token = ${token}`;
    const came = {
      request: await stateOf(number),
      key: key?.state,
      event: await revealed(event),
      entries: await entriesOf(token),
    };
    const held = { request: "blocked_by_hold", key: "held", event: "readable", entries: 0 };
    const gone = { request: "responding", key: "destroyed", event: "erased", entries: 1 };
    // Placed before it began: the count that was decided on is not of what there is now.
    const refused = { request: "approved", key: undefined, event: "readable", entries: 0 };
    expect(executed.ok ? [held, gone] : [refused]).toContainEqual(came);
    seen.add(came.request);
  }
  // The last one came when the key was gone, the first ones before.
  expect(seen.has("responding") && seen.size > 1).toBe(true);
});

test("two officers carry it out at the same moment: one does", async () => {
  for (const round of rounds) {
    const { event, number, token } = await granted(`carried out twice ${round}`);
    // The last one presses twice.
    const actors = [world.officer, round === 2 ? world.officer : world.second];
    const answers = await Promise.all(
      actors.map((actor) => world.run(executeRequest, { request: number }, actor)),
    );
    expect(answers.map(outcome).toSorted()).toEqual(["CONFLICT", "ok"]);
    await world.settled();
    expect(await jobsOf(number)).toEqual(["done"]);
    expect([await stateOf(number), await revealed(event), await entriesOf(token)]).toEqual([
      "responding",
      "erased",
      1,
    ]);
    const moves = (await world.timeline(number)).filter(({ to }) => to === "executing");
    expect(moves).toHaveLength(1);
    expect(outcome(await world.run(executeRequest, { request: number }))).toBe("CONFLICT");
  }
});

test("one withdraws what another carries out: it is withdrawn and stays, or is gone", async () => {
  for (const round of rounds) {
    const { event, number, token } = await granted(`withdrawn meanwhile ${round}`);
    const execute = () => world.run(executeRequest, { request: number });
    const withdraw = () =>
      world.run(recordWithdrawal, { request: number, note: "the person wrote so" }, world.second);
    const both = round % 2 === 0 ? [execute(), withdraw()] : [withdraw(), execute()].toReversed();
    const [executed, withdrawn] = (await Promise.all(both)).map(outcome);
    expect([executed, withdrawn].toSorted()).toEqual(["CONFLICT", "ok"]);
    await world.settled();
    const came = [await stateOf(number), await revealed(event), await entriesOf(token)];
    expect(came).toEqual(executed === "ok" ? ["responding", "erased", 1] : ["withdrawn", "readable", 0]);
    // While it is carried out, and after, nothing is withdrawn.
    if (executed === "ok") expect(outcome(await withdraw())).toBe("CONFLICT");
  }
});

test("a target that is frozen meanwhile is waited for, and the request says so; nobody begins with another one", async () => {
  const event = await world.append("us", "frozen meanwhile", "minimal", 200);
  await world.append("us", "not begun yet", "minimal", 200);
  const { number } = await world.decided("frozen meanwhile", { "us minimal": "grant" });
  const other = await world.decided("not begun yet", { "us minimal": "grant" });
  const locking = postgres(world.consoleUrl, { max: 1, onnotice: () => {} });
  await locking`begin`;
  await locking`lock table erasure in share row exclusive mode`;
  await world.succeed(executeRequest, { request: number });
  const thaw = proxy.freeze();
  await locking`rollback`;
  const refused = await world.run(executeRequest, { request: other.number });
  expect(refused.ok === false && refused.error).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining(
      "us cannot be asked now: us is unreachable: the server does not answer.",
    ),
  });
  const job = await vi.waitFor(
    async () => {
      const [waiting] = await world.sql`select id::text from job where state = 'waiting' and attempt > 0`;
      expect(waiting).toBeDefined();
      return waiting?.id as string;
    },
    { timeout: 40_000, interval: 50 },
  );
  expect(await world.rowOf(number)).toMatchObject({
    state: "executing",
    problem: "not finished: us is unreachable: the server does not answer.",
  });
  thaw();
  await locking.end();
  await vi.waitFor(() => expect(world.audit.us.status().state).toBe("up"), 20_000);
  await goOnToTheEnd(world.console, job);
  await world.settled();
  expect(await world.rowOf(number)).toMatchObject({ state: "responding", problem: null });
  expect(await world.reveal("us", event)).toEqual({ state: "erased" });
  expect(await jobsOf(number)).toEqual(["done"]);
  expect(await world.sql`select from activity where target = 'us' and outcome = 'failed'`).toEqual([]);
});

function waitFor(token: string, states: readonly string[]): Promise<void> {
  return vi.waitFor(
    async () => {
      const [row] = await world.sql`select state from erasure where token = ${token}`;
      if (!states.includes(row?.state)) throw new Error(`it is ${row?.state}`);
    },
    { timeout: 20_000, interval: 5 },
  );
}
