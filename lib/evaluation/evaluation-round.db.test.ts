import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Check, defineCheck, objectKey, stateAt } from "../check.ts";
import { createHistory } from "../collector/history/history.ts";
import { createLeadership } from "../duties/leadership.ts";
import { repeat } from "../duties/repeat.ts";
import { createLogger } from "../log/log.ts";
import { reachable } from "../targets/check-reachable.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createCheckStore } from "./check-store.ts";
import { evaluateNow } from "./evaluate-now.ts";
import { evaluationRound } from "./evaluation-round.ts";
import { readEvaluations, readStates } from "./read-states.ts";
import { tellFindings } from "./tell-findings.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const logger = createLogger({ level: "silent", name: "test" });
const signal = new AbortController().signal;
const at = (seconds: number) => Date.UTC(2026, 0, 1, 12, 0, seconds);

let console: TestDatabase;
let database: TestDatabase;
let audit: AuditDb;
beforeAll(async () => {
  [console, database] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ template: "empty" }),
  ]);
  await database.sql`create table parcel (name text primary key, kg float8)`;
  audit = connect({ target: "t", urls: { watch: database.url }, logger: quiet });
});
afterAll(async () => {
  await audit?.close();
  await Promise.all([console?.drop(), database?.drop()]);
});
beforeEach(async () => {
  await console.sql`truncate check_state, check_evaluation, check_threshold`;
  await database.sql`truncate parcel`;
});

/** Every row of a table of the target, judged by its weight. */
const heavy = defineCheck({
  id: "test.heavy",
  title: "Heavy",
  unit: "count",
  path: "overview",
  runbook: "Carry it together.",
  needs: "Nothing.",
  thresholds: { warning: 5, critical: 9, direction: "rising" },
  async evaluate({ audit: looked }, limitsFor) {
    const parcels = await looked.use(
      "watch",
      "test.parcels",
      (sql) => sql<{ name: string; kg: number }[]>`select * from public.parcel order by name`,
    );
    const objects = parcels.map(({ name, kg }) => {
      const object = { kind: "database", name } as const;
      const threshold = limitsFor(object);
      const words = { title: `${name} weighs ${kg}.`, detail: "Carry it together." };
      return { object, state: stateAt(kg, threshold), value: kg, threshold, since: null, words };
    });
    return { objects, complete: true };
  },
});
const checks: readonly Check[] = [reachable, heavy];
const history = () => createHistory(console.sql);
const noUpkeep = async () => [];
const unwatched = { looks: async () => [], duties: async () => [] };
const noInstances = async () => [];
const roundAt = (seconds: number, of: readonly Check[] = checks) =>
  evaluationRound({
    ...{
      sql: console.sql,
      audit,
      checks: of,
      history: history(),
      instances: noInstances,
      upkeep: noUpkeep,
      ...unwatched,
      logger,
    },
    clock: () => at(seconds),
  })(signal);
const heavyStates = async () => {
  const rows = await readStates(console.sql, ["t"]);
  const heavyOnes = rows.filter(({ checkId }) => checkId === heavy.id);
  return heavyOnes
    .map(({ objectKey: key, state, since }) => [key, state, (since.getTime() - at(0)) / 1_000])
    .sort();
};
const now = (seconds: number) =>
  evaluateNow(
    {
      ...{
        audit,
        history: history(),
        instances: noInstances,
        upkeep: noUpkeep,
        ...unwatched,
        now: new Date(at(seconds)),
      },
      checkStore: createCheckStore(console.sql),
    },
    checks,
  );

