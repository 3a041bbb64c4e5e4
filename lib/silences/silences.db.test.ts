import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { endResolvedSilences } from "../alerting/end-resolved-silences.ts";
import { parseMatchers } from "../alerting/parse-matchers.ts";
import { readExpiredSilences } from "../alerting/read-expired-silences.ts";
import { readFiring } from "../alerting/read-firing.ts";
import { askDrizzle } from "../alerting/statement.ts";
import { createApprovalsVerbs } from "../approvals/verbs.ts";
import type { Actor } from "../auth/actor.ts";
import type { CheckObject } from "../check.ts";
import { checks } from "../checks.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { fire, hushed, resolve } from "../testing/firing.ts";
import { addActor } from "../testing/people.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { getMaintenanceWindows } from "./get-maintenance-windows.ts";
import { getSilences } from "./get-silences.ts";
import { previewSilence } from "./preview-silence.ts";
import { createSilencesVerbs } from "./verbs.ts";

const verbs = createSilencesVerbs(checks);
const { approveRequest } = createApprovalsVerbs(
  (name) => Object.values(verbs).find((verb) => verb.name === name) as unknown as AdminAction<never, unknown>,
);
const target = "audit";
const minuteMs = 60_000;
let administration: Administration;
let operator: Actor;
let second: Actor;

beforeAll(async () => {
  administration = await startAdministration();
  operator = await addActor(administration.console, "operator");
  second = await addActor(administration.console, "admin");
});
afterAll(() => administration?.close());
beforeEach(async () => {
  await administration.sql`truncate incident, alert, silence, maintenance_window, approval cascade`;
});

const idle = "connections.idle_in_transaction";
const guard = "partitions.guard_trigger";
const table: CheckObject = { kind: "relation", database: "app", schema: "public", name: "audit_log" };

const reason = "Ticket AUD-12, the pooler is moved";
const about = (matchers: string) => ({ target, matchers: parseMatchers(matchers), reason });
const list = async (now = new Date()) =>
  (await getSilences(administration.console.db, checks, { targets: [target], limit: 100 }, now)).silences;
const kinds = async (id: string) =>
  (await administration.sql`select kind from incident_event where incident_id = ${id} order by seq`).map(
    ({ kind }) => kind,
  );

