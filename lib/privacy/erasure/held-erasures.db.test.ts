import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { replayQuarantine } from "../../audit-db/append/replay-quarantine.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import type { SubjectView } from "../types.ts";
import { beginDueErasures } from "./begin-due-erasures.ts";
import { destroyMarkedKey } from "./destroy-key.ts";
import { erasureContext } from "./erasure-context.ts";
import { readErasures } from "./erasures.ts";
import { lookAtErasure } from "./look-at-erasure.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld();
});
afterAll(() => world?.close());

const reason = "the person asked for it";
const { erasePolicy, viewSubject, placeHold, releaseHold, restrictSubject, liftRestriction } = adminActions;
const erase = (person: string, policy: string) =>
  world.agreed(erasePolicy, { person, target: "eu", policy, reason }) as Promise<{
    erasures: { id: string; sharedKey: boolean }[];
  }>;
const view = (person: string) => world.succeed(viewSubject, { person }) as Promise<SubjectView>;
const last = async () => (await world.erasures()).at(-1);
const context = () => erasureContext(world.console, () => new Date());
const readable = (person: string) => ({
  state: "readable",
  person: { id: person, name: `name of ${person}` },
});
const hold = async (given: object) =>
  (await world.succeed(placeHold, { name: "Case 7", reason: "court order of May", ...given })) as {
    number: number;
    id: string;
    version: number;
  };
const release = (given: { number: number; version: number }) =>
  world.succeed(
    releaseHold,
    { hold: given.number, version: given.version, reason: "the case is closed" },
    world.second,
  );

test("what holds keep back is readable, and goes by itself once the last of them is released", async () => {
  const person = "held by a case";
  const event = await world.append("eu", person, "minimal", 200);
  const [placed, another] = [await hold({ person }), await hold({ scope: { policies: ["minimal"] } })];
  expect((await view(person)).policies[0]?.holds).toEqual(
    [placed, another].map(({ id, number }) => ({ id, number, name: "Case 7" })),
  );
  await erase(person, "minimal");
  await world.settled();
  expect(await last()).toMatchObject({ state: "held", held_by: [placed.id, another.id], due_at: null });
  expect(await world.reveal("eu", event)).toEqual(readable(person));
  expect(await beginDueErasures(world.console)).toBe(0);
  await release(another);
  expect(await beginDueErasures(world.console)).toBe(0);
  await release(placed);
  expect(await beginDueErasures(world.console)).toBe(1);
  await world.settled();
  expect(await last()).toMatchObject({ state: "destroyed" });
  expect(await world.reveal("eu", event)).toEqual({ state: "erased" });
});

test("a hold that is placed once the key is marked wins, and the events are readable again", async () => {
  const person = "marked and held";
  const event = await world.append("eu", person, "minimal", 200);
  const { erasures } = await erase(person, "minimal");
  const id = erasures[0]?.id as string;
  await vi.waitFor(async () => expect((await last())?.state).toBe("marked"), {
    timeout: 20_000,
    interval: 5,
  });
  const placed = await hold({ person });
  await world.settled();
  expect(await last()).toMatchObject({ state: "held", held_by: [placed.id] });
  expect(await world.reveal("eu", event)).toEqual(readable(person));
  const [told] = await world.sql`
    select outcome, detail ->> 'message' as message from activity where action = 'privacy.destroy_key' order by id desc limit 1`;
  expect(told).toEqual({
    outcome: "failed",
    message: `Nothing was destroyed: it is held by legal hold #${placed.number} Case 7.`,
  });
  await release(placed);
  const [row] = await readErasures(world.console.db, [id]);
  if (!row) throw new Error("there is no such erasure");
  expect((await lookAtErasure(context(), row)).state).toBe("marked");
  // Not before its time, whoever asks.
  const marked = (await readErasures(world.console.db, [id]))[0] ?? row;
  await expect(destroyMarkedKey(context(), marked, 60_000)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await beginDueErasures(world.console)).toBe(1);
  await world.settled();
  expect(await last()).toMatchObject({ state: "destroyed" });
});

