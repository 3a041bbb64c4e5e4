import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { openConfiguredTarget } from "../../engines/open-target.ts";
import { dayMs, type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { openTestRequest } from "../../testing/requests.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";
import { demoController } from "../controllers/demo-controller.ts";
import { moveRequest } from "../move-request.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { RequestScope, ScopeTarget } from "../scope-types.ts";
import { assertScopeFresh, findStale } from "./find-stale.ts";
import { getScope } from "./get-scope.ts";
import { scopeJob } from "./scope-job.ts";
import { scopeRequest } from "./scope-request.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: PrivacyWorld;
  let jobs: { stop(): Promise<void> };
  beforeAll(async () => {
    world = await startPrivacyWorld(server, { worker: false });
    jobs = startWorker();
  });
  afterAll(async () => {
    await jobs?.stop();
    await world?.close();
  });
  const startWorker = () =>
    startTestJobs({ console: world.console, url: world.consoleUrl }, [scopeJob], openConfiguredTarget);
  let person = "";
  let n = 0;
  beforeEach(() => {
    person = `person ${server} ${++n}`;
  });

  async function opened(
    more: Parameters<typeof openTestRequest>[1]["more"] = {},
    kind: "access" | "erasure" = "access",
  ) {
    const row = await openTestRequest(world, { kind, person, more });
    return world.console.db.transaction((tx) =>
      moveRequest(tx, row, "confirm_identity", { actor: world.officer, now: new Date() }),
    );
  }
  async function scoped(row: RequestRow, thorough?: boolean): Promise<RequestScope> {
    await world.succeed(scopeRequest, { request: row.number, ...(thorough !== undefined && { thorough }) });
    await world.settled();
    const failed = await world.sql`select error from job where state = 'failed'`;
    expect(failed).toEqual([]);
    const scope = await getScope(world.console, row.number, new Date());
    if (!scope) throw new Error("there is no scope");
    return scope;
  }
  const on = (scope: RequestScope, target: string) =>
    scope.targets.find((one) => one.target === target) as ScopeTarget;
  const reload = (row: RequestRow) => requireRequest(world.console.db, row.id);
  const stale = async (row: RequestRow) =>
    findStale({ console: world.console, now: new Date() }, await reload(row));

  test("counts every event once, as actor and as target, by partition, action, class, policy and month", async () => {
    await world.append("eu", person, "minimal", 200);
    await world.append("eu", person, "minimal", 30, { action: "record.changed" });
    await world.append("eu", "somebody", "standard", 40, { targetPerson: { id: person } });
    await world.append("us", person, "standard", 10);
    await world.append("us", "somebody", "standard", 10);
    const { standard } = demoController.policies;
    if (!standard) throw new Error("the demo's controller says nothing of it");
    const policies = { standard: { ...standard, floorLaw: "a law on trade" } };
    const controller = { ...demoController, policies };
    await world.succeed(adminActions.setController, { organization: "*", version: 0, controller });
    const row = await opened();
    const scope = await scoped(row);
    expect(scope).toMatchObject({ state: "done", fresh: true, stale: [] });
    const eu = on(scope, "eu");
    expect(eu).toMatchObject({ problem: null, events: 3, asActor: 2, asTarget: 1 });
    expect(eu.policies).toMatchObject([
      {
        policy: "minimal",
        events: 2,
        free: 1,
        floored: 1,
        held: 0,
        outcome: "floor",
        floorDays: 90,
        holds: [],
        legalBasis: "Operation of the service, ninety days",
        basis: null,
      },
      {
        ...{ policy: "standard", events: 1, floored: 1, outcome: "floor", floorDays: 2555 },
        ...{ legalBasis: "Commercial and tax record keeping, seven years; a law on trade" },
        basis: "legitimate_interest",
      },
    ]);
    for (const sums of [eu.partitions, eu.actions, eu.classes, eu.months])
      expect(sums.reduce((sum: number, { events }: { events: number }) => sum + events, 0)).toBe(3);
    expect(eu.partitions).toHaveLength(3);
    expect(eu.samples).toHaveLength(3);
    expect(eu.samples.find(({ policy }) => policy === "standard")).toMatchObject({ role: "target" });
    expect(on(scope, "us")).toMatchObject({ events: 1, asActor: 1, asTarget: 0 });
    expect(await reload(row)).toMatchObject({ state: "decision_pending", scopeId: scope.id });
    const kept = JSON.stringify(await world.sql`select targets, witness from privacy_request_scope`);
    expect(kept).not.toContain(person);
    const tokens = await world.sql`select token from vault.subject_key`;
    for (const { token } of tokens) expect(kept).not.toContain(token);
  });

  test("holds cover records, not the account: only those in its scope are held", async () => {
    await world.append("eu", person, "minimal", 200, { organizationId: "acme" });
    await world.append("eu", person, "minimal", 210);
    await world.append("eu", person, "minimal", 220);
    const row = await opened();
    const placed = await world.succeed(adminActions.placeHold, {
      name: "Case 1",
      reason: "a letter of the court",
      scope: { organizations: ["acme"] },
    });
    const scope = await scoped(row);
    expect(on(scope, "eu").policies).toMatchObject([
      {
        events: 3,
        free: 2,
        held: 1,
        floored: 0,
        outcome: "held",
        holds: [{ number: placed.number, events: 1 }],
      },
    ]);
    await world.succeed(
      adminActions.releaseHold,
      { hold: placed.number, version: placed.version, reason: "the case is closed" },
      world.second,
    );
    expect(await stale(row)).toEqual([`hold #${placed.number} covers no record on eu any more`]);
    await expect(
      assertScopeFresh({ console: world.console, now: new Date() }, await reload(row)),
    ).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("covers no record") });
    const again = await scoped(row);
    expect(on(again, "eu").policies).toMatchObject([{ free: 3, held: 0, outcome: "erasable", holds: [] }]);
    expect(await stale(row)).toEqual([]);
  });

  test("new events, a floor and a restriction make it stale, in words; what stands in quarantine is held", async () => {
    await world.append("eu", person, "minimal", 200);
    const row = await opened();
    await scoped(row);
    await world.append("eu", person, "minimal", 1);
    expect(await stale(row)).toEqual(["1 new event of minimal on eu"]);
    await scoped(row);
    await world.databases.eu.sql`update retention_policy set floor_days = 10 where name = 'minimal'`;
    expect(await stale(row)).toEqual(["the floor of minimal on eu is 10 days now, and was 90 days"]);
    await world.databases.eu.sql`update retention_policy set floor_days = 90 where name = 'minimal'`;
    expect(await stale(row)).toEqual([]);
    await world.succeed(adminActions.restrictSubject, {
      person,
      ground: "accuracy_contested",
      reason: "the person says so",
    });
    expect(await stale(row)).toContain("the person's data is restricted now");
    await world.append("eu", person, "unheard_of", 3);
    const scope = await scoped(row);
    expect(on(scope, "eu").policies).toMatchObject([
      { policy: "minimal", held: 2, restricted: true, outcome: "held" },
      { policy: "unheard_of", held: 1, quarantined: 1, outcome: "unknown", sharedKey: true, floorDays: null },
    ]);
    await world.succeed(adminActions.liftRestriction, { person, reason: "it was settled" });
  });

  test("identifiers in clear are found in the person's own rows, and in everybody's where it is thorough", async () => {
    const own = await world.append("eu", person, "minimal", 200, {
      details: { note: `by ${person.toUpperCase()}` },
    });
    const other = await world.append("eu", "somebody else", "standard", 20, { outcome: `mailed ${person}` });
    await world.append("us", "somebody else", "standard", 20, { details: { n: 1 } });
    const row = await opened();
    const plain = on(await scoped(row), "eu");
    const key = (event: { id: string; occurredAt: string }) => expect.objectContaining({ id: event.id });
    expect([plain.clearEvents, plain.clear]).toEqual([1, [key(own)]]);
    expect(plain.clear[0]?.fields).toEqual(["details"]);
    const thorough = await scoped(row, true);
    expect(on(thorough, "eu")).toMatchObject({ problem: null, clearEvents: 2 });
    expect(on(thorough, "eu").clear).toEqual(expect.arrayContaining([key(own), key(other)]));
    expect(on(thorough, "us")).toMatchObject({ clearEvents: 0, clear: [] });
    const kept = await world.sql`select targets::text as text from privacy_request_scope`;
    for (const { text } of kept) expect(text.toLowerCase()).not.toContain(person);
  });

  test("all that is found in clear is kept for the redaction, also where it is told in several answers", async () => {
    // More than two megabytes, which are read at once, and than a thousand events, which are told at once.
    const note = () => `${person} ${randomBytes(900).toString("hex")}`;
    const at = Date.now() - 200 * dayMs;
    await world.audit.us.append(
      Array.from({ length: 1_200 }, (_, nth) => ({
        id: uuidV7(at + nth),
        occurredAt: new Date(at + nth).toISOString(),
        organizationId: "o",
        action: "record.viewed",
        status: "success" as const,
        retentionPolicy: "minimal",
        dataClassification: "PUBLIC" as const,
        details: { note: note() },
      })),
    );
    const row = await opened({ targets: ["us"] });
    const us = on(await scoped(row, true), "us");
    expect([us.clearEvents, us.clear.length]).toEqual([1_200, 1_000]);
    const [kept] = await world.sql`
      select count(*)::int as events, count(distinct event_id)::int as distinct from privacy_request_clear
      where scope_id = (select scope_id from privacy_request where number = ${row.number})`;
    expect(kept).toEqual({ events: 1_200, distinct: 1_200 });
  });

  test("a target that cannot be asked is named, hides no other, and leaves nothing to decide on", async () => {
    await world.append("eu", person, "minimal", 200);
    await world.append("us", person, "minimal", 200);
    const row = await opened();
    const { sql } = world.databases.us;
    await sql`revoke select on audit_log from audit_reader`;
    const scope = await scoped(row);
    await sql`grant select on audit_log to audit_reader`;
    expect(on(scope, "eu")).toMatchObject({ events: 1, problem: null });
    expect(on(scope, "us")).toMatchObject({
      events: 0,
      policies: [],
      problem: expect.stringContaining("may not read"),
    });
    expect(await stale(row)).toEqual([expect.stringMatching(/^us could not be counted: /)]);
  });

  test("a decision is taken back when it is counted again; a request that is withdrawn meanwhile stays so", async () => {
    await world.append("eu", person, "minimal", 200);
    const row = await opened();
    await scoped(row);
    await world.console.db.transaction(async (tx) =>
      moveRequest(tx, await requireRequest(tx, row.id), "approve", {
        actor: world.second,
        now: new Date(),
        guard: { scopeFresh: true, decided: true },
        set: { decision: { ground: null, parts: [] }, decidedByName: "second" },
      }),
    );
    await scoped(row);
    expect(await reload(row)).toMatchObject({
      state: "decision_pending",
      decision: null,
      decidedByName: null,
    });
    expect(await world.run(scopeRequest, { request: row.number, version: 1 })).toMatchObject({
      ok: false,
      error: { code: "CONFLICT" },
    });
    expect(await world.run(scopeRequest, { request: row.number }, world.viewer)).toMatchObject({
      ok: false,
      error: { code: "FORBIDDEN" },
    });
  });

  test.runIf(server === 18)(
    "stopped in the middle for want of room it is resumed, comes to the same end, and has nothing twice",
    async () => {
      for (const target of ["eu", "us"] as const)
        await world.append(target, "somebody else", "minimal", 200, { details: { note: person } });
      const row = await opened();
      await world.sql.unsafe(`
      create function no_room() returns trigger language plpgsql as $$ begin
        if (select count(*) from privacy_request_clear where scope_id = new.scope_id) >= 1 then
          raise exception 'could not extend file: no space left on device' using errcode = '53100';
        end if;
        return new; end $$;
      create trigger no_room before insert on privacy_request_clear for each row execute function no_room();`);
      await world.succeed(scopeRequest, { request: row.number, thorough: true });
      await world.settled();
      await world.sql.unsafe("drop trigger no_room on privacy_request_clear; drop function no_room");
      const failed = await reload(row);
      expect(failed).toMatchObject({ state: "failed", resumesAt: "scoping", problem: expect.any(String) });
      expect(failed.problem).not.toContain(person);
      await world.sql`delete from job where state = 'failed'`;
      // As thorough as it was asked for: of itself an access looks through the person's own rows alone.
      await world.succeed(adminActions.resumeRequest, { request: row.number });
      await world.settled();
      expect(await reload(row)).toMatchObject({ state: "decision_pending", problem: null });
      const scope = await getScope(world.console, row.number, new Date());
      expect(
        scope?.targets.map(({ target, clearEvents, problem }) => [target, clearEvents, problem]),
      ).toEqual([
        ["eu", 1, null],
        ["us", 1, null],
      ]);
      const kept =
        await world.sql`select target from privacy_request_clear where scope_id = ${scope?.id ?? ""} order by 1`;
      expect(kept.map(({ target }) => target)).toEqual(["eu", "us"]);
    },
  );

  test("who changes a request in the moment in which it is counted holds it up, and stops nothing", async () => {
    const row = await opened();
    const other = postgres(world.consoleUrl, { max: 1, onnotice: () => {} });
    await other`begin`;
    // Nobody counts it before the other one has changed it.
    await jobs.stop();
    await world.succeed(scopeRequest, { request: row.number });
    await other`update privacy_request set version = version + 1 where id = ${row.id}`;
    jobs = startWorker();
    await vi.waitFor(async () => {
      const waiting = await world.sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      expect(waiting).toHaveLength(1);
    }, 20_000);
    await other`commit`;
    await other.end();
    await world.settled();
    expect(await reload(row)).toMatchObject({ state: "decision_pending", problem: null });
  });

  test("of several organisations an access counts those that it is about, and an erasure what goes with the keys", async () => {
    await world.append("eu", person, "minimal", 200, { organizationId: "acme" });
    await world.append("eu", person, "minimal", 200, { organizationId: "other" });
    const access = await scoped(await opened({ organizations: ["acme"] }));
    expect(on(access, "eu").events).toBe(1);
    const erasure = await scoped(await opened({ organizations: ["acme"] }, "erasure"), false);
    expect(on(erasure, "eu").events).toBe(2);
  });

  test("somebody whom the vault does not know has nothing", async () => {
    const scope = await scoped(await opened());
    for (const target of scope.targets)
      expect(target).toMatchObject({ problem: null, events: 0, policies: [] });
    expect(dayMs).toBeGreaterThan(0);
  });
});
