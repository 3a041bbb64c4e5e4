import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createToken } from "../../accounts/create-token.ts";
import { connect } from "../../audit-db/connect.ts";
import { createMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import type { Actor } from "../../auth/actor.ts";
import { authenticateBearer } from "../../auth/tokens.ts";
import { closeConsoleDb } from "../../db/console-db.ts";
import { replaceEnv } from "../../env.ts";
import { confirmHolds } from "../../holds/confirm-holds.ts";
import type { Destruction } from "../../holds/types.ts";
import { closeVault } from "../../key-store/open-vault.ts";
import { type Administration, startAdministration } from "../../testing/administration.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { statesOf } from "../../testing/look.ts";
import { addActor } from "../../testing/people.ts";
import { defineEffect } from "../../verbs/effects/effect.ts";
import { intendEffect } from "../../verbs/effects/intend-effect.ts";
import { settleEffect } from "../../verbs/effects/settle-effect.ts";
import { waitingHold } from "./check-waiting-holds.ts";
import { countHolds } from "./count-holds.ts";
import { getHold, getHolds } from "./get-holds.ts";
import { listWaitingHolds } from "./list-waiting-holds.ts";
import { placeHold } from "./place-hold.ts";
import { releaseHold } from "./release-hold.ts";

const folder = mkdtempSync(path.join(tmpdir(), "audit-holds-"));
const reason = "Ticket AUD-1, case of 2026";
let administration: Administration;
let officer: Actor;
let second: Actor;

beforeAll(async () => {
  administration = await startAdministration();
  const masterKeyFile = path.join(folder, "master-key.json");
  createMasterKeyFile(masterKeyFile);
  replaceEnv({
    CONSOLE_DATABASE_URL: administration.url,
    AUDIT_DATABASE_URL: "postgres://x@127.0.0.1:1/x",
    MASTER_KEY_FILE: masterKeyFile,
    LOG_LEVEL: "silent",
  });
  officer = await addActor(administration.console, "privacy_officer");
  second = await addActor(administration.console, "privacy_officer");
});
afterAll(async () => {
  await closeVault();
  await closeConsoleDb();
  await administration.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => administration.sql`truncate legal_hold, effect`);

const place = (input: object = {}, by = officer) =>
  administration.succeed(placeHold, by, { name: "Case", reason, ...input });
const holdOf = (id: string) => getHold(administration.console.db, id);

test("it is in force at once where nothing was being destroyed, and is on record by its number alone", async () => {
  const { sql, lastActivity, console } = administration;
  const placed = await place({ scope: { organizations: ["o1"], from: "2026-01-01T00:00:00Z" } });
  expect(placed).toMatchObject({ version: 1, state: "in_force", awaits: [] });
  expect(await holdOf(placed.id)).toMatchObject({
    number: placed.number,
    name: "Case",
    reason,
    scope: { organizations: ["o1"], from: "2026-01-01T00:00:00Z" },
    person: false,
    state: "in_force",
    awaits: [],
    placedBy: officer.email,
    releasedBy: null,
  });
  const activity = await lastActivity("hold.place");
  expect(activity).toMatchObject({ object_type: "hold", object_id: String(placed.number), target: null });
  expect(activity?.payload).toMatchObject({
    targetId: String(placed.number),
    details: { state: "in_force", awaits: 0, person: false },
  });
  const [told] =
    await sql`select count(*)::int as n from outbox where payload::text like '%Case%' or payload::text like '%o1%'`;
  expect(told).toEqual({ n: 0 });
  expect(await countHolds(console.db)).toEqual({ placing: 0, in_force: 1, released: 0 });
});

test("a person's id is kept nowhere: the hold knows the vault's subject, also before their first event", async () => {
  const { sql, run } = administration;
  const person = "patient-4711-unheard-of";
  const placed = await place({ person });
  const again = await place({ person });
  const rows = await sql`select subject from legal_hold where id in (${placed.id}, ${again.id})`;
  expect(rows[0]?.subject).toMatch(/^[0-9a-f-]{36}$/);
  expect(rows[1]?.subject).toBe(rows[0]?.subject);
  expect(await holdOf(placed.id)).toMatchObject({ person: true });
  const refused = await addActor(administration.console, "viewer");
  expect(await run(placeHold, refused, { name: "Case", reason, person })).toMatchObject({ ok: false });
  expect(
    await run(placeHold, officer, { name: "Case", reason, person, scope: { targets: ["nowhere"] } }),
  ).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT", fields: { "scope.targets": "names no target of this console: nowhere" } },
  });
  expect(await tablesHolding(sql, person)).toEqual([]);
  expect(await tablesHolding(sql, rows[0]?.subject)).toEqual([
    "legal_hold",
    "vault.blind_index",
    "vault.subject",
  ]);
});