test("a round writes how every object stands, green too, and since when", async () => {
  await database.sql`insert into parcel values ('a', 1), ('b', 6)`;
  await roundAt(0);
  await database.sql`update parcel set kg = 9 where name = 'b'`;
  await roundAt(30);
  await roundAt(60);
  expect(await heavyStates()).toEqual([
    ["database:a", "ok", 0],
    ["database:b", "critical", 30],
  ]);
  await database.sql`delete from parcel where name = 'b'`;
  await roundAt(90);
  expect(await heavyStates()).toEqual([["database:a", "ok", 0]]);
  const evaluations = await readEvaluations(console.sql, ["t"]);
  expect(evaluations.map(({ checkId, evaluatedAt, error }) => [checkId, evaluatedAt, error]).sort()).toEqual([
    ["target.reachable", new Date(at(90)), null],
    ["test.heavy", new Date(at(90)), null],
  ]);
});

test("a round that is called off ends at once, however long a look takes, and writes nothing", async () => {
  const stuck = { ...heavy, evaluate: () => new Promise<never>(() => {}) };
  const callOff = new AbortController();
  const round = evaluationRound({
    ...{ sql: console.sql, audit, checks: [stuck], history: history(), instances: noInstances },
    ...{ upkeep: noUpkeep, ...unwatched, logger },
  });
  const began = performance.now();
  const ended = round(callOff.signal);
  setTimeout(() => callOff.abort(), 300);
  await ended;
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await console.sql`select from check_evaluation`).toEqual([]);
});

test("limits set for an object come before those of the target, these before everybody's", async () => {
  await database.sql`insert into parcel values ('a', 6), ('b', 6), ('c', 6)`;
  const set = (target: string, key: string, warning: number | null) => console.sql`
    insert into check_threshold (check_id, target, object_key, limits, set_by_name)
    values (${heavy.id}, ${target}, ${key}, ${console.sql.json({ warning, critical: null })}, 'Ada')`;
  await set("*", "*", 1);
  await set("u", "*", 1);
  await roundAt(0);
  expect((await heavyStates()).map(([, state]) => state)).toEqual(["warning", "warning", "warning"]);
  await set("t", "*", 7);
  await set("*", objectKey({ kind: "database", name: "b" }), 6);
  await set("*", objectKey({ kind: "database", name: "c" }), 6);
  await set("t", objectKey({ kind: "database", name: "c" }), null);
  await console.sql`update check_threshold set limits = '{"warning": "much"}' where target = 'u'`;
  await roundAt(30);
  expect((await heavyStates()).map(([key, state]) => [key, state])).toEqual([
    ["database:a", "ok"],
    ["database:b", "warning"],
    ["database:c", "ok"],
  ]);
});

test("who looks in between judges anew, takes since from the evaluator, and writes nothing", async () => {
  await database.sql`insert into parcel values ('a', 6), ('b', 1)`;
  await roundAt(0);
  await database.sql`update parcel set kg = 6`;
  const [, standing] = await now(20);
  expect(standing?.objects.map(({ state, since }) => [state, since])).toEqual([
    ["warning", new Date(at(0))],
    // The evaluator has not seen it yet, and the server does not say.
    ["warning", null],
  ]);
  expect(await heavyStates()).toEqual([
    ["database:a", "warning", 0],
    ["database:b", "ok", 0],
  ]);
  await roundAt(30);
  expect((await now(40))[1]?.objects[1]?.since).toEqual(new Date(at(30)));
});

test("while the target is down its outage is the critical state, and the other checks' last states stay", async () => {
  await database.sql`insert into parcel values ('a', 9)`;
  await roundAt(0);
  const lost = connect({ target: "t", urls: { watch: "postgres://x@127.0.0.1:1/none" }, logger: quiet });
  try {
    await expect.poll(() => lost.server().catch(() => lost.status().state), { timeout: 20_000 }).toBe("down");
    const options = {
      sql: console.sql,
      audit: lost,
      checks,
      history: history(),
      instances: noInstances,
      upkeep: noUpkeep,
      ...unwatched,
      logger,
    };
    await evaluationRound({ ...options, clock: () => at(30) })(signal);
    const rows = await readStates(console.sql, ["t"]);
    expect(rows.find(({ checkId }) => checkId === "target.reachable")).toMatchObject({
      objectKey: "target",
      state: "critical",
      since: lost.status().since,
    });
    expect(await heavyStates()).toEqual([["database:a", "critical", 0]]);
    const [heavyLook] = (await readEvaluations(console.sql, ["t"])).filter(
      ({ checkId }) => checkId === heavy.id,
    );
    expect(heavyLook).toMatchObject({ evaluatedAt: new Date(at(30)), error: { code: "UNAVAILABLE" } });

    const checkStore = createCheckStore(console.sql);
    const context = { ...options, now: new Date(at(45)), checkStore };
    const findings = tellFindings(await evaluateNow(context, checks), true);
    expect(findings.map(({ check, severity }) => [check, severity])).toEqual([
      ["test.heavy", "critical"],
      ["target.reachable", "critical"],
    ]);
    expect(findings[0]?.detail).toBe(
      "Carry it together. Last seen at 1 Jan 2026 12:00 UTC, not confirmed since.",
    );
  } finally {
    await lost.close();
  }
});

