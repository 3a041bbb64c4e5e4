import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { createCheckContext } from "../../evaluation/check-context.ts";
import { createConsole } from "../../testing/people.ts";
import { noteSight } from "../../testing/raised.ts";
import { lateErasure, stalledErasure } from "./check-erasures.ts";
import { listOpenErasures } from "./list-open-erasures.ts";

let own: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  own = await createConsole();
});
afterAll(() => own?.drop());
beforeEach(() => own.test.sql`truncate erasure cascade`);

const now = new Date();
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

async function add(given: { state: string; due?: Date; marked?: Date; asked?: Date; target?: string }) {
  const { state, due = null, marked = null, asked = ago(600), target = "eu" } = given;
  await own.test.sql`
    insert into erasure (id, token, target, policy, state, due_at, held_by, requested_by_name, requested_at, marked_at,
      destroyed_at)
    values (${uuidV7()}, ${uuidV7()}, ${target}, 'minimal', ${state}, ${due}, '[]', 'ada', ${asked}, ${marked},
      ${state === "destroyed" ? now : null})`;
}

/** The same for all of a test: what was seen bad is seen gone on it. */
const audit = { target: "eu", engine: {} } as unknown as AuditDb;

async function judged(check: typeof lateErasure | typeof stalledErasure) {
  const limitsFor = () => check.thresholds;
  const context = createCheckContext({
    audit,
    history: {} as never,
    instances: async () => [],
    upkeep: async () => [],
    erasures: () => listOpenErasures(own.test.sql, "eu"),
    now,
  });
  const answer = await check.evaluate(context, limitsFor);
  noteSight({ check, answer, audit, limitsFor, now });
  const [object] = answer.objects;
  return { state: object?.state, value: object?.value, title: object?.words.title };
}

test("an erasure whose day has come and that is not through is told, and gone once it is", async () => {
  await add({ state: "kept", due: new Date(now.getTime() + 60_000) });
  await add({ state: "held", due: ago(600) });
  await add({ state: "kept", due: ago(600), target: "us" });
  expect(await judged(lateErasure)).toEqual({
    state: "ok",
    value: 0,
    title: "Every erasure is through by its day.",
  });
  await add({ state: "kept", due: ago(90) });
  expect(await judged(lateErasure)).toEqual({
    state: "warning",
    value: 5_400,
    title: "1 erasure should have come through 90 min ago.",
  });
  await add({ state: "kept", due: ago(400) });
  expect(await judged(lateErasure)).toMatchObject({ state: "critical", value: 24_000 });
  await own.test.sql`update erasure set state = 'destroyed', destroyed_at = now()`;
  expect(await judged(lateErasure)).toMatchObject({ state: "ok", value: 0 });
});

test("one that nobody carries on is told, and gone once it goes on", async () => {
  await add({ state: "asked", asked: ago(5) });
  await add({ state: "kept", due: ago(600) });
  expect(await judged(stalledErasure)).toMatchObject({ state: "ok", title: "No erasure stands still." });
  await add({ state: "marked", asked: ago(600), marked: ago(20) });
  expect(await judged(stalledErasure)).toMatchObject({ state: "warning", value: 1_200 });
  await add({ state: "asked", asked: ago(150) });
  expect(await judged(stalledErasure)).toMatchObject({ state: "critical", value: 9_000 });
  await own.test.sql`update erasure set state = 'kept', marked_at = null where state in ('asked', 'marked')`;
  expect(await judged(stalledErasure)).toMatchObject({ state: "ok", value: 0 });
});
