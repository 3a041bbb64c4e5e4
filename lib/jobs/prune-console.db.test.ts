import { afterAll, beforeAll, expect, test } from "vitest";
import { keepIncidents } from "../alerting/keep-incidents.ts";
import { addApproval } from "../testing/approvals.ts";
import { evaluateFound, foundCheck } from "../testing/evaluate.ts";
import { createConsole } from "../testing/people.ts";
import { approvalsKeptDays, pruneConsole } from "./prune-console.ts";
import { silencesKeptDays } from "./prune-silences.ts";

let given: Awaited<ReturnType<typeof createConsole>>;
beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());

const now = new Date("2027-01-01T00:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

test("how a removed target's checks stood goes after 30 days; a target that is evaluated keeps what it last saw", async () => {
  const { sql } = given.test;
  const state = (target: string, key: string, at: Date) => sql`
    insert into check_state (target, check_id, object_key, object, state, since, evaluated_at, words, path)
    values (${target}, 'a.b', ${key}, '{}', 'critical', ${at}, ${at}, '{}', 'overview')`;
  const evaluated = (target: string, at: Date) => sql`
    insert into check_evaluation (target, check_id, evaluated_at, took_ms, complete) values (${target}, 'a.b', ${at}, 1, true)`;
  for (const [target, days] of [
    ["removed", 31],
    ["resting", 29],
    ["watched", 0],
  ] as const) {
    await evaluated(target, daysAgo(days));
    await state(target, "current", daysAgo(days));
  }
  // An object that no complete answer has confirmed since: the check cannot say that it is gone.
  await state("watched", "unconfirmed", daysAgo(90));
  await sql`insert into check_threshold (check_id, target, limits, set_by_name) values ('a.b', 'removed', '{}', 'ada')`;
  await pruneConsole(given.console, now);
  expect(await sql`select target, object_key from check_state order by 1, 2`).toEqual([
    { target: "resting", object_key: "current" },
    { target: "watched", object_key: "current" },
    { target: "watched", object_key: "unconfirmed" },
  ]);
  expect(await sql`select target from check_evaluation order by 1`).toEqual([
    { target: "resting" },
    { target: "watched" },
  ]);
  expect(await sql`select target from check_threshold`).toEqual([{ target: "removed" }]);
});

test("a decided request is kept for a year from its end; one that waits or may still run stays", async () => {
  const old = daysAgo(approvalsKeptDays + 1);
  const young = daysAgo(approvalsKeptDays - 1);
  const add = (state: "requested" | "approved" | "executed" | "refused" | "expired", at: Date) =>
    addApproval(given.console, {
      ...{ state, requestedAt: old, expiresAt: state === "expired" ? at : old },
      ...((state === "executed" || state === "refused") && { decidedAt: at }),
      ...(state === "executed" && { decidedAt: old, executedAt: at }),
    });
  const kept = [
    await add("requested", old),
    await add("approved", old),
    await add("executed", young),
    await add("refused", young),
    await add("expired", young),
  ];
  for (const state of ["executed", "refused", "expired"] as const) await add(state, old);
  await pruneConsole(given.console, now);
  const left = await given.test.sql<{ id: string }[]>`select id from approval order by id`;
  expect(left.map(({ id }) => id)).toEqual(kept.toSorted());
});

test("closed incidents go after 400 days with what only they told of; what fires at a target that nobody watches is over", async () => {
  const { sql } = given.test;
  await sql`truncate check_state, check_evaluation, alert, alert_span, incident, incident_event cascade`;
  const check = foundCheck("connections.used");
  const at = (target: string, days: number, ...objects: [string, "ok" | "critical"][]) =>
    evaluateFound(sql, target, [{ check, at: daysAgo(days), objects }]);
  await at("watched", 402, ["a", "critical"]);
  await at("watched", 401.9, ["a", "ok"]);
  await keepIncidents({ sql, checks: [check], missedAfterMs: 1e12, clock: () => daysAgo(401).getTime() });
  await at("watched", 1, ["a", "ok"], ["b", "critical"]);
  await at("removed", 31, ["a", "critical"]);
  await sql`delete from check_evaluation where target = 'removed'`;
  await pruneConsole(given.console, now);
  expect(await sql`select target, state, condition, close_reason from incident order by 1`).toEqual([
    {
      target: "removed",
      state: "closed",
      condition: "normal",
      close_reason: "Its target is watched no more.",
    },
    { target: "watched", state: "open", condition: "firing", close_reason: null },
  ]);
  expect(await sql`select target, object_key, condition from alert order by 1`).toEqual([
    { target: "removed", object_key: "database:a", condition: "normal" },
    { target: "watched", object_key: "database:b", condition: "firing" },
  ]);
});

test("a silence goes a year after its end, unless the timeline of a kept incident tells of it", async () => {
  const { sql } = given.test;
  await sql`truncate alert, alert_span, incident, incident_event, silence cascade`;
  const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
  await sql`
    insert into incident (id, target, group_key, check_id, condition, state, version, severity, words, path, firing, telling,
      fires, opened_at, fired_at, changed_at)
    values (${uuid(100)}, 'a', 'c', 'c', 'firing', 'open', 1, 'warning', '{}', 'connections', 1, 1, 1, now(), now(), now())`;
  const [old, young] = [daysAgo(silencesKeptDays + 1), daysAgo(silencesKeptDays - 1)];
  const begun = daysAgo(silencesKeptDays + 90);
  const add = (
    n: number,
    {
      endsAt = null,
      endedAt = null,
      incident = null,
    }: { endsAt?: Date | null; endedAt?: Date | null; incident?: string | null },
  ) => sql`
    insert into silence (id, target, matchers, reason, starts_at, ends_at, incident_id, incident_fires, created_by_kind,
      created_by_name, created_at, ended_at)
    values (${uuid(n)}, '*', '[]', 'a reason', ${begun}, ${endsAt}, ${incident}, ${endsAt ? null : 1}, 'user', 'ann', ${begun}, ${endedAt})`;
  await add(1, { endsAt: old });
  await add(2, { endsAt: young });
  await add(3, { endsAt: now, endedAt: old });
  await add(4, { endsAt: old });
  await sql`
    insert into incident_event (id, incident_id, at, kind, actor_kind, facts)
    values (${uuid(200)}, ${uuid(100)}, ${old}, 'silenced', 'system', ${sql.json({ silence: uuid(4) })})`;
  // Until resolved: of an incident that still fires, and of one that was pruned.
  await add(5, { incident: uuid(100) });
  await add(6, { incident: uuid(101) });
  await pruneConsole(given.console, now);
  const left = await sql<{ id: string }[]>`select id from silence order by id`;
  expect(left.map(({ id }) => id)).toEqual([2, 4, 5].map(uuid));
});

test("a maintenance window that was once goes a year after its end; one that recurs stays", async () => {
  const { sql } = given.test;
  const add = (name: string, ends: Date | null) => sql`
    insert into maintenance_window (id, target, name, matchers, starts_at, ends_at, cron, time_zone, minutes, set_by_name, set_at)
    values (gen_random_uuid(), '*', ${name}, '[]', ${ends && daysAgo(silencesKeptDays + 90)}, ${ends},
      ${ends ? null : "0 3 * * 0"}, ${ends ? null : "UTC"}, ${ends ? null : 60}, 'ann', ${daysAgo(silencesKeptDays + 90)})`;
  await add("long ago", daysAgo(silencesKeptDays + 1));
  await add("this year", daysAgo(silencesKeptDays - 1));
  await add("every week", null);
  await pruneConsole(given.console, now);
  expect(await sql`select name from maintenance_window order by name`).toEqual([
    { name: "every week" },
    { name: "this year" },
  ]);
});
