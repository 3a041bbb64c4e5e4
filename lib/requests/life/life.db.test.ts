import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { runAdminAction } from "../../verbs/run-admin-action.ts";
import { getRequestMonth } from "../clock/get-request-month.ts";
import { refreshClocks } from "../clock/refresh-clocks.ts";
import { moveRequest } from "../move-request.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { readTimeline } from "../read-timeline.ts";
import { viewRequestPerson } from "../view-request-person.ts";
import { destroyDuePersonal } from "./destroy-personal.ts";
import { lifeVerbs } from "./verbs.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const day = 86_400_000;
const berlin = { country: "DE", region: null, timeZone: "Europe/Berlin" };
const noon = (text: string) => new Date(`${text}T12:00:00Z`);

/** A request that was received on a day, of a controller in Berlin. */
async function received(on: string, kind: "access" | "erasure" | "portability" = "access") {
  const { number } = await openTestRequest(world, {
    kind,
    person: `person-${randomBytes(4).toString("hex")}`,
  });
  const set = { ...berlin, regime: "eu" as const, receivedAt: noon(on) };
  await moveTestRequest(world, number, "received", { set });
  await world.sql`
    update privacy_request_event set at = ${noon(on)}
    where request_id = (select id from privacy_request where number = ${number})`;
  await refreshClocks(world.console, noon(on));
  return number;
}

type Verbs = typeof lifeVerbs;

/** Does a verb at a moment; the officer does it, unless somebody else is given. */
async function at<N extends keyof Verbs>(when: string, name: N, input: object, actor = world.officer) {
  const context = { console: world.console, actor, auditTargets: ["eu", "us"], program: true as const };
  const now = when.includes("T") ? new Date(when) : noon(when);
  return runAdminAction(lifeVerbs[name] as never, { ...context, now }, input);
}

async function standing(number: number) {
  const { state, dueAt, standing, version } = await requireRequest(world.console.db, number);
  return { state, dueAt: dueAt?.toISOString() ?? null, standing, version };
}

async function kinds(number: number) {
  const { id } = await requireRequest(world.console.db, number);
  return (await readTimeline(world.console.db, id)).map(({ kind, to }) => (kind === "moved" ? to : kind));
}