test("an event that came under the key until it was marked keeps it for its own floor", async () => {
  const person = "an event meanwhile";
  await world.append("eu", person, "minimal", 200);
  const { erasures } = await erase(person, "minimal");
  const id = erasures[0]?.id as string;
  await vi.waitFor(async () => expect((await last())?.state).toBe("marked"), {
    timeout: 20_000,
    interval: 5,
  });
  // As another process writes it that had the key in memory still.
  const token = (await last())?.token;
  await world.databases.eu.sql`
    insert into public.audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
      data_classification, retention_policy, details, actor_token, leaf_version, leaf)
    values (${uuidV7()}, now(), now(), 'o', 'a', 'success', 1, 'PUBLIC', 'minimal', '{}', ${token}, 0, '')`;
  await world.settled();
  const [row] = await readErasures(world.console.db, [id]);
  expect(row).toMatchObject({ state: "kept", markedAt: null });
  expect((row?.dueAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(89 * 86_400_000);
  const [key] = await world.sql`select state, erasing_at from vault.subject_key where token = ${token}`;
  expect(key).toEqual({ state: "kept", erasing_at: null });
});

test("a restriction holds an erasure, also one that was marked, until it is lifted", async () => {
  const person = "restricted and erased";
  await world.append("eu", person, "minimal", 200);
  await world.succeed(restrictSubject, { person, ground: "needed_for_claims", reason });
  await erase(person, "minimal");
  await world.settled();
  expect(await last()).toMatchObject({ state: "held", held_by: ["restriction"] });
  expect(await beginDueErasures(world.console)).toBe(0);
  await world.succeed(liftRestriction, { person, reason });
  expect(await beginDueErasures(world.console)).toBe(1);
  await world.settled();
  expect(await last()).toMatchObject({ state: "destroyed" });
  // Their last key went, and with it all that led to them.
  expect((await view(person)).found).toBe(false);
});

test("an old key opens other policies until the last of them may go, and its rows of the erased one no more", async () => {
  const person = "from before policies";
  const minimal = await world.append("eu", person, "minimal", 200);
  const token = (
    await world.sql`select token from vault.subject_key where state = 'active' order by created_at desc limit 1`
  )[0]?.token;
  // A key as the first release left it: one token, whatever the policy.
  await world.sql`update vault.subject_key set target = null, policy = null where token = ${token}`;
  const standard = {
    id: uuidV7(Date.now() - 100 * 86_400_000),
    occurredAt: new Date(Date.now() - 100 * 86_400_000).toISOString(),
  };
  await world.databases.eu.sql`
    insert into public.audit_log (id, occurred_at, recorded_at, organization_id, action, status, event_version,
      data_classification, retention_policy, details, actor_token, leaf_version, leaf)
    values (${standard.id}, ${standard.occurredAt}, now(), 'o', 'a', 'success', 1, 'INTERNAL', 'standard', '{}', ${token}, 0, '')`;
  const due = new Date(new Date(standard.occurredAt).getTime() + 2_555 * 86_400_000);
  expect((await view(person)).policies).toMatchObject([
    { target: "eu", policy: "minimal", state: "open", sharedKey: true, dueAt: due.toISOString() },
    { target: "eu", policy: "standard", state: "open", sharedKey: true, dueAt: due.toISOString() },
  ]);
  expect(await erase(person, "minimal")).toMatchObject({ erasures: [{ sharedKey: true }] });
  await world.settled();
  const kept = await last();
  expect(kept).toMatchObject({ state: "kept", due_at: due, closed_at: expect.any(Date) });
  expect(await world.reveal("eu", minimal)).toEqual({ state: "erased" });
  const [entry] = await world.sql`select facts from privacy_ledger where entry = ${kept?.entry}`;
  expect(entry?.facts).toEqual({ token, keyId: null, policies: ["minimal"] });
  expect((await view(person)).policies).toMatchObject([
    { policy: "minimal", state: "erasing" },
    { policy: "standard", state: "kept" },
  ]);
  await world.databases.eu.sql`update public.retention_policy set floor_days = 99 where name = 'standard'`;
  expect(await beginDueErasures(world.console, due)).toBeGreaterThan(0);
  await world.settled();
  const gone = await last();
  expect(gone).toMatchObject({ state: "destroyed" });
  const [whole] = await world.sql`select facts from privacy_ledger where entry = ${gone?.entry}`;
  expect(whole?.facts).toMatchObject({ token, keyId: expect.any(String), policies: ["minimal", "standard"] });
  await world.databases.eu.sql`update public.retention_policy set floor_days = 2555 where name = 'standard'`;
});

test("a key of unknown policies is held while its events wait in quarantine", async () => {
  const person = "of an unknown policy";
  await world.append("eu", person, "not_known", 10);
  expect((await view(person)).policies).toMatchObject([
    { policy: "?", state: "open", events: 1, floorDays: null, dueAt: null, sharedKey: true },
  ]);
  await erase(person, "?");
  await world.settled();
  expect(await last()).toMatchObject({ state: "held", held_by: ["quarantine"] });
  await world.databases.eu
    .sql`update public.audit_quarantine set resolved_at = now(), resolution = 'dropped'`;
  await world.sql`update erasure set looked_at = looked_at - interval '61 minutes' where state = 'held'`;
  expect(await beginDueErasures(world.console)).toBe(1);
  await world.settled();
  expect(await last()).toMatchObject({ state: "destroyed" });
});

test("once its events are replayed, a key of unknown policies counts under the one they went to", async () => {
  const person = "of a policy that came later";
  const name = "came_later";
  const event = await world.append("eu", person, name, 10);
  const { sql } = world.databases.eu;
  const setFloor = (days: number) => sql`
    insert into public.retention_policy (name, data_classification, floor_days, legal_basis)
    values (${name}, 'INTERNAL', ${days}, 'a law of May') on conflict (name) do update set floor_days = ${days}`;
  await setFloor(400);
  await sql.unsafe(`
    set role audit_maintainer;
    create table public.audit_log_${name} partition of public.audit_log for values in ('${name}')
      partition by range (occurred_at);
    create table public.audit_log_${name}_all partition of public.audit_log_${name}
      for values from ('2020-01-01') to ('2100-01-01');
    reset role`);
  expect(await replayQuarantine(world.audit.eu, [event.id])).toEqual([{ id: event.id, outcome: "stored" }]);
  const due = new Date(new Date(event.occurredAt).getTime() + 400 * 86_400_000);
  expect((await view(person)).policies).toMatchObject([
    { policy: name, state: "open", events: 1, floorDays: 400, dueAt: due.toISOString(), sharedKey: true },
  ]);
  expect(await erase(person, name)).toMatchObject({ erasures: [{ sharedKey: true }] });
  await world.settled();
  expect(await last()).toMatchObject({ state: "kept", policy: name, due_at: due, held_by: [] });
  expect(await world.reveal("eu", event)).toEqual(readable(person));
  await setFloor(1);
  expect(await beginDueErasures(world.console, due)).toBeGreaterThan(0);
  await world.settled();
  expect(await last()).toMatchObject({ state: "destroyed" });
  expect(await world.reveal("eu", event)).toEqual({ state: "erased" });
});

test("a target that cannot be asked destroys nothing, and hides no other", async () => {
  const person = "of a target that is away";
  await world.append("eu", person, "minimal", 200);
  await world.append("us", person, "minimal", 200);
  await world.databases.eu.sql`alter table public.retention_policy rename to away`;
  try {
    const { policies } = await view(person);
    expect(policies).toMatchObject([
      { target: "eu", events: null, dueAt: null, problem: expect.any(String) },
      { target: "us", events: 1, problem: null },
    ]);
    expect(policies[0]?.problem).not.toBe("");
    await erase(person, "minimal");
    await vi.waitFor(
      async () => {
        const ended = await world.sql`
          select outcome from job_attempt join job on job.id = job_id
          where job.name = 'privacy.erase' and job.state = 'waiting'`;
        expect(ended).toEqual([{ outcome: "failed" }]);
      },
      { timeout: 20_000 },
    );
    expect(await last()).toMatchObject({ state: "asked" });
  } finally {
    await world.databases.eu.sql`alter table public.away rename to retention_policy`;
  }
});
