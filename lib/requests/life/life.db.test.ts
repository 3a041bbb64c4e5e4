import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tablesHolding } from "../../testing/find-text.ts";
import { type LifeWorld, noon, startLifeWorld } from "../../testing/life-world.ts";
import { moveTestRequest } from "../../testing/requests.ts";
import { refreshClocks } from "../clock/refresh-clocks.ts";
import { moveRequest } from "../move-request.ts";
import { requireRequest } from "../read-request.ts";
import { viewRequestPerson } from "../view-request-person.ts";

let world: LifeWorld;
beforeAll(async () => {
  world = await startLifeWorld();
});
afterAll(() => world?.close());

describe("the clock follows what happens", () => {
  test("it stands while proof is awaited, and goes on with the days it stood", async () => {
    const request = await world.received("2026-06-10");
    expect(await world.standing(request)).toMatchObject({
      dueAt: "2026-07-10T22:00:00.000Z",
      standing: null,
    });
    expect(
      await world.at("2026-06-12", "askIdentity", { request, note: "sent to their address" }),
    ).toMatchObject({
      ok: true,
      data: { state: "identity_pending", dueAt: null, standing: "identity" },
    });
    expect(
      await world.at("2026-06-15", "recordIdentity", {
        request,
        method: "document_seen",
        result: "not_confirmed",
      }),
    ).toMatchObject({ data: { state: "identity_pending", standing: "identity" } });
    expect(
      await world.at("2026-06-19", "recordIdentity", {
        request,
        method: "known_contact",
        result: "confirmed",
      }),
    ).toMatchObject({ data: { state: "verified", dueAt: "2026-07-17T22:00:00.000Z", standing: null } });
    expect(await world.kinds(request)).toEqual([
      "received",
      "identity_asked",
      "identity_pending",
      "identity_seen",
      "identity_seen",
      "verified",
    ]);
  });

  test("a clarification stops it once at a time; a fee does not under the GDPR", async () => {
    const request = await world.received("2026-06-10");
    expect(await world.at("2026-06-12", "recordClarification", { request })).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringContaining("does not await a clarification") },
    });
    await world.at("2026-06-12", "askClarification", { request });
    expect(await world.at("2026-06-13", "askClarification", { request })).toMatchObject({
      error: { code: "CONFLICT" },
    });
    expect(await world.standing(request)).toMatchObject({ dueAt: null, standing: "clarification" });
    await world.at("2026-06-14", "recordClarification", { request });
    await world.at("2026-06-14", "askFee", { request });
    expect(await world.standing(request)).toMatchObject({
      dueAt: "2026-07-13T22:00:00.000Z",
      standing: null,
    });
    expect(await world.at("2026-06-15", "recordFee", { request })).toMatchObject({ ok: true });
  });

  test("it is extended once, within the first month", async () => {
    const request = await world.received("2026-06-10");
    expect(
      await world.at("2026-07-09", "extendRequest", { request, ground: "complexity", note: "why" }),
    ).toMatchObject({
      data: { dueAt: "2026-09-10T22:00:00.000Z" },
    });
    expect(
      await world.at("2026-07-09", "extendRequest", { request, ground: "number", note: "why" }),
    ).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringContaining("extended already") },
    });
    expect(await world.at("2026-07-09", "extendRequest", { request, ground: "number" })).toMatchObject({
      error: { code: "BAD_INPUT" },
    });
    const late = await world.received("2026-06-10");
    expect(
      await world.at("2026-07-11", "extendRequest", { request: late, ground: "complexity", note: "why" }),
    ).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringContaining("first period is over") },
    });
    const both = await world.received("2026-06-10");
    const twice = await Promise.all(
      [1, 2].map(() =>
        world.at("2026-06-20", "extendRequest", { request: both, ground: "number", note: "why" }),
      ),
    );
    expect(twice.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  test("a decision ends what was awaited: an answer is due", async () => {
    const request = await world.received("2026-06-10");
    await world.at("2026-06-12", "askIdentity", { request });
    const guard = { decided: true };
    await world.console.db.transaction(async (tx) => {
      const row = await requireRequest(tx, request);
      await moveRequest(tx, row, "refuse", { actor: world.second, now: noon("2026-06-20"), guard });
    });
    expect(await world.standing(request)).toMatchObject({
      state: "refused",
      dueAt: "2026-07-20T22:00:00.000Z",
      standing: null,
    });
  });

  test("what rows say of it is read anew, and only where it differs", async () => {
    const request = await world.received("2026-06-10");
    await moveTestRequest(world, request, "received", { set: { dueAt: new Date(0) } });
    expect(await refreshClocks(world.console)).toBe(1);
    expect(await refreshClocks(world.console)).toBe(0);
    expect(await world.standing(request)).toMatchObject({ dueAt: "2026-07-10T22:00:00.000Z" });
  });

  test("a request for California is acknowledged once", async () => {
    const request = await world.received("2026-06-10");
    expect(await world.at("2026-06-12", "acknowledgeRequest", { request })).toMatchObject({ ok: true });
    expect(await world.at("2026-06-12", "acknowledgeRequest", { request })).toMatchObject({
      error: { code: "CONFLICT" },
    });
  });
});