describe("a silence", () => {
  test("hushes from its beginning to its end, says whom it hushes, stands on the timeline and in the log", async () => {
    const { succeed, lastActivity } = administration;
    const id = await fire(administration, idle);
    const made = await succeed(verbs.createSilence, operator, { ...about(`check=${idle}`), minutes: 60 });
    expect(made).toEqual({
      id: expect.any(String),
      endsAt: expect.any(Date),
      alerts: 1,
      incidents: [expect.any(Number)],
    });
    expect(await hushed(administration, id)).toMatchObject({
      by: "silence",
      id: made.id,
      until: (made as { endsAt: Date }).endsAt,
    });
    expect(await hushed(administration, id, new Date(Date.now() + 61 * minuteMs))).toBeNull();
    expect(await kinds(id)).toEqual(["silenced"]);
    expect(await list()).toMatchObject([
      {
        state: "active",
        by: operator.email,
        reason,
        hushes: { alerts: 1, incidents: 1, list: [{ title: "It is bad." }] },
      },
    ]);
    expect(await lastActivity("silence.create")).toMatchObject({
      outcome: "success",
      target,
      object_name: `check=${idle}`,
      detail: { reason },
    });
  });

  test("is ended once: the second person is told who and when", async () => {
    const { succeed, run, codeOf } = administration;
    const id = await fire(administration, idle);
    const { id: silence } = (await succeed(verbs.createSilence, operator, {
      ...about("topic=connections"),
      minutes: 60,
    })) as { id: string };
    expect(await codeOf(verbs.endSilence, operator, { target: "*", id: silence })).toBe("NOT_FOUND");
    const both = await Promise.all(
      [second, operator].map((actor) => run(verbs.endSilence, actor, { target, id: silence })),
    );
    const [lost] = both.filter((each) => !each.ok);
    expect(both.filter((each) => each.ok)).toHaveLength(1);
    expect(lost).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringMatching(/^This silence has ended already/) },
    });
    expect(await hushed(administration, id)).toBeNull();
    expect(await kinds(id)).toEqual(["silenced", "unsilenced"]);
    expect(await run(verbs.endSilence, operator, { target, id: silence })).toMatchObject({
      error: { message: expect.stringMatching(/already at .* UTC, by .*@/) },
    });
  });

  test("until resolved ends with the incident it was made for, and stays ended when that fires again", async () => {
    const { succeed, codeOf, sql, console } = administration;
    const id = await fire(administration, idle);
    const until = { ...about("topic=connections"), incident: id, untilResolved: true };
    const made = await succeed(verbs.createSilence, operator, until);
    expect(made).toMatchObject({ endsAt: null });
    expect(await hushed(administration, id)).toMatchObject({
      until: null,
      words: expect.stringContaining("until it resolves"),
    });

    await resolve(administration, id);
    expect(await list()).toMatchObject([{ state: "expired", endedBy: null }]);
    expect(await codeOf(verbs.createSilence, operator, until)).toBe("CONFLICT");
    // It fires again before anybody wrote down that the silence ended.
    await sql`update incident set condition = 'firing', normal_since = null, fires = 2 where id = ${id}`;
    await sql`update alert set condition = 'firing', severity = 'warning' where incident_id = ${id}`;
    expect(await hushed(administration, id)).toBeNull();

    await console.db.transaction((tx) => endResolvedSilences(askDrizzle(tx), target, new Date()));
    const [row] = await sql`select ended_at, ended_by_name from silence`;
    expect(row).toEqual({ ended_at: expect.any(Date), ended_by_name: null });
  });

  test("that is over and would match is named beside what fires now", async () => {
    const { succeed, console } = administration;
    const id = await fire(administration, idle, [table]);
    await succeed(verbs.createSilence, operator, { ...about("schema=public"), minutes: 5 });
    await succeed(verbs.createSilence, operator, { ...about("schema=other"), minutes: 5 });
    const alerts = (await readFiring(console.db)).filter(({ incident }) => incident.id === id);
    const later = new Date(Date.now() + 6 * minuteMs);
    expect(await readExpiredSilences(console.db, { target, alerts, checks }, new Date())).toEqual([]);
    expect(await readExpiredSilences(console.db, { target, alerts, checks }, later)).toEqual([
      { id: expect.any(String), reason, endedAt: expect.any(Date), by: operator.email },
    ]);
    expect((await list(later)).map(({ state }) => state)).toEqual(["expired", "expired"]);
  });

  test("of an incident hushes it only while all its alerts are meant", async () => {
    const { succeed } = administration;
    const other: CheckObject = { ...table, name: "other" };
    const id = await fire(administration, idle, [table, other]);
    await succeed(verbs.createSilence, operator, { ...about("object=public.audit_log"), minutes: 60 });
    expect(await hushed(administration, id)).toBeNull();
    await succeed(verbs.createSilence, operator, { ...about("object=public.other"), minutes: 60 });
    expect((await hushed(administration, id))?.by).toBe("silence");
  });

  test("of everything on every target asks for the phrase; one of this target does not", async () => {
    const { run, codeOf } = administration;
    const all = { target: "*", matchers: [], reason, minutes: 60 };
    expect(await run(verbs.createSilence, operator, all)).toMatchObject({
      error: { code: "BAD_INPUT", fields: { confirmation: "Type “silence everything” to confirm." } },
    });
    expect(await codeOf(verbs.createSilence, operator, all, "silence everything")).toBe("ok");
    expect(await codeOf(verbs.createSilence, operator, { ...all, target })).toBe("ok");
  });

  test.each([
    ["no end", {}],
    ["two ends", { minutes: 5, endsAt: new Date(Date.now() + minuteMs) }],
    ["an end that is past", { endsAt: new Date(Date.now() - minuteMs) }],
    ["an end in a year", { endsAt: new Date(Date.now() + 366 * 1_440 * minuteMs) }],
    ["until resolved, without an incident", { untilResolved: true }],
    ["no reason", { minutes: 5, reason: "aaa" }],
    ["a label that no check can have", { minutes: 5, matchers: parseMatchers("check=no.such") }],
    ["an unknown label", { minutes: 5, matchers: [{ label: "colour", is: "=", value: "red" }] }],
  ])("with %s is refused", async (_what, wrong) => {
    expect(await administration.codeOf(verbs.createSilence, operator, { ...about(""), ...wrong })).toBe(
      "BAD_INPUT",
    );
    expect(await list()).toEqual([]);
  });
});

