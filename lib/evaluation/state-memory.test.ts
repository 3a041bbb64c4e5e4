import { expect, test } from "vitest";
import type { CheckObject, ObjectState } from "../check.ts";
import { isSameObject } from "../check.ts";
import { foundCheck } from "../testing/evaluate.ts";
import { differ, nothingKnown, StateMemory } from "./state-memory.ts";

const check = foundCheck("connections.idle");
const now = new Date(0);
const state = (name: string, value = 1): ObjectState => ({
  object: { kind: "database", name },
  state: "ok",
  value,
  threshold: null,
  since: null,
  words: { title: `${name} is at ${value}.`, detail: "Nothing." },
});
const look = (memory: StateMemory, objects: ObjectState[], complete = true) => {
  const compared = memory.compare(check, objects);
  const found = differ({ ...compared, objects, complete }, memory.recall(check.id, now) ?? nothingKnown);
  memory.keep(check.id, { evaluatedAt: now, repliedAt: now, known: found.known });
  return found;
};

test("an answer that says the same leaves all as it is: its keys, and what is known", () => {
  const memory = new StateMemory();
  const first = look(memory, [state("a"), state("b")]);
  expect(first.changed).toEqual([0, 1]);
  expect(memory.compare(check, [state("a"), state("b", 2)]).keys).toBe(first.known.keys);
  const second = look(memory, [state("a"), state("b")]);
  expect(second).toMatchObject({ changed: [], gone: [], unseen: [] });
  expect(second.known).toBe(first.known);
});

test("what changed of the same objects is told by its place, and what stays keeps its first words", () => {
  const memory = new StateMemory();
  const first = look(memory, [state("a"), state("b"), state("c")]);
  const second = look(memory, [state("a"), state("b", 2), state("c")]);
  expect(second.changed).toEqual([1]);
  expect(second.known.states[0]).toBe(first.known.states[0]);
  expect(second.known.states[1]?.value).toBe(2);
  expect(look(memory, [state("a"), state("b", 2), state("c")]).changed).toEqual([]);
});

test("in another order nothing has changed; who comes and who goes is told", () => {
  const memory = new StateMemory();
  look(memory, [state("a"), state("b"), state("c")]);
  expect(look(memory, [state("c"), state("a"), state("b")])).toMatchObject({ changed: [], gone: [] });
  expect(look(memory, [state("d"), state("b")])).toMatchObject({
    changed: [0],
    gone: ["database:c", "database:a"],
  });
});

test("what an incomplete answer does not name is unseen once, and written when it is named or gone", () => {
  const memory = new StateMemory();
  look(memory, [state("a"), state("b")]);
  expect(look(memory, [state("a")], false)).toMatchObject({ changed: [], gone: [], unseen: ["database:b"] });
  expect(look(memory, [state("a")], false)).toMatchObject({ changed: [], gone: [], unseen: [] });
  expect(look(memory, [state("a"), state("b")], false)).toMatchObject({ changed: [1], unseen: [] });
  expect(look(memory, [state("a")], false).unseen).toEqual(["database:b"]);
  expect(look(memory, [state("a")]).gone).toEqual(["database:b"]);
  expect(look(memory, [state("a")]).gone).toEqual([]);
});

test("an answer that was compared with what stands no more is compared anew", () => {
  const memory = new StateMemory();
  look(memory, [state("a"), state("b")]);
  const objects = [state("a"), state("b", 2)];
  const compared = memory.compare(check, objects);
  look(memory, [state("a", 3), state("b", 2)]);
  const stands = memory.recall(check.id, now) ?? nothingKnown;
  expect(differ({ ...compared, objects, complete: true }, stands).changed).toEqual([0]);
  expect(differ({ ...compared, objects, complete: true }, nothingKnown).changed).toEqual([0, 1]);
});

test("what is known is no object of the answer, which is forgotten with its round", () => {
  const memory = new StateMemory();
  const objects = [state("a")];
  const { known } = look(memory, objects);
  expect(known.states).toEqual(objects);
  expect(known.states[0]).not.toBe(objects[0]);
  expect(known.states[0]?.words).not.toBe(objects[0]?.words);
});

test("of another evaluation nothing is known, and an object named twice is refused", () => {
  const memory = new StateMemory();
  look(memory, [state("a")]);
  expect(memory.recall(check.id, new Date(1))).toBeUndefined();
  expect(() => memory.compare(check, [state("a"), state("a")])).toThrow(
    "connections.idle judges an object twice",
  );
});

test("an object is the same only while nothing of it has changed", () => {
  const relation = { kind: "relation", database: "d", schema: "s", name: "n", oid: 1, part: "p" } as const;
  const session = { kind: "session", pid: 1, backendStart: new Date(1), name: "n" } as const;
  const objects: CheckObject[] = [
    { kind: "target" },
    relation,
    { ...relation, database: "e" },
    { ...relation, schema: "t" },
    { ...relation, name: "m" },
    { ...relation, oid: 2 },
    { ...relation, part: "q" },
    { kind: "relation", database: "d", schema: "s", name: "n" },
    session,
    { ...session, pid: 2 },
    { ...session, backendStart: new Date(2) },
    { ...session, name: "m" },
    { kind: "slot", name: "n" },
    { kind: "role", name: "n" },
    { kind: "slot", name: "m" },
  ];
  for (const one of objects) {
    const alike = objects.filter((other) => isSameObject(one, structuredClone(other)));
    expect(alike).toEqual([one]);
  }
  expect(isSameObject(relation, undefined)).toBe(false);
});