test("who looked at it before somebody else changed it is told so", async () => {
  const request = await world.received("2026-06-10");
  const { version } = await world.standing(request);
  expect(await world.at("2026-06-12", "askIdentity", { request, version })).toMatchObject({ ok: true });
  expect(
    await world.at("2026-06-13", "recordIdentity", {
      request,
      version,
      method: "signed_in",
      result: "confirmed",
    }),
  ).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringMatching(/meanwhile by /) },
  });
  expect(await world.at("2026-06-13", "closeRequest", { request })).toMatchObject({
    error: {
      code: "CONFLICT",
      message: `Request #${request}: It is identity_pending; close needs it to be responding, refused.`,
    },
  });
  expect(await world.at("2026-06-13", "addRequestNote", { request, note: "n" }, world.viewer)).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
});

test("notes and files are sealed, and open for whoever looks on record", async () => {
  const request = await world.received("2026-06-10");
  const content = Buffer.from("the letter of Wanda Zeitlos");
  await world.at("2026-06-12", "addRequestNote", { request, note: "Wanda Zeitlos called" });
  expect(
    await world.at("2026-06-12", "addRequestFile", {
      ...{ request, name: "zeitlos.txt", mediaType: "text/plain", content: content.toString("base64") },
    }),
  ).toMatchObject({
    data: { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") },
  });
  for (const text of ["Zeitlos", "zeitlos"]) expect(await tablesHolding(world.sql, text)).toEqual([]);
  const { texts, files } = await world.succeed(viewRequestPerson, { request });
  expect([Object.values(texts), Object.values(files)]).toEqual([["Wanda Zeitlos called"], ["zeitlos.txt"]]);

  const large = randomBytes(5 * 1_048_576).toString("base64");
  expect(
    await world.at("2026-06-12", "addRequestFile", { request, name: "scan", content: large }),
  ).toMatchObject({
    ok: true,
  });
  const larger = randomBytes(5 * 1_048_576 + 1).toString("base64");
  expect(
    await world.at("2026-06-12", "addRequestFile", { request, name: "scan", content: larger }),
  ).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
});

test("a duplicate ends with the request that goes on; chains and other kinds are refused", async () => {
  const [request, of, other, later, ended] = [
    await world.received("2026-06-10"),
    await world.received("2026-06-10"),
    await world.received("2026-06-10", "portability"),
    await world.received("2026-06-11"),
    await world.received("2026-06-09"),
  ];
  await moveTestRequest(world, ended, "closed");
  for (const wrong of [request, other, later, ended])
    expect(await world.at("2026-06-12", "linkDuplicate", { request, of: wrong })).toMatchObject({
      error: { code: "BAD_INPUT" },
    });
  expect(await world.at("2026-06-12", "linkDuplicate", { request, of })).toMatchObject({
    data: { state: "duplicate" },
  });
  const row = await requireRequest(world.console.db, request);
  expect(row).toMatchObject({ closedAt: noon("2026-06-12"), personalUntil: noon("2029-06-12") });
  expect(await world.at("2026-06-12", "linkDuplicate", { request: of, of: request })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await world.kinds(of)).toEqual(["received", "linked"]);
  // Each marked as the other's at the same moment: one goes on.
  const pair = [await world.received("2026-06-10"), await world.received("2026-06-10")] as const;
  await Promise.all([
    world.at("2026-06-12", "linkDuplicate", { request: pair[0], of: pair[1] }),
    world.at("2026-06-12", "linkDuplicate", { request: pair[1], of: pair[0] }),
  ]);
  expect((await Promise.all(pair.map(world.standing))).map(({ state }) => state).toSorted()).toEqual([
    "duplicate",
    "received",
  ]);
});

test("it is withdrawn until an erasure of it has begun", async () => {
  const request = await world.received("2026-06-10", "erasure");
  await world.at("2026-06-12", "askIdentity", { request });
  expect(await world.at("2026-06-13", "recordWithdrawal", { request, note: "they called" })).toMatchObject({
    data: { state: "withdrawn", standing: null },
  });
  const begun = await world.received("2026-06-10", "erasure");
  await moveTestRequest(world, begun, "blocked_by_hold");
  await world.sql`update privacy_request set state = 'failed' where number = ${begun}`;
  expect(await world.at("2026-06-13", "recordWithdrawal", { request: begun })).toMatchObject({
    error: { code: "CONFLICT", message: expect.stringContaining("cannot be called back") },
  });
});