test("a scope that could cover nothing is refused with its place", async () => {
  const { run } = administration;
  const problemOf = async (scope: object) => {
    const answer = await run(placeHold, officer, { name: "Case", reason, scope });
    return answer.ok ? answer : answer.error.fields;
  };
  expect(await problemOf({ policies: [] })).toEqual({
    "scope.policies": "name one at least, or leave it out",
  });
  expect(await problemOf({ from: "2026-02-01T00:00:00Z", to: "2026-02-01T00:00:00Z" })).toEqual({
    "scope.to": "must be after from",
  });
  expect(await problemOf({ from: "2026-02-01T00:00:00.000001Z" })).toEqual({
    "scope.from": "must not be finer than milliseconds",
  });
  // What no server reads as a time, or keeps as a text, would be an error of every destruction it is asked about.
  expect(await problemOf({ from: "0000-02-01T00:00:00Z" })).toEqual({
    "scope.from": "must lie in the years 1 to 9999",
  });
  expect(await problemOf({ organizations: ["a\u0000b"] })).toEqual({
    "scope.organizations.0": expect.stringContaining("NUL"),
  });
  expect(await problemOf({ to: "2026-02-01" })).toMatchObject({
    "scope.to": expect.stringContaining("zone"),
  });
});

test("whoever placed it cannot release it, by no token either; somebody else does, once, as they saw it", async () => {
  const { console, run, admin, sql } = administration;
  const placer = await addActor(console, "admin");
  const placed = await place({}, placer);
  const { secret } = await administration.succeed(createToken, placer, { name: "t", scopes: ["admin"] });
  const token = await authenticateBearer(console.db, `Bearer ${secret}`);
  const input = { hold: placed.number, version: 1, reason: "the case is closed" };
  for (const hold of ["the case", 0])
    expect(await run(releaseHold, second, { ...input, hold })).toMatchObject({
      ...{
        ok: false,
        error: { code: "BAD_INPUT", message: "hold: is neither the number nor the id of a hold" },
      },
    });
  for (const actor of [placer, token])
    expect(await run(releaseHold, actor, input)).toMatchObject({
      ok: false,
      error: { code: "FORBIDDEN", message: expect.stringContaining("Somebody else must release it") },
    });
  await expect(
    sql`update legal_hold set state = 'released', released_at = now(), released_by = placed_by`,
  ).rejects.toThrow(/legal_hold_second_person/);
  for (const version of [2, 9_007_199_254_740_991])
    expect(await run(releaseHold, second, { ...input, version })).toMatchObject({
      ok: false,
      error: { code: "CONFLICT", message: `Hold #${placed.number} is no longer as you saw it.` },
    });
  const both = await Promise.all([run(releaseHold, second, input), run(releaseHold, admin, input)]);
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: "CONFLICT" } });
  expect(await holdOf(placed.id)).toMatchObject({
    state: "released",
    version: 2,
    releasedBy: expect.any(String),
    releaseReason: "the case is closed",
  });
  expect(await getHolds(console.db, { state: "standing", limit: 10 })).toEqual([]);
  expect(await getHolds(console.db, { state: "all", limit: 10 })).toMatchObject([{ id: placed.id }]);
});

