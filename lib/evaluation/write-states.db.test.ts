import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Check, type CheckObject, type CheckState, defineCheck, type ObjectState } from "../check.ts";
import { AppError } from "../errors.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { type Evaluation, skipCheck } from "./evaluate-check.ts";
import { readEvaluations, readStates, type StoredState } from "./read-states.ts";
import { StateMemory } from "./state-memory.ts";
import { writeStates } from "./write-states.ts";

let console: TestDatabase;
beforeAll(async () => {
  console = await createDatabase({ template: "console" });
});
afterAll(() => console?.drop());
beforeEach(() => console.sql`truncate check_state, check_evaluation`);

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, seconds));
const check = (id: string): Check =>
  defineCheck({
    id,
    title: id,
    unit: "bytes",
    path: "replication",
    runbook: "Look.",
    needs: "Nothing.",
    thresholds: null,
    evaluate: async () => ({ objects: [], complete: true }),
  });
const slots = check("replication.slot_lost");
const slot = (name: string): CheckObject => ({ kind: "slot", name });
const object = (name: string, state: CheckState, since: Date | null = null): ObjectState => ({
  object: slot(name),
  state,
  value: 7,
  threshold: { warning: 5, critical: null },
  since,
  words: { title: `Slot ${name}.`, detail: "Look." },
});
const look = (seconds: number, objects: ObjectState[], complete = true, of = slots): Evaluation => ({
  check: of,
  evaluatedAt: at(seconds),
  tookMs: 3,
  answer: { objects, complete },
  error: null,
});

async function states(): Promise<Record<string, StoredState>> {
  const rows = await readStates(console.sql, ["t"]);
  return Object.fromEntries(rows.map((row) => [row.objectKey, row]));
}

test("an object is stored as it was judged, and read back with its dates", async () => {
  const backendStart = new Date("2026-01-01T08:00:00.123Z");
  const session = {
    ...object("", "ok"),
    object: { kind: "session", pid: 8, backendStart, name: "pid 8" } as const,
  };
  const unavailable = { code: "no_grant", reason: "No.", enable: "GRANT x;" } as const;
  const blind = { ...object("b", "unavailable"), value: null, threshold: null, unavailable, path: "queries" };
  const aged = { objects: [], complete: true, observedAt: at(-240) };
  await writeStates(console.sql, "t", [
    look(0, [session, blind]),
    { ...look(0, [], true, check("maintenance.slow")), answer: aged },
  ]);
  expect(await states()).toEqual({
    "session:8@2026-01-01T08:00:00.123Z": {
      target: "t",
      checkId: "replication.slot_lost",
      objectKey: "session:8@2026-01-01T08:00:00.123Z",
      object: session.object,
      state: "ok",
      value: 7,
      unit: "bytes",
      threshold: { warning: 5, critical: null },
      since: at(0),
      evaluatedAt: at(0),
      confirmed: true,
      words: session.words,
      path: "replication",
      unavailable: null,
    },
    "slot:b": expect.objectContaining({ value: null, threshold: null, path: "queries", unavailable }),
  });
  const evaluated = { target: "t", evaluatedAt: at(0), tookMs: 3, complete: true, error: null };
  const stored = await readEvaluations(console.sql, ["t"]);
  expect(stored.toSorted((a, b) => a.checkId.localeCompare(b.checkId))).toEqual([
    { ...evaluated, checkId: "maintenance.slow", observedAt: at(-240) },
    { ...evaluated, checkId: slots.id, observedAt: null },
  ]);
});

test("since is kept while the state stays, and set when it changes, to what the server says where it says so", async () => {
  await writeStates(console.sql, "t", [look(0, [object("a", "ok"), object("b", "ok")])]);
  await writeStates(console.sql, "t", [look(30, [object("a", "ok"), object("b", "warning", at(20))])]);
  expect([(await states())["slot:a"]?.since, (await states())["slot:b"]?.since]).toEqual([at(0), at(20)]);
  await writeStates(console.sql, "t", [look(60, [object("a", "critical"), object("b", "warning", at(50))])]);
  expect([(await states())["slot:a"]?.since, (await states())["slot:b"]?.since]).toEqual([at(60), at(20)]);
  expect((await states())["slot:b"]?.evaluatedAt).toEqual(at(60));
});

test("an object absent from a complete answer is gone, from an incomplete one it is not confirmed until it is named", async () => {
  await writeStates(console.sql, "t", [look(0, [object("a", "critical"), object("b", "ok")])]);
  await writeStates(console.sql, "t", [look(30, [object("b", "ok")], false)]);
  expect((await states())["slot:a"]).toMatchObject({
    state: "critical",
    confirmed: false,
    evaluatedAt: at(0),
  });
  expect((await states())["slot:b"]?.confirmed).toBe(true);
  await writeStates(console.sql, "t", [look(60, [object("a", "critical")], false)]);
  expect((await states())["slot:a"]).toMatchObject({ confirmed: true, since: at(0) });
  await writeStates(console.sql, "t", [look(90, [object("a", "critical")])]);
  expect(Object.keys(await states())).toEqual(["slot:a"]);
  await writeStates(console.sql, "t", [look(120, [])]);
  expect(await states()).toEqual({});
});

