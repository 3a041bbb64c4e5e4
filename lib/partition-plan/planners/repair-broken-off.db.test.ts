import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mayRows, outcomesOf, type RepairWorld, startRepairWorld } from "../../testing/repair-world.ts";
import type { CarriedState } from "../carried-state.ts";
import type { Plan } from "../types.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: RepairWorld;
  beforeAll(async () => {
    world = await startRepairWorld(server);
  });
  afterAll(() => world?.close());

  test.each([
    ["rows move", ["makeStandAlone", "copyDefaultRows", "moveDefaultRows"]],
    ["rows stay", ["keepDefaultRows"]],
  ] as const)(
    "%s: a worker that dies at any of its notes is followed by one that comes to the same end",
    async (how, kinds) => {
      for (let dies = 1; ; dies++) {
        const name = `killed_${kinds.length}_${dies}`;
        // Wide enough for two transactions of copies.
        await world.build(name, mayRows(name, 1, 2_200).replace("'n' || i", "repeat('n', 1000)"));
        const planned = await world.plan(`${name}_rest`, { rowsNeverChange: true, how });
        expect(planned.steps.map(({ step }) => step.kind)).toEqual(kinds);
        let notes = 0;
        let kept: CarriedState | null = null;
        const checkpoint = async (state: CarriedState) => {
          notes += 1;
          kept = structuredClone(state);
          if (notes !== dies) return;
          // Asked again until it is gone: its lock would be in the way of the next.
          const ours = () => world.database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'audit-db %' and datname = current_database()`;
          await vi.waitFor(async () => expect((await ours()).count).toBe(0), {
            timeout: 30_000,
            interval: 20,
          });
          // Late rows: some come between copying and the lock.
          await world.owner.unsafe(mayRows(name, 2_201, 2_210));
        };
        const first = await world.carry(planned, { checkpoint }).catch((thrown: unknown) => thrown);
        if (notes < dies) {
          expect(notes).toBeGreaterThan(kinds.length);
          break;
        }
        const second = await world.carry(planned, { restored: kept });
        expect(outcomesOf(second), `${first}`).toEqual(kinds.map(() => "done"));
        expect(await world.placesOf(name)).toEqual({ [`${name}_2024_05`]: 2_210 });
      }
    },
  );

  test("a session that is killed within the last transaction has moved nothing", async () => {
    await world.build("inside", mayRows("inside", 1, 100));
    const planned = await world.plan("inside_rest", { how: "rows move" });
    const reader = world.open();
    await reader`begin`;
    await reader`lock table inside in access share mode`;
    const carried = world.carry(planned).catch((thrown: unknown) => thrown);
    await vi.waitFor(async () => {
      const [row] = await world.database.sql`
        select pg_terminate_backend(pid) as ended from pg_stat_activity
        where application_name like 'audit-db %' and datname = current_database() and backend_xid is not null`;
      expect(row?.ended).toBe(true);
    }, 30_000);
    expect(await carried).toBeInstanceOf(Error);
    expect(await world.placesOf("inside")).toEqual({ inside_rest: 100 });
    await reader`commit`;
    expect(outcomesOf(await world.carry(planned))).toEqual(["done"]);
    expect(await world.placesOf("inside")).toEqual({ inside_2024_05: 100 });
  });

  describe("copies", () => {
    /** Copies rows and stops before they are taken out. */
    async function interrupt(name: string): Promise<Plan> {
      await world.build(name, mayRows(name, 1, 100));
      const planned = await world.plan(`${name}_rest`, { rowsNeverChange: true, how: "rows move" });
      expect(outcomesOf(await world.carry({ ...planned, steps: planned.steps.slice(0, 2) }))).toEqual([
        "done",
        "done",
      ]);
      const [found] = await world.owner.unsafe(`select count(*)::int as n from ${name}_2024_05`);
      expect(found?.n).toBe(100);
      return planned;
    }

    test("that an interrupted move left are counted by nobody, found, and gone on with", async () => {
      const planned = await interrupt("resumed");
      expect(await world.placesOf("resumed")).toEqual({ resumed_rest: 100 });
      const again = await world.plan("resumed_rest", { rowsNeverChange: true, how: "rows move" });
      expect(again.refusals).toEqual([]);
      expect(again.notes).toContain(
        "An interrupted move left copies in public.resumed_2024_05: it goes on from there.",
      );
      expect(again.digest).toBe(planned.digest);
      expect(outcomesOf(await world.carry(again))).toEqual(["done", "done", "done"]);
      expect(await world.placesOf("resumed")).toEqual({ resumed_2024_05: 100 });
      const [mark] =
        await world.owner`select obj_description('resumed_2024_05'::regclass, 'pg_class') as text`;
      expect(mark?.text).toBeNull();
    });

    test("of a row that stays are removed first", async () => {
      await interrupt("kept");
      const planned = await world.plan("kept_rest");
      expect(planned.steps.map(({ step }) => step.kind)).toEqual(["removeCopies", "keepDefaultRows"]);
      expect(outcomesOf(await world.carry(planned))).toEqual(["done", "done"]);
      expect(await world.placesOf("kept")).toEqual({ kept_2024_05: 100 });
    });

    test("are removed once each row was found in the default, where nobody confirms any more that rows stay", async () => {
      await interrupt("removed");
      const planned = await world.plan("removed_rest", { how: "rows move" });
      expect(planned.steps.map(({ step }) => step.kind)).toEqual(["removeCopies", "moveDefaultRows"]);
      expect(outcomesOf(await world.carry(planned))).toEqual(["done", "done"]);
      expect(await world.placesOf("removed")).toEqual({ removed_2024_05: 100 });
    });

    test.each([
      [
        "changed",
        "update changed_rest set note = 'other' where id = 7",
        /^refused: 1 rows of public\.changed_rest differ/,
      ],
      [
        "deleted",
        "delete from deleted_rest where id = 7",
        /^refused: 1 rows of public\.deleted_2024_05 were copied/,
      ],
    ])("of a row that was %s meanwhile stop the move, and are not removed", async (name, change, why) => {
      const planned = await interrupt(name);
      await world.owner.unsafe(change);
      expect(outcomesOf(await world.carry(planned))).toEqual(["done", "done", expect.stringMatching(why)]);
      const left = name === "changed" ? 100 : 99;
      expect(await world.placesOf(name)).toEqual({ [`${name}_rest`]: left });
      const without = await world.plan(`${name}_rest`, { how: "rows move" });
      expect(outcomesOf(await world.carry(without))[0]).toMatch(
        /^refused: 1 rows of public\.\w+ are not in public\.\w+_rest/,
      );
      const [copies] = await world.owner.unsafe(`select count(*)::int as n from ${name}_2024_05`);
      expect(copies?.n).toBe(100);
      expect(await world.placesOf(name)).toEqual({ [`${name}_rest`]: left });
    });

    test("are made only where the owner alone may change rows, and somebody confirms that nothing does", async () => {
      await world.build("granted", mayRows("granted", 1, 5));
      const note = async (rowsNeverChange: boolean) =>
        (await world.plan("granted_rest", { how: "rows move", rowsNeverChange })).notes.filter((text) =>
          /copied beforehand|one transaction/.test(text),
        );
      expect(await note(false)).toEqual([
        "The rows of a partition move in one transaction, because nobody confirmed that rows never change (rowsNeverChange).",
      ]);
      expect(await note(true)).toEqual([
        "Rows are copied beforehand in transactions of their own: a person confirmed that nothing changes them.",
      ]);
      await world.owner`grant update (note) on granted to pg_monitor`;
      expect(await note(true)).toEqual([
        "The rows of a partition move in one transaction, because pg_monitor may update or delete rows.",
      ]);
    });
  });
});
