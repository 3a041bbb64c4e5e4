import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanRequestInput } from "../partition-plan/request.ts";
import { judge } from "../testing/judge.ts";
import { startTended, type Tended } from "../testing/tended.ts";
import { halfDone } from "./check-half-done.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: Tended;

  beforeAll(async () => {
    world = await startTended(server, "empty");
    await world.owner.unsafe(`
      create table moved (id int, at date, primary key (id, at)) partition by range (at);
      create table moved_2024_04 partition of moved for values from ('2024-04-01') to ('2024-05-01');
      create table moved_rest partition of moved default;
      insert into moved select i, date '2024-05-03' from generate_series(1, 100) i;
      create table taken (id int, at date) partition by range (at);
      create table taken_2024_04 partition of taken for values from ('2024-04-01') to ('2024-05-01');
      create table taken_2024_05 (id int, at date);
      create table "Let Go" (id int, at date) partition by range (at);
      create table "Let Go 04" partition of "Let Go" for values from ('2024-04-01') to ('2024-05-01');
      create table "Let Go rest" partition of "Let Go" default`);
  });
  afterAll(() => world?.close());

  const found = async () => {
    const { objects } = await judge(halfDone, world.audit);
    return objects
      .filter(({ state }) => state !== "ok")
      .map(({ state, words: { title, detail, mends } }) => ({ state, title, detail, mends }));
  };
  /** Carries out the first steps alone, as one who is killed behind them. */
  async function breakOff(request: PlanRequestInput, steps: number) {
    const plan = await world.plan(request);
    const outcomes = await world.carry({ ...plan, steps: plan.steps.slice(0, steps) });
    expect(outcomes.map((line) => line.split(": ").at(-1))).toEqual(Array(steps).fill("done"));
    return plan;
  }

  test("nothing is half done where nothing was begun", async () => {
    expect(await found()).toEqual([]);
  });

  test("copies beside a default are named with the verb that goes on, and are gone with its end", async () => {
    const repair = {
      verb: "repair",
      partition: { schema: "public", name: "moved_rest" },
      rowsNeverChange: true,
      how: "rows move",
    } as const;
    const plan = await breakOff(repair, 2);
    expect(plan.steps).toHaveLength(3);
    const [copies, ...more] = await found();
    expect(more).toEqual([]);
    expect(copies).toMatchObject({
      state: "warning",
      title: "moved_2024_05 holds copies of rows of moved_rest, and is no partition yet.",
      mends: {
        words: "Go on with the move",
        request: { verb: "repair", partition: { schema: "public", name: "moved_rest" } },
      },
    });
    const mends = copies?.mends?.request;
    if (!mends) throw new Error("nothing mends it");
    // As its button asks: nobody has said that rows never change, so the copies go first.
    const mend = await world.plan({ ...mends, how: "rows move" } as PlanRequestInput);
    expect(mend.steps.map(({ step }) => step.kind)).toEqual(["removeCopies", "moveDefaultRows"]);
    expect(await world.carry(mend)).toHaveLength(2);
    expect(await found()).toEqual([]);
    const [rows] = await world.owner`select count(*)::int as n, count(distinct id)::int as ids from moved`;
    expect(rows).toEqual({ n: 100, ids: 100 });
  });

  test("while a job holds the table it is work, and copies whose rows have gone are removed by the same verb", async () => {
    await world.owner`insert into moved select i, date '2024-06-03' from generate_series(1, 10) i`;
    const repair = { verb: "repair", partition: { schema: "public", name: "moved_rest" } } as const;
    await breakOff({ ...repair, rowsNeverChange: true, how: "rows move" }, 1);
    expect((await found()).map(({ title }) => title)).toEqual([
      "moved_2024_06 holds copies of rows of moved_rest, and is no partition yet.",
    ]);
    await world.owner`select pg_advisory_lock(471100100, 'moved'::regclass::oid::int)`;
    expect(await found()).toEqual([]);
    await world.owner`select pg_advisory_unlock_all()`;
    expect(await found()).toHaveLength(1);
    await world.owner`delete from moved_rest`;
    const mend = await world.plan(repair);
    expect(mend.steps.map(({ step }) => step.kind)).toEqual(["removeCopies"]);
    expect(await world.carry(mend)).toHaveLength(1);
    expect(await found()).toEqual([]);
  });

  test("copies of what is no default any more are a person's to compare", async () => {
    await world.owner.unsafe(`
      create table orphan (id int);
      comment on table orphan is 'Copies of rows of public.nobody, made by audit-db to move them. Not a partition yet.'`);
    const [orphan] = await found();
    expect(orphan).toMatchObject({
      state: "warning",
      title: "orphan holds copies of rows of a default partition that is none any more.",
      mends: undefined,
    });
    await world.owner`drop table orphan`;
    expect(await found()).toEqual([]);
  });

  test("a CHECK of ours that is not validated, of an attach and of a detach under a lock, with the statement that does it", async () => {
    const bounds = { from: "2024-05-01", to: "2024-06-01" };
    const [partition, table] = [
      { schema: "public", name: "taken_2024_05" },
      { schema: "public", name: "taken" },
    ];
    await breakOff({ verb: "attach", partition, table, bounds }, 1);
    await breakOff(
      { verb: "detach", partition: { schema: "public", name: "Let Go 04" }, how: "under lock" },
      1,
    );
    const both = await found();
    expect(both.map(({ state, title }) => [state, title])).toEqual([
      ["notice", 'Constraint bounds of "Let Go 04" was added and not validated.'],
      ["notice", "Constraint bounds of taken_2024_05 was added and not validated."],
    ]);
    for (const { detail } of both) {
      const statement = /run (ALTER TABLE .*;) Rows are read/.exec(detail)?.[1] ?? "";
      await world.owner.unsafe(statement);
    }
    expect(await found()).toEqual([]);
  });

  describe("of the audit log", () => {
    let log: Tended;
    beforeAll(async () => {
      log = await startTended(server, "audit");
    });
    afterAll(() => log?.close());

    test("a partition detached without its row guard is critical, with the statement that brings it back", async () => {
      const [partition] = await log.owner<{ name: string }[]>`
        select c.relname as name from pg_class c join pg_inherits i on i.inhrelid = c.oid
        join pg_partition_tree('audit_log') t on t.relid = c.oid where t.isleaf order by 1 limit 1`;
      const name = partition?.name ?? "";
      const plan = await log.plan({ verb: "detach", partition: { schema: "public", name } });
      expect(plan.steps.map(({ step }) => step.kind)).toEqual(["detachConcurrently", "restoreTriggers"]);
      expect(await log.carry({ ...plan, steps: plan.steps.slice(0, 1) })).toHaveLength(1);
      const judged = async () =>
        (await judge(halfDone, log.audit)).objects.filter(({ state }) => state !== "ok");
      const [bare, ...more] = await judged();
      expect(more).toEqual([]);
      expect(bare).toMatchObject({
        state: "critical",
        object: { kind: "relation", name, part: "audit_log_guard_row" },
        words: { title: `${name} was detached from the audit log and lacks its row guard.` },
      });
      await log.owner.unsafe(/as audit_maintainer: (.*;)$/.exec(bare?.words.detail ?? "")?.[1] ?? "");
      expect(await judged()).toEqual([]);
      // As its job finds it: what is there already is done.
      expect(await log.carry({ ...plan, steps: plan.steps.slice(1) })).toEqual([
        expect.stringMatching(/: done$/),
      ]);
    });
  });
});
