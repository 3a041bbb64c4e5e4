import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { evaluateFound, foundCheck } from "../testing/evaluate.ts";

let console: TestDatabase;
beforeAll(async () => {
  console = await createDatabase({ template: "console" });
});
afterAll(() => console?.drop());
beforeEach(
  () => console.sql`
    truncate check_state, check_evaluation, alert, alert_span, incident, incident_event
    restart identity cascade`,
);

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 12, minutes));
const idle = foundCheck("connections.idle");
const look = (minutes: number, state: "ok" | "warning" | "critical", object = "a") =>
  evaluateFound(console.sql, "t", [{ check: idle, at: at(minutes), objects: [[object, state, 400]] }]);
const incident = async () =>
  (
    await console.sql`select condition, state, flapping, telling, fires from incident order by number desc limit 1`
  )[0];
const kinds = async () =>
  (await console.sql`select kind from incident_event order by seq`).map(({ kind }) => kind);

test("four changes within an hour: told once as flapping, no fire and no end after that, steady after 20 minutes", async () => {
  for (const [minutes, state] of [
    [0, "warning"],
    [5, "ok"],
    [10, "warning"],
  ] as const)
    await look(minutes, state);
  expect(await incident()).toMatchObject({ flapping: false, telling: 2, fires: 2 });
  await look(15, "ok");
  expect(await incident()).toMatchObject({ condition: "normal", flapping: true, telling: 3, fires: 2 });
  for (const [minutes, state] of [
    [20, "warning"],
    [25, "ok"],
    [30, "warning"],
    [35, "ok"],
  ] as const)
    await look(minutes, state);
  expect(await incident()).toMatchObject({ condition: "normal", flapping: true, telling: 3, fires: 4 });
  await look(54, "ok");
  expect(await incident()).toMatchObject({ flapping: true });
  await look(55, "ok");
  expect(await incident()).toMatchObject({ condition: "normal", state: "open", flapping: false, telling: 3 });
  expect(await kinds()).toEqual([
    "opened",
    "resolved",
    "refired",
    "resolved",
    "flapping",
    "refired",
    "resolved",
    "refired",
    "resolved",
    "steadied",
  ]);
});

test("while it flaps a graver state is told all the same, and an acknowledgement lasts", async () => {
  for (const [minutes, state] of [
    [0, "warning"],
    [5, "ok"],
    [10, "warning"],
    [15, "ok"],
    [20, "warning"],
  ] as const)
    await look(minutes, state);
  await console.sql`
    update incident set state = 'acknowledged', acknowledged_at = ${at(21)}, acknowledged_until = ${at(600)},
      acknowledged_by_id = 'x', acknowledged_by_name = 'Ada', covered = (select jsonb_build_object(id, severity) from alert)`;
  await look(25, "ok");
  await look(30, "warning");
  expect(await incident()).toMatchObject({ state: "acknowledged", telling: 3 });
  await look(31, "critical");
  expect(await incident()).toMatchObject({ state: "open", telling: 4 });
});

test("once an hour is no flapping", async () => {
  for (const hour of [0, 60, 120]) {
    await look(hour, "warning");
    await look(hour + 5, "ok");
  }
  expect(await console.sql`select 1 from incident where flapping`).toHaveLength(0);
});