describe("what guards", () => {
  test("is told through every silence and window an operator or administrator can make", async () => {
    const { succeed, run, admin, console } = administration;
    const id = await fire(administration, guard, [table]);
    for (const matchers of [
      "",
      "check~partitions.g*",
      "check!=connections.used",
      "topic=partitions",
      "schema=public",
    ])
      await succeed(verbs.createSilence, admin, { ...about(matchers), minutes: 60 });
    await succeed(verbs.setMaintenanceWindow, admin, {
      ...{ target, name: "always", matchers: [] },
      when: { startsAt: new Date(Date.now() - minuteMs), endsAt: new Date(Date.now() + 60 * minuteMs) },
    });
    expect(await hushed(administration, id)).toBeNull();
    expect((await list()).map(({ hushes }) => hushes.alerts)).toEqual([0, 0, 0, 0, 0]);
    const preview = await previewSilence(
      console.db,
      checks,
      { target, matchers: [] },
      { targets: [target], allTargets: [target] },
    );
    expect(preview).toMatchObject({
      hushes: { alerts: 0 },
      leftOut: { alerts: 1, list: [{ check: guard }] },
    });
    expect(preview.guardedChecks).toContain("Guard triggers off or missing");
    // What would silence guards alone says so instead of doing nothing.
    expect(await run(verbs.createSilence, admin, { ...about(`check=${guard}`), minutes: 60 })).toMatchObject({
      error: { code: "BAD_INPUT", hint: expect.stringContaining("a second one approves") },
    });
  });

  test("is silenced once a second administrator approved, for a day at most from then", async () => {
    const { succeed, codeOf, run, admin, sql } = administration;
    const id = await fire(administration, guard, [table]);
    const asked = { ...about(`check=${guard}`), minutes: 1_440 };
    expect(await codeOf(verbs.createGuardedSilence, operator, asked)).toBe("FORBIDDEN");
    expect(await codeOf(verbs.createGuardedSilence, admin, { ...asked, minutes: 1_441 })).toBe("BAD_INPUT");
    const { approvalId } = (await succeed(verbs.createGuardedSilence, admin, asked)) as {
      approvalId: string;
    };
    expect(await hushed(administration, id)).toBeNull();
    const [request] = await sql`select digest from approval where id = ${approvalId}`;
    const approve = { approvalId, digest: request?.digest };
    expect(await codeOf(approveRequest, admin, approve)).toBe("FORBIDDEN");
    expect(await codeOf(approveRequest, operator, approve)).toBe("FORBIDDEN");
    expect(await run(approveRequest, second, approve)).toMatchObject({ ok: true });
    expect(await hushed(administration, id)).toMatchObject({
      by: "silence",
      words: expect.stringContaining(`by ${admin.email}`),
    });
    expect(await hushed(administration, id, new Date(Date.now() + 1_440 * minuteMs))).toBeNull();
    expect(await list()).toMatchObject([{ guarded: true, hushes: { alerts: 1 } }]);
  });

  test("the table itself holds no guarded silence of more than a day, or without an end", async () => {
    const { sql } = administration;
    const insert = (ends: string) =>
      sql.unsafe(`
      insert into silence (id, target, matchers, reason, guarded, starts_at, ends_at, created_by_kind, created_by_name, created_at)
      values (gen_random_uuid(), 'audit', '[]', 'r', true, now(), ${ends}, 'user', 'x', now())`);
    await expect(insert("now() + interval '25 hours'")).rejects.toMatchObject({
      constraint_name: "silence_guarded",
    });
    await expect(insert("null")).rejects.toMatchObject({ code: "23514" });
  });
});