test("a check that could not look keeps its last states, says why, and hides no other", async () => {
  const other = check("replication.archiving");
  await writeStates(console.sql, "t", [look(0, [object("a", "critical")]), look(0, [], true, other)]);
  const failed = skipCheck(slots, at(30), new AppError("UNAVAILABLE", "It is down.", { hint: "Start it." }));
  await writeStates(console.sql, "t", [failed, look(30, [object("b", "warning")], true, other)]);
  expect(await states()).toMatchObject({
    "slot:a": { checkId: slots.id, state: "critical", since: at(0), evaluatedAt: at(0), confirmed: true },
    "slot:b": { checkId: other.id, state: "warning" },
  });
  const evaluations = await readEvaluations(console.sql, null);
  expect(evaluations.find(({ checkId }) => checkId === slots.id)).toMatchObject({
    evaluatedAt: at(30),
    error: { code: "UNAVAILABLE", message: "It is down.", hint: "Start it." },
  });
});

test("an evaluation older than what stands writes nothing", async () => {
  await writeStates(console.sql, "t", [look(60, [object("a", "ok")])]);
  await writeStates(console.sql, "t", [look(30, [object("a", "critical"), object("b", "critical")])]);
  await writeStates(console.sql, "t", [look(60, [])]);
  expect(await states()).toMatchObject({ "slot:a": { state: "ok", since: at(60) } });
  expect(Object.keys(await states())).toEqual(["slot:a"]);
});

test("targets are apart, and what stands of a check that is no more goes", async () => {
  const old = check("replication.old");
  await writeStates(console.sql, "t", [
    look(0, [object("a", "ok")]),
    look(0, [object("x", "ok")], true, old),
  ]);
  await writeStates(console.sql, "u", [look(0, [object("a", "warning")], true, old)]);
  await writeStates(console.sql, "t", [look(30, [object("a", "ok")])]);
  expect(Object.keys(await states())).toEqual(["slot:a"]);
  expect(await readStates(console.sql, null)).toHaveLength(2);
  expect((await readEvaluations(console.sql, null)).map(({ target, checkId }) => [target, checkId])).toEqual(
    expect.arrayContaining([
      ["t", slots.id],
      ["u", old.id],
    ]),
  );
});

test("a text that JSON in the database cannot hold costs no check its states", async () => {
  const mends = { words: "Finish", request: { verb: "finalize" as const, partition: { name: "p" } } };
  const cut = { ...object("a", "ok"), words: { title: "half \ud83d", detail: "nul \0", mends } };
  await writeStates(console.sql, "t", [look(0, [cut])]);
  expect((await states())["slot:a"]?.words).toEqual({ title: "half \ufffd", detail: "nul ", mends });
});

test("a row that somebody deleted comes back with the next change of its object", async () => {
  const memory = new StateMemory();
  const write = (seconds: number, state: CheckState) => {
    const found = look(seconds, [object("a", state), object("b", "ok")]);
    const compared = memory.compare(slots, found.answer?.objects ?? []);
    return writeStates(console.sql, "t", [{ ...found, compared }], { memory });
  };
  await write(0, "ok");
  await console.sql`delete from check_state where object_key = 'slot:a'`;
  await write(30, "warning");
  expect(await states()).toMatchObject({
    "slot:a": { state: "warning", since: at(30) },
    "slot:b": { state: "ok", since: at(0) },
  });
  await write(60, "critical");
  expect((await states())["slot:a"]).toMatchObject({ state: "critical", since: at(60), confirmed: true });
});

test("who remembers what it wrote writes what one without memory does, also when another wrote meanwhile", async () => {
  const stored = async (target: string) =>
    (await readStates(console.sql, [target]))
      .map(({ target: _, ...state }) => state)
      .toSorted((a, b) => a.objectKey.localeCompare(b.objectKey));
  const answers = fc.record({
    names: fc.shuffledSubarray(["a", "b", "c", "d"]),
    bad: fc.subarray(["a", "b", "c", "d"]),
    complete: fc.boolean(),
    down: fc.nat(5).map((n) => n === 0),
    byAnother: fc.nat(4).map((n) => n === 0),
  });
  const rounds = fc.array(answers, { minLength: 8, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(rounds, async (given) => {
      await console.sql`truncate check_state, check_evaluation`;
      const memory = new StateMemory();
      for (const [place, { names, bad, complete, down, byAnother }] of given.entries()) {
        const objects = names.map((name) => object(name, bad.includes(name) ? "warning" : "ok"));
        const found = { ...look(place * 30, objects, complete), compared: memory.compare(slots, objects) };
        const away = skipCheck(slots, found.evaluatedAt, new AppError("UNAVAILABLE", "It is down."));
        await writeStates(console.sql, "t", [down ? away : found], byAnother ? {} : { memory });
        await writeStates(console.sql, "u", [down ? away : look(place * 30, objects, complete)]);
        expect(await stored("t")).toEqual(await stored("u"));
      }
    }),
    { numRuns: 6 },
  );
});
