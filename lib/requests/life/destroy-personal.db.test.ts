import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { type LifeWorld, noon, startLifeWorld } from "../../testing/life-world.ts";
import { dayMs } from "../../testing/privacy-world.ts";
import { moveTestRequest } from "../../testing/requests.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { readTimeline } from "../read-timeline.ts";
import { destroyDuePersonal } from "./destroy-personal.ts";

let world: LifeWorld;
beforeAll(async () => {
  world = await startLifeWorld();
});
afterAll(() => world?.close());

/** A refused request that was answered. */
async function answered(kind: "access" | "erasure" = "access") {
  const request = await world.received("2026-06-10", kind);
  await moveTestRequest(world, request, "refused", { now: noon("2026-06-20") });
  expect(await world.at("2026-06-21", "closeRequest", { request })).toMatchObject({
    error: { code: "CONFLICT" },
  });
  await world.at("2026-06-21", "recordResponse", { request, channel: "post", note: "by letter" });
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

test("it goes three years after its end, unless somebody says otherwise", async () => {
  const request = await answered();
  expect(
    await world.at("2026-06-22", "closeRequest", { request, keptUntil: "2026-06-01T00:00:00Z" }),
  ).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(
    await world.at("2026-06-22", "closeRequest", { request, keptUntil: "2036-06-23T00:00:00Z" }),
  ).toMatchObject({
    error: { code: "BAD_INPUT", fields: { keptUntil: expect.stringContaining("until 22 Jun 2036") } },
  });
  expect(await world.at("2026-06-22", "closeRequest", { request })).toMatchObject({
    data: { state: "closed" },
  });
  const row = await requireRequest(world.console.db, request);
  expect(row).toMatchObject({ closedAt: noon("2026-06-22"), personalUntil: noon("2029-06-22") });
  const other = await answered();
  await world.at("2026-06-22", "closeRequest", { request: other, keptUntil: "2027-01-01T00:00:00Z" });
  expect(await requireRequest(world.console.db, other)).toMatchObject({
    personalUntil: new Date("2027-01-01T00:00:00Z"),
  });
});

test("it goes never before the last floor that its erasures wait for", async () => {
  const request = await answered("erasure");
  await eraseLater(request, "kept", noon("2027-01-01"));
  await eraseLater(request, "kept", noon("2031-05-05"));
  await world.at("2026-06-22", "closeRequest", { request });
  expect(await requireRequest(world.console.db, request)).toMatchObject({
    personalUntil: noon("2031-05-05"),
  });
});

test("it is destroyed on its date with all texts, files and digests; the request stays", async () => {
  const request = await answered();
  await world.at("2026-06-21", "addRequestNote", { request, note: "a word" });
  await world.at("2026-06-21", "addRequestFile", { request, name: "f", content: "b2Rk" });
  await world.at("2026-06-22", "closeRequest", { request });
  const { id } = await requireRequest(world.console.db, request);
  const waiting = await eraseLater(request, "held", null);

  const then = new Date(noon("2029-06-22").getTime() + dayMs);
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
  expect(await world.at("2026-11-27", "addRequestNote", { request, note: "later" })).toMatchObject({
    error: { code: "NOT_FOUND" },
  });
});