describe("the clock follows what happens", () => {
  test("it stands while proof is awaited, and goes on with the days it stood", async () => {
    const request = await received("2026-06-10");
    expect(await standing(request)).toMatchObject({ dueAt: "2026-07-10T22:00:00.000Z", standing: null });
    expect(await at("2026-06-12", "askIdentity", { request, note: "sent to their address" })).toMatchObject({
      ok: true,
      data: { state: "identity_pending", dueAt: null, standing: "identity" },
    });
    expect(
      await at("2026-06-15", "recordIdentity", { request, method: "document_seen", result: "not_confirmed" }),
    ).toMatchObject({ data: { state: "identity_pending", standing: "identity" } });
    expect(
      await at("2026-06-19", "recordIdentity", { request, method: "known_contact", result: "confirmed" }),
    ).toMatchObject({ data: { state: "verified", dueAt: "2026-07-17T22:00:00.000Z", standing: null } });
    expect(await kinds(request)).toEqual([
      "received",
      "identity_asked",
      "identity_pending",
      "identity_seen",
      "identity_seen",
      "verified",
    ]);
  });

  test("a clarification stops it once at a time; a fee does not under the GDPR", async () => {
    const request = await received("2026-06-10");
    expect(await at("2026-06-12", "recordClarification", { request })).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringContaining("does not await a clarification") },
    });
    await at("2026-06-12", "askClarification", { request });
    expect(await at("2026-06-13", "askClarification", { request })).toMatchObject({
      error: { code: "CONFLICT" },
    });
    expect(await standing(request)).toMatchObject({ dueAt: null, standing: "clarification" });
    await at("2026-06-14", "recordClarification", { request });
    await at("2026-06-14", "askFee", { request });
    expect(await standing(request)).toMatchObject({ dueAt: "2026-07-13T22:00:00.000Z", standing: null });
    expect(await at("2026-06-15", "recordFee", { request })).toMatchObject({ ok: true });
  });

  test("it is extended once, within the first month", async () => {
    const request = await received("2026-06-10");
    expect(
      await at("2026-07-09", "extendRequest", { request, ground: "complexity", note: "why" }),
    ).toMatchObject({
      data: { dueAt: "2026-09-10T22:00:00.000Z" },
    });
    expect(await at("2026-07-09", "extendRequest", { request, ground: "number", note: "why" })).toMatchObject(
      {
        error: { code: "CONFLICT", message: expect.stringContaining("extended already") },
      },
    );
    expect(await at("2026-07-09", "extendRequest", { request, ground: "number" })).toMatchObject({
      error: { code: "BAD_INPUT" },
    });
    const late = await received("2026-06-10");
    expect(
      await at("2026-07-11", "extendRequest", { request: late, ground: "complexity", note: "why" }),
    ).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringContaining("first period is over") },
    });
    const both = await received("2026-06-10");
    const twice = await Promise.all(
      [1, 2].map(() => at("2026-06-20", "extendRequest", { request: both, ground: "number", note: "why" })),
    );
    expect(twice.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  test("a decision ends what was awaited: an answer is due", async () => {
    const request = await received("2026-06-10");
    await at("2026-06-12", "askIdentity", { request });
    const guard = { decided: true };
    await world.console.db.transaction(async (tx) => {
      const row = await requireRequest(tx, request);
      await moveRequest(tx, row, "refuse", { actor: world.second, now: noon("2026-06-20"), guard });
    });
    expect(await standing(request)).toMatchObject({
      state: "refused",
      dueAt: "2026-07-20T22:00:00.000Z",
      standing: null,
    });
  });

  test("what rows say of it is read anew, and only where it differs", async () => {
    const request = await received("2026-06-10");
    await moveTestRequest(world, request, "received", { set: { dueAt: new Date(0) } });
    expect(await refreshClocks(world.console)).toBe(1);
    expect(await refreshClocks(world.console)).toBe(0);
    expect(await standing(request)).toMatchObject({ dueAt: "2026-07-10T22:00:00.000Z" });
  });

  test("a request for California is acknowledged once", async () => {
    const request = await received("2026-06-10");
    expect(await at("2026-06-12", "acknowledgeRequest", { request })).toMatchObject({ ok: true });
    expect(await at("2026-06-12", "acknowledgeRequest", { request })).toMatchObject({
      error: { code: "CONFLICT" },
    });
  });
});

test("who looked at it before somebody else changed it is told so", async () => {
  const request = await received("2026-06-10");
  const { version } = await standing(request);
  expect(await at("2026-06-12", "askIdentity", { request, version })).toMatchObject({ ok: true });
  expect(
    await at("2026-06-13", "recordIdentity", { request, version, method: "signed_in", result: "confirmed" }),
  ).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringMatching(/meanwhile by /) },
  });
  expect(await at("2026-06-13", "closeRequest", { request })).toMatchObject({
    error: {
      code: "CONFLICT",
      message: `Request #${request}: It is identity_pending; close needs it to be responding, refused.`,
    },
  });
  expect(await at("2026-06-13", "addRequestNote", { request, note: "n" }, world.viewer)).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
});

