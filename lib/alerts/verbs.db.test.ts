import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../auth/actor.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { evaluateFound, type Found, foundCheck } from "../testing/evaluate.ts";
import { addActor } from "../testing/people.ts";
import { getIncident } from "./get-incident.ts";
import { getIncidents, type IncidentFilter } from "./get-incidents.ts";
import { createAlertsVerbs } from "./verbs.ts";

const target = "audit";
const idle = foundCheck("connections.idle");
const guardedCheck = foundCheck("partitions.rows_changed", { guarded: true });
const checks = new Map([[idle.id, idle]]);
const alertsVerbs = createAlertsVerbs([idle, guardedCheck]);
let administration: Administration;
let ada: Actor;
let bob: Actor;
beforeAll(async () => {
  administration = await startAdministration();
  ada = await addActor(administration.console, "operator");
  bob = await addActor(administration.console, "operator");
});
afterAll(() => administration?.close());
beforeEach(
  () => administration.sql`
  truncate check_state, check_evaluation, check_threshold, alert, alert_span, incident, incident_event restart identity cascade`,
);

const begun = Date.now() - 3_600_000;
const at = (seconds: number) => new Date(begun + seconds * 1_000);
const found = (seconds: number, objects: NonNullable<Found["objects"]>) =>
  evaluateFound(administration.sql, target, [{ check: idle, at: at(seconds), objects }]);
const list = (filter: Partial<IncidentFilter> = {}) =>
  getIncidents(
    administration.console.sql,
    checks,
    {
      targets: [target],
      order: "worst",
      limit: 50,
      offset: 0,
      ...filter,
    },
    new Map(),
  );
const only = async () => {
  const { incidents } = await list();
  if (!incidents[0]) throw new Error("there is no incident");
  return incidents[0];
};

test("what an evaluation finds is one incident that a person acknowledges, and its page tells of both", async () => {
  await found(0, [["a", "warning", 400]]);
  const { id, version } = await only();
  const answer = await administration.succeed(alertsVerbs.acknowledgeIncident, ada, {
    target,
    incident: id,
    version,
  });
  expect(answer).toEqual({ changed: [{ id, number: 1, version: 2, state: "acknowledged" }], refused: [] });
  const page = await getIncident(
    administration.console.sql,
    checks,
    { number: 1, targets: [target] },
    {
      hushes: new Map(),
      expired: async () => [],
    },
  );
  expect(page).toMatchObject({
    title: "a is warning.",
    checkTitle: "Sample connections.idle",
    runbook: "End the session.",
    acknowledged: { by: ada.name },
    alerts: [
      {
        objectKey: "database:a",
        condition: "firing",
        severity: "warning",
        spans: [{ from: at(0), to: null }],
      },
    ],
  });
  expect(page.timeline.map(({ kind, actor }) => [kind, actor?.name ?? null])).toEqual([
    ["opened", null],
    ["acknowledged", ada.name],
  ]);
});

test("of two people who act on the same version one wins; the other is told who was first, and when", async () => {
  await found(0, [["a", "warning", 400]]);
  const { id, version } = await only();
  const both = await Promise.all(
    [ada, bob].map((actor) =>
      administration.run(alertsVerbs.acknowledgeIncident, actor, { target, incident: id, version }),
    ),
  );
  const lost = both.find((answer) => !answer.ok);
  const [winner] = [ada, bob].filter((_, i) => both[i]?.ok);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(lost).toMatchObject({
    error: {
      code: "CONFLICT",
      message: expect.stringMatching(
        new RegExp(
          `^#1 was changed by ${winner?.name} at .* UTC: it is acknowledged by ${winner?.name} since `,
        ),
      ),
      current: { state: "acknowledged", by: winner?.name },
    },
  });
});

test("an acknowledgement covers what fires then: a new object re-opens it and is told once; the assignee stays", async () => {
  await found(0, [["a", "warning", 400]]);
  const { id } = await only();
  await administration.succeed(alertsVerbs.assignIncident, ada, { target, incident: id, to: "me" });
  await administration.succeed(alertsVerbs.acknowledgeIncident, ada, { target, incident: id });
  await found(30, [["a", "warning", 430]]);
  expect(await only()).toMatchObject({ state: "acknowledged", version: 3 });
  const both = [
    ["a", "warning"],
    ["b", "warning"],
  ] as const;
  await found(60, both);
  await found(90, both);
  expect(await only()).toMatchObject({
    state: "open",
    firing: 2,
    acknowledged: null,
    assignee: { name: ada.name },
  });
  const [row] = await administration.sql`select telling from incident`;
  expect(row).toEqual({ telling: 2 });
});