test("of two evaluators only the leader writes, and when it goes the other does", async () => {
  await database.sql`insert into parcel values ('a', 1)`;
  const timing = { tickMs: 50, giveUpMs: 8_000, leaseSeconds: 10 };
  const workers = ["first", "second"].map((holder) => {
    const leadership = createLeadership({ url: console.url, holder, logger, timing });
    const rounds = { n: 0 };
    const named = { ...heavy, title: holder };
    leadership.lead("checks", "t", (led) => {
      const round = evaluationRound({
        ...{
          sql: console.sql,
          audit,
          checks: [named],
          history: history(),
          instances: noInstances,
          upkeep: noUpkeep,
          ...unwatched,
          logger,
        },
      });
      const work = async (ends: AbortSignal) => {
        rounds.n += 1;
        await round(ends);
      };
      return repeat(
        { duty: "checks", target: "t", everyMs: 20, retryMs: 20, sql: console.sql, logger, work },
        led,
      );
    });
    return { holder, leadership, rounds };
  });
  try {
    const busy = () => workers.filter(({ rounds }) => rounds.n > 3);
    await vi.waitFor(() => expect(busy()).toHaveLength(1), { timeout: 20_000 });
    const [leader] = busy();
    const follower = workers.find((worker) => worker !== leader);
    expect(follower?.rounds.n).toBe(0);
    await leader?.leadership.stop();
    const stopped = leader?.rounds.n;
    await vi.waitFor(() => expect(follower?.rounds.n).toBeGreaterThan(3), { timeout: 20_000 });
    expect(leader?.rounds.n).toBe(stopped);
    expect(await readStates(console.sql, ["t"])).toHaveLength(1);
  } finally {
    await Promise.all(workers.map(({ leadership }) => leadership.stop()));
  }
});

test("a round whose lead is lost meanwhile writes nothing", async () => {
  const lead = new AbortController();
  const loses: Check = {
    ...heavy,
    async evaluate() {
      lead.abort();
      return { objects: [], complete: true };
    },
  };
  const options = {
    sql: console.sql,
    audit,
    history: history(),
    instances: noInstances,
    upkeep: noUpkeep,
    ...unwatched,
    logger,
  };
  await evaluationRound({ ...options, checks: [loses] })(lead.signal);
  expect(await readEvaluations(console.sql, ["t"])).toEqual([]);
});

test("an object that could not be judged is told to the log once, however many rounds it lasts", async () => {
  const told: string[] = [];
  const tell = (_: unknown, message: string) => void told.push(message);
  const partly: Check = {
    ...heavy,
    evaluate: async () => ({ objects: [], complete: false, thrown: new Error("odd") }),
  };
  const round = evaluationRound({
    ...{
      sql: console.sql,
      audit,
      checks: [partly],
      history: history(),
      instances: noInstances,
      upkeep: noUpkeep,
      ...unwatched,
    },
    logger: { ...logger, debug: tell, info: tell, warn: tell, error: tell } as typeof logger,
  });
  for (let times = 0; times < 3; times++) await round(signal);
  expect(told).toEqual(["a check could not judge every object"]);
});
