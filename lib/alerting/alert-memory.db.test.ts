import fc from "fast-check";
import type { Sql } from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CheckState } from "../check.ts";
import { patienceFrom } from "../evaluation/limits.ts";
import type { RecordRound } from "../evaluation/recorded.ts";
import { StateMemory } from "../evaluation/state-memory.ts";
import { writeStates } from "../evaluation/write-states.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { evaluationOf, foundCheck } from "../testing/evaluate.ts";
import { AlertMemory } from "./alert-memory.ts";
import { keepIncidents } from "./keep-incidents.ts";
import { recordRound, recordRounds } from "./record-round.ts";
import { askRaw } from "./statement.ts";

let console: TestDatabase;
beforeAll(async () => {
  console = await createDatabase({ template: "console" });
});
afterAll(() => console?.drop());
const empty = () => console.sql`
  truncate check_state, check_evaluation, alert, alert_span, incident, incident_event restart identity cascade`;
beforeEach(empty);

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));
const idle = foundCheck("connections.idle", { keepFiringFor: 60 });
type Objects = readonly (readonly [name: string, state: CheckState, value?: number])[];
const round = (
  seconds: number,
  objects: Objects,
  { target = "t", record = recordRound as RecordRound, memory = new StateMemory() } = {},
) => {
  const found = evaluationOf({ check: idle, at: at(seconds), objects });
  const compared = memory.compare(idle, found.answer?.objects ?? []);
  return writeStates(console.sql, target, [{ ...found, compared }], {
    recording: { record, patience: patienceFrom([], target) },
    memory,
  });
};
const standing = (target: string) => console.sql`
  select object_key, alert.condition, alert.severity, value, alert.unconfirmed, alert.since, alert.fired_at, fine_since, seen_at,
         incident.condition as incident, incident.version, telling, firing
  from alert left join incident on incident.id = incident_id where alert.target = ${target} order by object_key`;

test("only what somebody wrote since is read again, and nothing of what is over", async () => {
  await round(0, [
    ["a", "warning", 400],
    ["b", "warning", 400],
  ]);
  const memory = new AlertMemory();
  let rows = 0;
  const read = () =>
    console.sql.begin(async (tx) => {
      const ask = askRaw(tx as unknown as Sql);
      const counting = async (...asked: Parameters<typeof ask>) => {
        const answer = (await ask(...asked)) as { changed: unknown[] }[];
        rows = answer[0]?.changed.length ?? 0;
        return answer as never[];
      };
      return memory.read(counting as typeof ask, "t");
    });
  const first = await read();
  expect([first.length, rows]).toEqual([2, 2]);
  const again = await read();
  expect(rows).toBe(0);
  expect(again.every((alert) => first.includes(alert))).toBe(true);
  await console.sql`update alert set value = 500 where object_key = 'database:a'`;
  const changed = await read();
  expect([rows, changed.find(({ objectKey }) => objectKey === "database:a")?.value]).toEqual([1, 500]);
  await console.sql`update alert set condition = 'normal', severity = null where object_key = 'database:b'`;
  expect((await read()).map(({ objectKey }) => objectKey)).toEqual(["database:a"]);
  await console.sql`delete from incident`;
  expect((await read()).map(({ incidentId }) => incidentId)).toEqual([null]);
});

test("a transaction that was undone is not remembered", async () => {
  const memory = new AlertMemory();
  const record: RecordRound = (tx, target) => recordRound(tx, target, memory);
  await round(0, [["a", "warning", 400]], { record });
  await console.sql`alter table alert_span add constraint broken check (severity <> 'critical') not valid`;
  try {
    await expect(round(30, [["a", "critical", 900]], { record })).rejects.toThrow(/broken/);
  } finally {
    await console.sql`alter table alert_span drop constraint broken`;
  }
  await round(60, [["a", "critical", 900]], { record });
  expect(await standing("t")).toMatchObject([
    { condition: "firing", severity: "critical", value: 900, telling: 2 },
  ]);
});

test("who remembers moves alerts as one without memory does, whoever else writes meanwhile", async () => {
  const names = ["a", "b", "c"];
  const step = fc.record({
    states: fc.tuple(
      ...names.map(() => fc.constantFrom<CheckState>("ok", "ok", "warning", "critical", "no_data")),
    ),
    meanwhile: fc.constantFrom(
      "nothing",
      "nothing",
      "another evaluator",
      "the clock",
      "a deletion",
      "a lost state",
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 10 }), async (steps) => {
      await empty();
      const [memory, record] = [new StateMemory(), recordRounds()];
      let seconds = 0;
      for (const { states, meanwhile } of steps) {
        seconds += 30;
        const objects: Objects = states.map((state, place) => [names[place] ?? "", state, seconds]);
        const remembering = meanwhile === "another evaluator" ? {} : { memory, record };
        await round(seconds, objects, remembering);
        await round(seconds, objects, { target: "u" });
        if (meanwhile === "the clock") {
          seconds += 300;
          const clock = () => at(seconds).getTime();
          await keepIncidents({ sql: console.sql, checks: [idle], missedAfterMs: 110_000, clock });
        }
        if (meanwhile === "a deletion") await console.sql`delete from incident`;
        if (meanwhile === "a lost state")
          await console.sql`delete from check_state where object_key = 'database:a'`;
        expect(await standing("t")).toEqual(await standing("u"));
      }
    }),
    { numRuns: 12 },
  );
});