test("notes and files are sealed, and open for whoever looks on record", async () => {
  const request = await received("2026-06-10");
  const content = Buffer.from("the letter of Wanda Zeitlos");
  await at("2026-06-12", "addRequestNote", { request, note: "Wanda Zeitlos called" });
  expect(
    await at("2026-06-12", "addRequestFile", {
      ...{ request, name: "zeitlos.txt", mediaType: "text/plain", content: content.toString("base64") },
    }),
  ).toMatchObject({
    data: { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") },
  });
  for (const text of ["Zeitlos", "zeitlos"]) expect(await tablesHolding(world.sql, text)).toEqual([]);
  const { texts, files } = await world.succeed(viewRequestPerson, { request });
  expect([Object.values(texts), Object.values(files)]).toEqual([["Wanda Zeitlos called"], ["zeitlos.txt"]]);

  const large = randomBytes(5 * 1_048_576).toString("base64");
  expect(await at("2026-06-12", "addRequestFile", { request, name: "scan", content: large })).toMatchObject({
    ok: true,
  });
  const larger = randomBytes(5 * 1_048_576 + 1).toString("base64");
  expect(await at("2026-06-12", "addRequestFile", { request, name: "scan", content: larger })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
});

test("a duplicate ends with the request that goes on; chains and other kinds are refused", async () => {
  const [request, of, other, later, ended] = [
    await received("2026-06-10"),
    await received("2026-06-10"),
    await received("2026-06-10", "portability"),
    await received("2026-06-11"),
    await received("2026-06-09"),
  ];
  await moveTestRequest(world, ended, "closed");
  for (const wrong of [request, other, later, ended])
    expect(await at("2026-06-12", "linkDuplicate", { request, of: wrong })).toMatchObject({
      error: { code: "BAD_INPUT" },
    });
  expect(await at("2026-06-12", "linkDuplicate", { request, of })).toMatchObject({
    data: { state: "duplicate" },
  });
  const row = await requireRequest(world.console.db, request);
  expect(row).toMatchObject({ closedAt: noon("2026-06-12"), personalUntil: noon("2029-06-12") });
  expect(await at("2026-06-12", "linkDuplicate", { request: of, of: request })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await kinds(of)).toEqual(["received", "linked"]);
  // Each marked as the other's at the same moment: one goes on.
  const pair = [await received("2026-06-10"), await received("2026-06-10")] as const;
  await Promise.all([
    at("2026-06-12", "linkDuplicate", { request: pair[0], of: pair[1] }),
    at("2026-06-12", "linkDuplicate", { request: pair[1], of: pair[0] }),
  ]);
  expect((await Promise.all(pair.map(standing))).map(({ state }) => state).toSorted()).toEqual([
    "duplicate",
    "received",
  ]);
});

test("it is withdrawn until an erasure of it has begun", async () => {
  const request = await received("2026-06-10", "erasure");
  await at("2026-06-12", "askIdentity", { request });
  expect(await at("2026-06-13", "recordWithdrawal", { request, note: "they called" })).toMatchObject({
    data: { state: "withdrawn", standing: null },
  });
  const begun = await received("2026-06-10", "erasure");
  await moveTestRequest(world, begun, "blocked_by_hold");
  await world.sql`update privacy_request set state = 'failed' where number = ${begun}`;
  expect(await at("2026-06-13", "recordWithdrawal", { request: begun })).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringContaining("cannot be called back") },
  });
});

