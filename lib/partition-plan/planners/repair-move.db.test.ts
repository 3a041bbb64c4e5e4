import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readWorld } from "../../partitions/read-world.ts";
import { mayRows, outcomesOf, type RepairWorld, startRepairWorld } from "../../testing/repair-world.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: RepairWorld;
  beforeAll(async () => {
    world = await startRepairWorld(server);
  });
  afterAll(() => world?.close());

  test("the plan says how many rows lie in which intervals, and each gets its partition; the others stay", async () => {
    await world.build(
      "many",
      `${mayRows("many", 1, 3)}
       insert into many values (4, '2024-07-31 23:59:59.999999+00', 'july'), (5, '2024-08-01 00:00+00', 'august'),
         (6, null, 'no key'), (7, 'infinity', 'never'), (8, '-infinity', 'ever'), (9, '1066-10-14', 'long ago')`,
      "",
    );
    const planned = await world.plan("many_rest");
    expect(planned).toMatchObject({
      title: "Move 5 rows of many_rest into 3 partitions",
      table: { schema: "public", name: "many" },
      refusals: [],
      request: {
        how: "rows move",
        cut: { unit: "month", count: 1, timeZone: "UTC", naming: "{table}_{yyyy}_{mm}" },
      },
    });
    expect(planned.notes).toEqual(
      expect.arrayContaining([
        "public.many_rest holds 9 rows: 3 rows from 2024-05-01 00:00:00+00 to 2024-06-01 00:00:00+00; " +
          "1 row from 2024-07-01 00:00:00+00 to 2024-08-01 00:00:00+00; 1 row from 2024-08-01 00:00:00+00 to 2024-09-01 00:00:00+00.",
        "1 row without a key (NULL) stay in public.many_rest: no other partition takes them.",
        "3 rows at infinity, before 1900 or after 2199 stay in public.many_rest.",
        "The rows of a partition move in one transaction, because it has no unique key without NULLs to tell rows by.",
      ]),
    );
    expect(planned.steps.map(({ words, moves }) => [words, moves?.rows])).toEqual([
      ["Move rows of public.many_rest into public.many_2024_05 and attach it, in one transaction", 3],
      ["Move rows of public.many_rest into public.many_2024_07 and attach it, in one transaction", 1],
      ["Move rows of public.many_rest into public.many_2024_08 and attach it, in one transaction", 1],
    ]);
    expect(outcomesOf(await world.carry(planned))).toEqual(["done", "done", "done"]);
    expect(await world.placesOf("many")).toEqual({
      many_2024_05: 3,
      many_2024_07: 1,
      many_2024_08: 1,
      many_rest: 4,
    });
    expect(await world.plan("many_rest")).toMatchObject({ steps: [], refusals: [] });
  });

  test("rows move once such a transaction has ended", async () => {
    await world.build("awaited", mayRows("awaited", 1, 50));
    const reader = world.open();
    await reader`begin isolation level repeatable read`;
    const [own] = await reader`select pg_backend_pid() as pid`;
    const planned = await world.plan("awaited_rest", { how: "rows move" });
    expect(planned.blockers).toMatchObject([{ pid: own?.pid, mode: "snapshot" }]);
    const log = vi.fn();
    const carried = world.carry(planned, { log });
    await vi.waitFor(
      () => expect(log).toHaveBeenCalledWith(expect.stringContaining(`session ${own?.pid} of postgres`)),
      30_000,
    );
    expect(await world.placesOf("awaited")).toEqual({ awaited_rest: 50 });
    await reader`commit`;
    expect(outcomesOf(await carried)).toEqual(["done"]);
    expect(await world.placesOf("awaited")).toEqual({ awaited_2024_05: 50 });
  });

  test("a default at any level, identity, generated columns, and one with partitions of its own", async () => {
    await world.owner.unsafe(`
      create table deep (kind text, at date not null, id bigint generated always as identity, note text,
        size int generated always as (length(note)) stored) partition by list (kind);
      create table deep_a partition of deep for values in ('a', 'A') partition by range (at);
      create table deep_a_2024_04 partition of deep_a for values from ('2024-04-01') to ('2024-05-01');
      create table deep_a_rest partition of deep_a default partition by list (note);
      create table deep_a_rest_x partition of deep_a_rest for values in ('x');
      create table deep_a_rest_rest partition of deep_a_rest default;
      insert into deep (kind, at, note) select 'a', '2024-05-05', case i % 2 when 0 then 'x' else 'other' end
        from generate_series(1, 10) i;`);
    const before = await world.owner`select * from deep order by id`;
    const planned = await world.plan("deep_a_rest", { rowsNeverChange: true });
    expect(planned).toMatchObject({ table: { name: "deep" }, request: { how: "rows move" }, refusals: [] });
    expect(outcomesOf(await world.carry(planned))).toEqual(["done"]);
    expect(await world.placesOf("deep")).toEqual({ deep_a_2024_05: 10 });
    expect(await world.owner`select * from deep order by id`).toEqual(before);
  });

  test("rows of keys of other kinds go where their partitions are cut", async () => {
    await world.owner.unsafe(`
      create table counted (n numeric) partition by range (n);
      create table counted_0 partition of counted for values from (0) to (1000);
      create table counted_1000 partition of counted for values from (1000) to (2000);
      create table counted_rest partition of counted default;
      insert into counted values (-0.5), (2999.5), (3000), (987654321000), ('Infinity'), ('NaN'), (null);
      create table "Odd, ""name""" ("the id" uuid) partition by range ("the id");
      create table "Odd, ""name""_2024_04" partition of "Odd, ""name""" for values
        from ('018e96f4-a800-7000-8000-000000000000') to ('018f3173-7000-7000-8000-000000000000');
      create table "Odd, ""name""_2024_05" partition of "Odd, ""name""" for values
        from ('018f3173-7000-7000-8000-000000000000') to ('018fd118-9400-7000-8000-000000000000');
      create table "Odd, ""name""_rest" partition of "Odd, ""name""" default;
      insert into "Odd, ""name""" values ('01906b97-5c00-7000-8000-0000000000ff'), ('018fd118-9400-7000-8000-000000000000')`);
    const planned = await world.plan("counted_rest");
    expect(outcomesOf(await world.carry(planned))).toEqual(["done", "done", "done", "done"]);
    expect(await world.placesOf("counted")).toEqual({
      '"counted_-1000"': 1,
      counted_2000: 1,
      counted_3000: 1,
      counted_987654321000: 1,
      counted_rest: 3,
    });
    const odd = await world.plan('Odd, "name"_rest');
    expect(odd).toMatchObject({ refusals: [], request: { cut: { unit: "month", key: "uuid v7" } } });
    expect(outcomesOf(await world.carry(odd))).toEqual(["done", "done"]);
    expect(await world.placesOf('"Odd, ""name"""')).toEqual({
      '"Odd, ""name""_2024_06"': 1,
      '"Odd, ""name""_2024_07"': 1,
    });
  });

  test("of a large default as much is counted as planning may read, and the rest once that has moved", async () => {
    // Pages of 8 rows: the first 4 pages hold May alone, what follows is of August.
    const wide = (from: number, to: number, at: string) =>
      `insert into capped select i, '${at}'::timestamptz + i * interval '1 second', repeat('n', 900) from generate_series(${from}, ${to}) i;`;
    await world.build("capped", `${wide(1, 64, "2024-05-02")} ${wide(65, 100, "2024-08-02")}`);
    expect((await world.plan("capped_rest")).title).toBe("Move 100 rows of capped_rest into 2 partitions");
    const planned = await world.plan("capped_rest", {}, 4);
    expect(planned.title).toMatch(/^Move more than \d\d rows of capped_rest into 1 partition$/);
    const counted = /more than (\d+) rows/.exec(planned.title)?.[1];
    expect(Number(counted)).toBeLessThan(64);
    expect(planned.notes).toEqual(
      expect.arrayContaining([
        `public.capped_rest holds more than ${counted} rows: at least ${counted} rows from 2024-05-01 00:00:00+00 to 2024-06-01 00:00:00+00.`,
        `Only the first ${counted} rows of public.capped_rest were counted, so that planning reads no more: what lies behind them may belong into other intervals. Plan again once this is done.`,
      ]),
    );
    expect(planned.steps.map(({ moves, scans }) => [moves?.rows, scans?.rows])).toEqual([[null, null]]);
    expect(planned.estimatedSeconds).toBeNull();
    // All of that interval move, also those that were not counted.
    expect(outcomesOf(await world.carry(planned))).toEqual(["done"]);
    expect(await world.placesOf("capped")).toEqual({ capped_2024_05: 64, capped_rest: 36 });
    await world.owner`vacuum capped_rest`;
    expect(outcomesOf(await world.carry(await world.plan("capped_rest", { how: "rows move" })))).toEqual([
      "done",
    ]);
    expect(await world.placesOf("capped")).toEqual({ capped_2024_05: 64, capped_2024_08: 36 });
    expect(await world.refusalOf("capped_2024_08")).toMatch(/^It is not a default/);
  });

  test("the world of a plan is another one once rows came or a partition did", async () => {
    const partition = { schema: "public", name: "worldly_rest" };
    await world.build("worldly", mayRows("worldly", 1, 5));
    const seen = () => readWorld(world.audit, partition);
    // Counters come a moment after the transaction.
    const settled = async () => {
      await world.owner`select pg_stat_force_next_flush()`;
      return seen();
    };
    const before = await settled();
    expect(await seen()).toBe(before);
    await world.owner`insert into worldly values (6, '2024-05-05')`;
    const after = await settled();
    expect(after).not.toBe(before);
    await world.owner`create table worldly_2024_09 partition of worldly for values from ('2024-09-01 00:00+00') to ('2024-10-01 00:00+00')`;
    expect(await seen()).not.toBe(after);
    expect(await readWorld(world.audit, { schema: "public", name: "nowhere" })).toBe("");
  });
});
