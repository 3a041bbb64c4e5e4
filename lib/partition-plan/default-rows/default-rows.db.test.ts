import { setTimeout as pause } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { runPlanStep, type StepRun } from "../../testing/run-plan-step.ts";
import { copyDefaultRowsStep } from "../steps/copy-default-rows.ts";
import { keepDefaultRowsStep } from "../steps/keep-default-rows.ts";
import { makeStandAloneStep } from "../steps/make-stand-alone.ts";
import { moveDefaultRowsStep } from "../steps/move-default-rows.ts";
import { stepKind } from "../steps.ts";
import type { StepData } from "../types.ts";

const rows = 200_000;
const condition = "at IS NOT NULL AND at >= '2024-05-01 00:00:00+00' AND at < '2024-06-01 00:00:00+00'";
const bounds = "FROM ('2024-05-01 00:00:00+00') TO ('2024-06-01 00:00:00+00')";
const inPublic = (name: string) => ({ schema: "public", name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  const clients: Sql[] = [];
  const connect = () => {
    const client = postgres(database.url, { max: 1, onnotice: () => {} });
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  /** A table with a gap in May, whose default has its columns in another order and lost one. */
  async function buildTable(name: string, filled: number): Promise<void> {
    await database.sql.unsafe(`
      create table ${name} (id bigint not null, at timestamptz not null, note text,
        size int generated always as (length(note)) stored, primary key (id, at)) partition by range (at);
      create table ${name}_04 partition of ${name} for values from ('2024-04-01 00:00+00') to ('2024-05-01 00:00+00');
      create table ${name}_06 partition of ${name} for values from ('2024-06-01 00:00+00') to ('2024-07-01 00:00+00');
      create table ${name}_rest (gone int, note text, at timestamptz not null, id bigint not null,
        size int generated always as (length(note)) stored, primary key (id, at));
      alter table ${name}_rest drop column gone;
      alter table ${name} attach partition ${name}_rest default;
      insert into ${name} select i, '2024-05-01 00:00+00'::timestamptz + i * interval '10 seconds', 'n' || i
        from generate_series(1, ${filled}) i;`);
  }

  function stepsOf(name: string, copied: boolean): StepData[] {
    const names = {
      parent: inPublic(name),
      default: inPublic(`${name}_rest`),
      child: inPublic(`${name}_05`),
      columns: ["id", "at", "note"],
      condition,
    };
    const create = [
      `CREATE TABLE public.${name}_05 (LIKE public.${name} INCLUDING ALL EXCLUDING IDENTITY, CONSTRAINT bounds CHECK (${condition}))`,
    ];
    const move = {
      ...names,
      bounds,
      traits: [],
      after: [],
      rows,
      scanned: rows,
      longestMs: 20_000,
    };
    if (!copied) return [moveDefaultRowsStep.of({ ...move, create, key: null })];
    return [
      makeStandAloneStep.of({ ...names, create }),
      copyDefaultRowsStep.of({ ...names, rows }),
      moveDefaultRowsStep.of({ ...move, create: null, key: ["id", "at"] }),
    ];
  }

  function keepStep(name: string): StepData {
    return keepDefaultRowsStep.of({
      parent: inPublic(name),
      default: inPublic(`${name}_rest`),
      child: inPublic(`${name}_05`),
      newDefault: inPublic(`${name}_rest`),
      bounds,
      check: condition,
      checkName: "bounds",
      create: [
        `CREATE TABLE public.${name}_rest (LIKE public.${name} INCLUDING ALL EXCLUDING IDENTITY)`,
        `ALTER TABLE public.${name} ATTACH PARTITION public.${name}_rest DEFAULT`,
      ],
      rows,
      estimate: { seconds: 0.1, from: "from counting its rows just now" },
      longestMs: 20_000,
    });
  }

  /** Asks each step first whether it has happened, and tries again where a lock was not got: as the job does. */
  async function carryOut(session: Sql, steps: StepData[], run: StepRun = {}): Promise<void> {
    for (const step of steps) {
      for (;;) {
        const found = await stepKind(step.kind).look(session, step.params);
        if (found === "missing") throw new Error(`${step.kind} finds nothing to work on`);
        if (found === "done") break;
        try {
          await runPlanStep(session, step, run);
        } catch (thrown) {
          if ((thrown as { code?: string }).code !== "55P03") throw thrown;
          await pause(30);
          continue;
        }
        if (step.kind === "copyDefaultRows") break;
      }
    }
  }

  /** Two readers and three writers of their own sessions until `stop`. Every statement of a reader is judged. */
  function disturb(name: string, from = "2024-04-20", days = 60) {
    const answers = new Map<string, number>();
    const written: number[] = [];
    let over = false;
    let next = rows;
    const read = async (where: string) => {
      const reader = connect();
      while (!over) {
        const [row] = await reader.unsafe(
          `select count(*)::int as n, sum(id)::text as s from ${name} where id <= ${rows} ${where}`,
        );
        const answer = `${row?.n} ${row?.s}`;
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const write = async () => {
      const writer = connect();
      while (!over) {
        const id = ++next;

        await writer.unsafe(
          `insert into ${name} values ($1, $2::timestamptz + $3 * interval '1 day', 'late')`,
          [id, `${from} 00:00+00`, id % days],
        );
        written.push(id);
        await pause(1);
      }
    };
    const running = Promise.all([read(""), read(`and ${condition}`), ...Array.from({ length: 3 }, write)]);
    running.catch(() => {});
    return {
      answers,
      /** Resolves when each reader has asked some more. */
      async settle() {
        const before = total(answers);
        await vi.waitFor(() => expect(total(answers)).toBeGreaterThan(before + 2), 20_000);
      },
      async stop() {
        over = true;
        await running;
        return written;
      },
    };
  }

  const total = (answers: Map<string, number>) => [...answers.values()].reduce((a, b) => a + b, 0);

  /** How many rows of May are where. */
  async function placesOf(name: string) {
    const found = await database.sql.unsafe(
      `select tableoid::regclass::text as place, count(*)::int as n from ${name} where ${condition} group by 1`,
    );
    return Object.fromEntries(found.map(({ place, n }) => [place, n]));
  }

  test.each([
    ["moved in one transaction", (name: string) => stepsOf(name, false)],
    ["copied, then moved", (name: string) => stepsOf(name, true)],
    ["kept where they are", (name: string) => [keepStep(name)]],
  ] as const)(
    "200,000 rows are %s beside readers and writers: none missed, none twice",
    async (how, steps) => {
      const name = `t_${how.replaceAll(/\W+/g, "_")}`;
      await buildTable(name, rows);
      // Where rows of other intervals come meanwhile, they cannot stay.
      const others = how.startsWith("kept") ? disturb(name, "2024-05-01", 31) : disturb(name);
      await others.settle();
      await carryOut(connect(), steps(name));
      await others.settle();
      const written = await others.stop();
      expect([...others.answers.keys()]).toEqual([`${rows} ${(rows * (rows + 1)) / 2}`]);
      const [late] = await database.sql.unsafe(
        `select count(*)::int as n, count(distinct id)::int as ids from ${name} where id > ${rows}`,
      );
      expect(late).toEqual({ n: written.length, ids: written.length });
      expect(written.length).toBeGreaterThan(0);
      const places = await placesOf(name);
      expect(Object.keys(places)).toEqual([`${name}_05`]);
    },
  );
});
