import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { getApprovals } from "../../approvals/get-approvals.ts";
import { openVault } from "../../key-store/open-vault.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import type { SubjectView } from "../types.ts";
import { beginDueErasures } from "./begin-due-erasures.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld();
});
afterAll(() => world?.close());

const reason = "the person asked for it";
const { erasePolicy, viewSubject } = adminActions;
const view = (person: string) => world.succeed(viewSubject, { person }) as Promise<SubjectView>;
const erase = (person: string, policy: string, target = "eu") =>
  world.agreed(erasePolicy, { person, target, policy, reason });
const policyOf = async (person: string, policy: string, target = "eu") =>
  (await view(person)).policies.filter((one) => one.target === target && one.policy === policy);
const readable = (person: string) => ({
  state: "readable",
  person: { id: person, name: `name of ${person}` },
});

test("one policy of one target becomes unreadable and nobody's; the others stay", async () => {
  const person = "erased in part";
  const minimal = await world.append("eu", person, "minimal", 200);
  const standard = await world.append("eu", person, "standard", 200);
  const american = await world.append("us", person, "minimal", 200);
  expect((await view(person)).policies).toMatchObject([
    { target: "eu", policy: "minimal", state: "open", events: 1, floorDays: 90, sharedKey: false },
    { target: "eu", policy: "standard", state: "open", events: 1, floorDays: 2555 },
    { target: "us", policy: "minimal", state: "open", events: 1 },
  ]);
  // The look is on record, by a token of theirs.
  const [look] = await world.sql`
    select actor_name as by, object_type as type, outcome, detail, exists (
      select from vault.subject_key where token = object_id) as token
    from activity where action = 'privacy.view_subject' order by id desc limit 1`;
  expect(look).toEqual({
    ...{ by: world.officer.email, type: "person_key", outcome: "success", token: true },
    detail: { found: true, policies: 3 },
  });
  expect(await erase(person, "minimal")).toMatchObject({
    erasures: [{ state: "asked", dueAt: null, sharedKey: false }],
  });
  await world.settled();
  expect(await world.reveal("eu", minimal)).toEqual({ state: "erased" });
  expect(await world.reveal("eu", standard)).toEqual(readable(person));
  expect(await world.reveal("us", minimal)).toBe("NOT_FOUND");
  expect(await world.reveal("us", american)).toEqual(readable(person));
  expect((await view(person)).policies.map(({ target, policy }) => `${target} ${policy}`)).toEqual([
    "eu standard",
    "us minimal",
  ]);
  const [erasure] = (await world.erasures()).slice(-1);
  expect(erasure).toMatchObject({
    target: "eu",
    policy: "minimal",
    state: "destroyed",
    held_by: [],
    due_at: null,
  });
  const [key] = await world.sql`
    select state, subject, wrapped_key from vault.subject_key where token = ${erasure?.token}`;
  expect(key).toEqual({ state: "erased", subject: null, wrapped_key: null });
  const [entry] = await world.sql`
    select kind, target, facts, receipt is not null as signed from privacy_ledger where entry = ${erasure?.entry}`;
  expect(entry).toEqual({
    kind: "erasure",
    target: "eu",
    facts: { token: erasure?.token, keyId: expect.stringMatching(/^[0-9a-f]{32}$/), policies: ["minimal"] },
    signed: true,
  });
  // Neither the id, nor the vault's subject, nor two tokens of theirs stand together in any record.
  const tokens = await openVault()?.tokensOf([person], "eu");
  const [living] = await world.sql`
    select subject::text from vault.subject_key where token = any (${tokens?.[0] ?? []})`;
  expect(living?.subject).toMatch(/^[0-9a-f-]{36}$/);
  const records = await world.sql<{ row: string }[]>`
    select row_to_json(activity)::text as row from activity union all select row_to_json(approval)::text from approval
    union all select row_to_json(job)::text from job union all select row_to_json(effect)::text from effect
    union all select row_to_json(outbox)::text from outbox union all select row_to_json(privacy_ledger)::text from privacy_ledger`;
  for (const { row } of records) {
    expect(row).not.toContain(person);
    expect(row).not.toContain(living?.subject);
    expect(
      [row, ...(tokens?.[0] ?? [])].filter((token) => row.includes(token) && token !== row).length,
    ).toBeLessThan(2);
    if (row.includes(erasure?.token)) expect(tokens?.[0]?.filter((token) => row.includes(token))).toEqual([]);
  }
  expect(await world.run(erasePolicy, { person, target: "eu", policy: "minimal", reason })).toMatchObject({
    ok: true,
    awaitsApproval: true,
  });
  // Nor does it tell those who may approve it.
  const [open] = await getApprovals(world.console, world.second, { state: "open", limit: 1 }, new Date());
  expect(open?.input).toEqual({ subject: "a person", target: "eu", policy: "minimal", reason });
});

test("a floor keeps the key until its day, and a law that changes it changes the day", async () => {
  const person = "kept by a floor";
  const first = await world.append("us", person, "confidential", 30);
  await erase(person, "confidential", "us");
  await world.settled();
  const [kept] = (await world.erasures()).slice(-1);
  const newest = new Date(first.occurredAt);
  const due = (days: number) => new Date(newest.getTime() + days * 86_400_000);
  expect(kept).toMatchObject({ state: "kept", due_at: due(1_825), held_by: [] });
  expect(await world.reveal("us", first)).toEqual(readable(person));
  // What is appended from now on has a token of its own.
  const later = await world.append("us", person, "confidential", 0);
  expect(await policyOf(person, "confidential", "us")).toMatchObject([
    { state: "kept", events: 1, dueAt: due(1_825).toISOString() },
    { state: "open", events: 1 },
  ]);
  expect(await erase(person, "confidential", "us")).toMatchObject({
    erasures: [{ state: "kept" }, { state: "asked" }],
  });
  await world.settled();

  const floor = (days: number) => world.databases.us.sql`
    update public.retention_policy set floor_days = ${days}, ceiling_days = 4000 where name = 'confidential'`;
  await floor(2_000);
  expect(await beginDueErasures(world.console, due(1_825))).toBe(2);
  await world.settled();
  const [, looked] = (await world.erasures()).slice(-2);
  expect((await world.erasures()).find(({ token }) => token === kept?.token)).toMatchObject({
    state: "kept",
    due_at: due(2_000),
  });
  expect(looked).toMatchObject({ state: "kept" });
  await floor(20);
  // A day later it is looked at whatever its day was.
  await world.sql`update erasure set looked_at = looked_at - interval '25 hours' where token = ${kept?.token}`;
  expect(await beginDueErasures(world.console)).toBe(1);
  await world.settled();
  expect((await world.erasures()).find(({ token }) => token === kept?.token)).toMatchObject({
    state: "destroyed",
  });
  expect(await world.reveal("us", first)).toEqual({ state: "erased" });
  expect(await world.reveal("us", later)).toEqual(readable(person));
  await floor(1_825);
});

test("nobody whom the vault does not know is found, and that is said", async () => {
  expect(await view("a stranger")).toEqual({ found: false, policies: [], restriction: null });
  expect(
    await world.run(erasePolicy, { person: "a stranger", target: "eu", policy: "minimal", reason }),
  ).toMatchObject({
    ok: false,
    error: { code: "NOT_FOUND", message: "This console has no key of such a person." },
  });
  expect(await world.run(viewSubject, { person: "a stranger" }, world.viewer)).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
});