const erased = defineEffect({
  action: "test.erase",
  input: z.strictObject({ token: z.string(), policy: z.string() }),
  destroys: ({ token, policy }): Destruction[] => [{ target: "audit", policy, tokens: [token] }],
  look: async () => "cannot tell",
});
const intend = (token: string, policy: string) =>
  administration.console.db.transaction((tx) =>
    intendEffect(tx, {
      effect: erased,
      input: { token, policy },
      actor: { kind: "system", id: "test", name: "test" },
      target: "audit",
    }),
  );

test("destructions that began before are named, and it is in force once each is settled, whichever way", async () => {
  const { console, lastActivity } = administration;
  const [first, other, third] = [
    await intend("t1", "phi"),
    await intend("t1", "minimal"),
    await intend("t2", "phi"),
  ];
  const placed = await place({ scope: { policies: ["phi"] } });
  expect(placed).toMatchObject({ state: "placing", awaits: [first.id, third.id] });
  expect(await holdOf(placed.id)).toMatchObject({
    state: "placing",
    inForceAt: null,
    awaits: [
      { id: first.id, action: "test.erase", target: "audit", intendedAt: first.intendedAt.toISOString() },
      { id: third.id },
    ],
  });
  const settle = (row: typeof first, state: "done" | "failed" | "unknown") =>
    settleEffect(console, row, { state, by: "reconciler" }, { auditTargets: ["audit"], now: new Date() });
  await settle(first, "unknown");
  await settle(third, "failed");
  expect(await confirmHolds(console, ["audit"])).toBe(0);
  expect(await holdOf(placed.id)).toMatchObject({ state: "placing", awaits: [{ id: first.id }] });
  await settle(first, "done");
  expect(await Promise.all([confirmHolds(console, ["audit"]), confirmHolds(console, ["audit"])])).toContain(
    1,
  );
  expect(await holdOf(placed.id)).toMatchObject({ state: "in_force", version: 2, awaits: [] });
  expect(await lastActivity("hold.confirm")).toMatchObject({
    object_id: String(placed.number),
    outcome: "success",
    payload: { details: { awaited: 2 } },
  });
  expect(other.state).toBe("intended");
});

test("one of which only rows could tell is named as well; one of somebody who stands in none of it is not", async () => {
  const begun = await intend("t1", "phi");
  expect(await place({ scope: { organizations: ["o1"] } })).toMatchObject({ awaits: [begun.id] });
  expect(await place({ scope: { organizations: ["o1"], policies: ["minimal"] } })).toMatchObject({
    awaits: [],
  });
  // Nobody knows a key of theirs, so no row can name them.
  expect(await place({ person: "somebody without an event" })).toMatchObject({ awaits: [] });
});

test("a hold that waits for long is found, and gone once it is in force", async () => {
  const { console, sql } = administration;
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const audit = connect({ target: "audit", urls: { watch: administration.url }, logger: quiet });
  const look = () => statesOf(waitingHold, { audit, waitingHolds: () => listWaitingHolds(sql) });
  const begun = await intend("t1", "phi");
  const placed = await place();
  expect(await listWaitingHolds(sql)).toMatchObject([{ number: placed.number, name: "Case", awaits: 1 }]);
  expect(await look()).toEqual([[`#${placed.number}`, "ok"]]);
  await sql`update legal_hold set placed_at = now() - interval '6 minutes'`;
  expect(await look()).toEqual([[`#${placed.number}`, "warning"]]);
  await settleEffect(
    console,
    begun,
    { state: "failed", by: "actor" },
    { auditTargets: ["audit"], now: new Date() },
  );
  await confirmHolds(console, ["audit"]);
  expect(await look()).toEqual([]);
  await audit.close();
});