describe("a maintenance window", () => {
  const nightly = { target, name: "nightly", matchers: parseMatchers("topic=connections") };
  const when = { cron: "* * * * *", timeZone: "Europe/Berlin", minutes: 1 };
  const windows = (now = new Date()) =>
    getMaintenanceWindows(administration.console.db, checks, [target], now);

  test("that recurs hushes while it is open and on, and lists its next five", async () => {
    const { succeed } = administration;
    const id = await fire(administration, idle);
    // Open at any time of an hour, with a minute in between.
    await succeed(verbs.setMaintenanceWindow, operator, {
      ...nightly,
      when: { cron: "0 * * * *", minutes: 59 },
    });
    const at = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + minuteMs);
    expect(await hushed(administration, id, at)).toMatchObject({
      by: "maintenance",
      words: expect.stringMatching(/^Maintenance window “nightly” until .*:59 UTC\.$/),
    });
    expect(await hushed(administration, id, new Date(at.getTime() - 2 * minuteMs))).toBeNull();
    const [line] = await windows(at);
    expect(line).toMatchObject({
      words: "every hour",
      revision: 1,
      hushes: { alerts: 1 },
      setBy: operator.email,
    });
    expect(line?.open?.to.getTime()).toBe(at.getTime() + 58 * minuteMs);
    expect(line?.next.map(({ from }) => (from.getTime() - at.getTime()) / minuteMs)).toEqual([
      59, 119, 179, 239, 299,
    ]);

    await succeed(verbs.enableMaintenanceWindow, operator, { target, name: "nightly", enabled: false });
    expect(await hushed(administration, id, at)).toBeNull();
    expect(await windows(at)).toMatchObject([{ enabled: false, revision: 2, hushes: { alerts: 0 } }]);
    await succeed(verbs.removeMaintenanceWindow, operator, { target, name: "nightly" });
    expect(await windows()).toEqual([]);
  });

  test("is changed by whoever saw the one that stands", async () => {
    const { succeed, run, codeOf } = administration;
    const set = { ...nightly, when: { cron: "10 3 * * *", timeZone: "Europe/Berlin", minutes: 30 } };
    await succeed(verbs.setMaintenanceWindow, operator, { ...set, revision: 0 });
    expect(await run(verbs.setMaintenanceWindow, second, { ...set, revision: 0 })).toMatchObject({
      error: { code: "CONFLICT", message: `The window “nightly” was set by ${operator.email} meanwhile.` },
    });
    expect(await succeed(verbs.setMaintenanceWindow, second, { ...set, revision: 1 })).toMatchObject({
      revision: 2,
    });
    expect(await codeOf(verbs.removeMaintenanceWindow, operator, { target, name: "weekly" })).toBe(
      "NOT_FOUND",
    );
  });

  test.each([
    ["never ends", { when }],
    ["has an expression that is none", { when: { ...when, cron: "61 * * * *" } }],
    ["has a zone that is none", { when: { ...when, cron: "0 3 * * *", timeZone: "Mars/Base" } }],
    ["ends before it begins", { when: { startsAt: "2026-03-02T00:00:00Z", endsAt: "2026-03-01T00:00:00Z" } }],
    [
      "means guards alone",
      { when: { cron: "0 3 * * *", minutes: 5 }, matchers: parseMatchers(`check=${guard}`) },
    ],
  ])("that %s is refused", async (_what, wrong) => {
    expect(await administration.codeOf(verbs.setMaintenanceWindow, operator, { ...nightly, ...wrong })).toBe(
      "BAD_INPUT",
    );
  });
});