test("closed with a reason while it fires: the same objects open none, a new one does and holds all that fires", async () => {
  await found(0, [["a", "warning", 400]]);
  const { id } = await only();
  const close = (input: object) =>
    administration.run(alertsVerbs.closeIncident, ada, { target, incident: id, ...input });
  expect(await close({})).toMatchObject({
    error: { code: "BAD_INPUT", fields: { reason: expect.any(String) } },
  });
  expect(await close({ reason: "Known since Monday" })).toMatchObject({ ok: true });
  expect(await close({ reason: "Known since Monday" })).toMatchObject({ error: { code: "CONFLICT" } });
  await found(30, [["a", "warning", 430]]);
  expect((await list()).incidents).toHaveLength(1);
  await found(60, [
    ["a", "warning"],
    ["b", "notice"],
  ]);
  expect((await list({ states: ["open"] })).incidents).toMatchObject([
    { number: 2, firing: 2, severity: "warning" },
  ]);
});

test("several at once: each that can be is changed, those that cannot say why; people who may not act are nobody's choice", async () => {
  const other = foundCheck("connections.used");
  await evaluateFound(administration.sql, target, [
    { check: idle, at: at(0), objects: [["a", "warning"]] },
    { check: other, at: at(0), objects: [["a", "critical"]] },
  ]);
  const { incidents } = await list();
  const [first, second] = incidents.map(({ id }) => ({ id }));
  await administration.succeed(alertsVerbs.acknowledgeIncident, bob, { target, incident: second?.id });
  const answer = await administration.succeed(alertsVerbs.acknowledgeIncident, ada, {
    target,
    incidents: [first, second],
  });
  expect(answer.changed).toMatchObject([{ id: first?.id, state: "acknowledged" }]);
  expect(answer.refused).toMatchObject([
    {
      id: second?.id,
      code: "CONFLICT",
      message: expect.stringContaining(`acknowledged by ${bob.name} since`),
    },
  ]);
  const viewer = await addActor(administration.console, "viewer");
  const assign = (actor: Actor, to: string | null) =>
    administration.codeOf(alertsVerbs.assignIncident, actor, { target, incident: first?.id, to });
  expect([await assign(ada, viewer.id), await assign(viewer, ada.id), await assign(ada, bob.id)]).toEqual([
    "BAD_INPUT",
    "FORBIDDEN",
    "ok",
  ]);
  expect((await list({ assignee: bob.id })).incidents.map(({ id }) => id)).toEqual([first?.id]);
  expect((await list({ q: "#2", targets: ["other"] })).total).toBe(0);
});

test("a comment stands on the timeline as it was typed, and in no record beside it", async () => {
  await found(0, [["a", "warning"]]);
  const { id } = await only();
  const text = "<b>Looked</b> at oddword 😀";
  await administration.succeed(alertsVerbs.commentOnIncident, ada, { target, incident: id, text });
  const page = await getIncident(
    administration.console.sql,
    checks,
    { id, targets: [target] },
    { hushes: new Map(), expired: async () => [] },
  );
  expect([page.timeline.at(-1)?.text, page.version]).toEqual([text, 1]);
  const activity = await administration.lastActivity("alert.comment");
  expect(JSON.stringify(activity)).not.toContain("oddword");
  const long = { target, incident: id, text: "x".repeat(4_001) };
  expect(await administration.codeOf(alertsVerbs.commentOnIncident, ada, long)).toBe("BAD_INPUT");
});

test("nobody alone puts what a guarded check found aside for more than a day; beside another the rest is done", async () => {
  await evaluateFound(administration.sql, target, [
    { check: idle, at: at(0), objects: [["a", "warning", 400]] },
    { check: guardedCheck, at: at(0), objects: [["p", "critical", 1_000]] },
  ]);
  const [plain, guarded] = (
    await administration.sql<{ id: string }[]>`select id from incident order by number`
  ).map(({ id }) => id);
  const until = (hours: number) => new Date(Date.now() + hours * 3_600_000);
  const { snoozeIncident: snooze, acknowledgeIncident: acknowledge } = alertsVerbs;
  const refusal = {
    error: {
      code: "BAD_INPUT",
      message: "#2 is of “Sample partitions.rows_changed”, which is guarded: for 24 h at most.",
      fields: { until: "may lie at most 24 h ahead" },
    },
  };
  const tooLong = { target, incident: guarded ?? "", until: until(25).toISOString() };
  expect(await administration.run(snooze, ada, tooLong)).toMatchObject(refusal);
  expect(await administration.run(acknowledge, ada, tooLong)).toMatchObject(refusal);
  const both = await administration.succeed(snooze, ada, {
    target,
    incidents: [{ id: plain ?? "" }, { id: guarded ?? "" }],
    until: until(25).toISOString(),
  });
  expect(both).toMatchObject({
    changed: [{ id: plain, state: "snoozed" }],
    refused: [{ id: guarded, code: "BAD_INPUT" }],
  });
  const dayLong = { target, incident: guarded ?? "", until: until(24).toISOString() };
  expect(await administration.succeed(snooze, ada, dayLong)).toMatchObject({ changed: [{ id: guarded }] });
});