describe("its personal data", () => {
  /** A refused request that was answered. */
  async function answered(kind: "access" | "erasure" = "access") {
    const request = await received("2026-06-10", kind);
    await moveTestRequest(world, request, "refused", { now: noon("2026-06-20") });
    expect(await at("2026-06-21", "closeRequest", { request })).toMatchObject({
      error: { code: "CONFLICT" },
    });
    await at("2026-06-21", "recordResponse", { request, channel: "post", note: "by letter" });
    return request;
  }

  async function eraseLater(request: number, state: string, due: Date | null) {
    const { id } = await requireRequest(world.console.db, request);
    const erasure = uuidV7();
    await world.sql`
      insert into erasure (id, token, target, policy, state, due_at, held_by, requested_by_name, requested_at)
      values (${erasure}, ${uuidV7()}, 'eu', 'minimal', ${state}, ${due}, '[]', 'ada', now())`;
    await world.sql`insert into privacy_request_erasure (request_id, erasure_id, first) values (${id}, ${erasure}, true)`;
    return erasure;
  }

  test("goes three years after its end, unless somebody says otherwise", async () => {
    const request = await answered();
    expect(
      await at("2026-06-22", "closeRequest", { request, keptUntil: "2026-06-01T00:00:00Z" }),
    ).toMatchObject({
      error: { code: "BAD_INPUT" },
    });
    expect(
      await at("2026-06-22", "closeRequest", { request, keptUntil: "2036-06-23T00:00:00Z" }),
    ).toMatchObject({
      error: { code: "BAD_INPUT", fields: { keptUntil: expect.stringContaining("until 2036-06-22") } },
    });
    expect(await at("2026-06-22", "closeRequest", { request })).toMatchObject({ data: { state: "closed" } });
    const row = await requireRequest(world.console.db, request);
    expect(row).toMatchObject({ closedAt: noon("2026-06-22"), personalUntil: noon("2029-06-22") });
    const other = await answered();
    await at("2026-06-22", "closeRequest", { request: other, keptUntil: "2027-01-01T00:00:00Z" });
    expect(await requireRequest(world.console.db, other)).toMatchObject({
      personalUntil: new Date("2027-01-01T00:00:00Z"),
    });
  });

  test("never before the last floor that its erasures wait for", async () => {
    const request = await answered("erasure");
    await eraseLater(request, "kept", noon("2027-01-01"));
    await eraseLater(request, "kept", noon("2031-05-05"));
    await at("2026-06-22", "closeRequest", { request });
    expect(await requireRequest(world.console.db, request)).toMatchObject({
      personalUntil: noon("2031-05-05"),
    });
  });

  test("is destroyed on its date with all texts, files and digests; the request stays", async () => {
    const request = await answered();
    await at("2026-06-21", "addRequestNote", { request, note: "a word" });
    await at("2026-06-21", "addRequestFile", { request, name: "f", content: "b2Rk" });
    await at("2026-06-22", "closeRequest", { request });
    const { id } = await requireRequest(world.console.db, request);
    const waiting = await eraseLater(request, "held", null);

    const then = new Date(noon("2029-06-22").getTime() + day);
    const due = async () => destroyDuePersonal(world.console, then);
    const state = async () =>
      (
        await world.sql`
          select (select count(*)::int from privacy_request_identifier where request_id = ${id}) as identifiers,
                 (select count(*)::int from privacy_request_event where request_id = ${id} and sealed is not null) as texts,
                 (select count(*)::int from privacy_request_file where request_id = ${id}
                  and (sealed is not null or sealed_name is not null)) as files,
                 (select count(*)::int from vault.secret where purpose = 'request_key' and name = ${id}) as keys`
      )[0];
    await due();
    // A held erasure has no day, and its supplement is still to come.
    expect(await state()).toEqual({ identifiers: 1, texts: 2, files: 1, keys: 1 });
    await world.sql`update erasure set state = 'destroyed', destroyed_at = now() where id = ${waiting}`;
    expect(await destroyDuePersonal(world.console, noon("2029-06-21"))).toBe(0);
    expect(await due()).toBe(1);
    expect(await state()).toEqual({ identifiers: 0, texts: 0, files: 0, keys: 0 });
    expect(await due()).toBe(0);

    const row = await requireRequest(world.console.db, request);
    expect(row).toMatchObject({ state: "closed", sealed: null, personalDestroyedAt: then });
    const timeline = await readTimeline(world.console.db, id);
    expect(timeline.at(-1)).toMatchObject({
      kind: "personal_destroyed",
      by: "audit-db",
      facts: { texts: 2, files: 1, identifiers: 1 },
    });
    await expect(withRequestPerson(world.console.db, row, async () => {})).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `What request #${request} said of the person was destroyed on its date.`,
    });
    expect(await at("2026-11-27", "addRequestNote", { request, note: "later" })).toMatchObject({
      error: { code: "NOT_FOUND" },
    });
  });
});

test("a month is told whole: what is due in it and in the weeks at its edges, however many", async () => {
  const monthDays = async () =>
    (await getRequestMonth(world.console.db, "2024-02", noon("2024-02-01"))).map(
      ({ number, dueOn }) => [number, dueOn] as const,
    );
  const leap = await received("2024-01-29");
  const edgeBefore = await received("2023-12-27");
  const edgeAfter = await received("2024-02-07");
  for (const beyond of ["2023-12-18", "2024-02-13"]) await received(beyond);
  const withdrawn = await received("2024-01-15");
  await at("2024-01-16", "recordWithdrawal", { request: withdrawn });
  const standing = await received("2024-01-15");
  await at("2024-01-16", "askIdentity", { request: standing });
  expect(await monthDays()).toEqual([
    [edgeBefore, "2024-01-29"],
    [leap, "2024-02-29"],
    [edgeAfter, "2024-03-07"],
  ]);

  await world.sql`
    insert into privacy_request (id, kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at, due_at)
    select gen_random_uuid(), kind, regime, state, organizations, targets, country, time_zone, language,
      received_at, channel, submitted_by_name, submitted_at, due_at
    from privacy_request, generate_series(1, 600) where number = ${leap}`;
  expect((await monthDays()).filter(([, day]) => day === "2024-02-29")).toHaveLength(601);
});
