import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mayRows, outcomesOf, type RepairWorld, startRepairWorld } from "../../testing/repair-world.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: RepairWorld;
  beforeAll(async () => {
    world = await startRepairWorld(server);
  });
  afterAll(() => world?.close());

  test("rows of one partition stay, the default is renamed and an empty one like it takes its place", async () => {
    await world.build("one", `${mayRows("one", 1, 500)} grant select on one_rest to pg_monitor;`);
    const planned = await world.plan("one_rest");
    expect(planned).toMatchObject({
      title: "Make one_rest the partition of its 500 rows",
      refusals: [],
      request: { how: "rows stay" },
    });
    expect(planned.notes).toContain(
      "The rows stay where they are: public.one_rest is renamed to public.one_2024_05, as its siblings are named. It keeps its indexes, grants and storage; the new default gets the same and the old name.",
    );
    expect(outcomesOf(await world.carry(planned))).toEqual(["done"]);
    await world.owner`insert into one values (1000, '2024-09-01', 'new')`;
    expect(await world.placesOf("one")).toEqual({ one_2024_05: 500, one_rest: 1 });
    const [grant] = await world.owner`select has_table_privilege('pg_monitor', 'one_rest', 'select') as may`;
    expect(grant?.may).toBe(true);
    await world.owner`delete from one where id = 1000`;
    expect(await world.plan("one_rest")).toMatchObject({
      steps: [],
      notes: ["public.one_rest holds no rows: there is nothing to do."],
    });
    // Carried out again it finds that it has happened.
    expect((await world.carry(planned))[0]).toMatchObject({ outcome: "done", before: true });
  });

  test("a row of another interval that comes in between undoes it, and nothing has moved", async () => {
    await world.build("between", mayRows("between", 1, 5));
    const planned = await world.plan("between_rest");
    await world.owner`insert into between values (6, '2024-08-01', 'august')`;
    expect(outcomesOf(await world.carry(planned))).toEqual([expect.stringMatching(/^refused: .*23514/)]);
    expect(await world.placesOf("between")).toEqual({ between_rest: 6 });
    const moved = await world.plan("between_rest");
    expect(moved.request).toMatchObject({ how: "rows move" });
    await world.carry(moved);
    expect(await world.placesOf("between")).toEqual({ between_2024_05: 5, between_2024_08: 1 });
    expect(await world.refusalOf("between_rest", { how: "rows stay" })).toBe("");
  });

  test("a transaction that sees by an older snapshot finds every row where it stays", async () => {
    await world.build("seen", mayRows("seen", 1, 50));
    const reader = world.open();
    await reader`begin isolation level repeatable read`;
    await reader`select from pg_class limit 1`;
    expect(outcomesOf(await world.carry(await world.plan("seen_rest")))).toEqual(["done"]);
    const may = reader`select count(*)::int as n from seen where at >= '2024-05-01 00:00+00' and at < '2024-06-01 00:00+00'`;
    expect(await may).toEqual([{ n: 50 }]);
    expect(await reader`select count(*)::int as n from seen`).toEqual([{ n: 50 }]);
    await reader`commit`;
  });

  test("what would lose rows, or show others a loss, is refused with the reason", async () => {
    await world.build("referred", mayRows("referred", 1, 5));
    await world.owner.unsafe(`create table pointing (id bigint, at timestamptz,
      foreign key (id, at) references referred (id, at) on delete cascade)`);
    expect(await world.refusalOf("referred_rest")).toMatch(/^public\.pointing refers to it by a foreign key/);

    await world.build("published", mayRows("published", 1, 5));
    await world.database.sql`create publication told for table published`;
    expect(await world.refusalOf("published_rest")).toMatch(
      /^It is published \(told\): subscribers would see .* They cannot stay either: It is published by its own name/,
    );
    await world.database.sql`alter publication told set (publish_via_partition_root = true)`;
    expect(await world.plan("published_rest")).toMatchObject({ refusals: [], request: { how: "rows stay" } });
    expect(await world.refusalOf("published_rest", { how: "rows move" })).toMatch(/^It is published/);

    await world.build("watched", mayRows("watched", 1, 5));
    await world.owner.unsafe(`
      create function note_loss() returns trigger language plpgsql as 'begin raise exception ''lost''; end';
      create trigger on_loss before delete on watched for each row execute function note_loss()`);
    expect(await world.refusalOf("watched_rest", { how: "rows move" })).toBe(
      "A DELETE sets off trigger on_loss, which would take the move for a loss. Disable it first, or move the rows yourself.",
    );

    await world.build(
      "secured",
      `${mayRows("secured", 1, 5)} alter table secured_rest enable row level security, force row level security`,
    );
    expect(await world.refusalOf("secured_rest")).toMatch(/^Row-level security is forced/);

    await world.build(
      "twofold",
      `${mayRows("twofold", 1, 5)} insert into twofold values (9, '2024-09-01', '')`,
    );
    expect(await world.refusalOf("twofold_rest", { how: "rows stay" })).toBe(
      "Its rows belong into 2 partitions, not into one.",
    );

    await world.owner.unsafe(`create table listed (k text) partition by list (k);
      create table listed_rest partition of listed default`);
    expect(await world.refusalOf("listed_rest")).toMatch(/^public\.listed is not partitioned by ranges/);
    expect(await world.refusalOf("twofold_2024_04")).toMatch(/^It is not a default partition/);
    expect(await world.refusalOf("nowhere")).toContain("There is no such partition.");

    await world.database.sql.unsafe(`create extension if not exists file_fdw; create server files foreign data wrapper file_fdw;
      create table distant (at timestamptz) partition by range (at);
      create foreign table distant_rest partition of distant default server files options (filename '/dev/null')`);
    expect(await world.refusalOf("distant_rest")).toMatch(/^distant_rest is a foreign table/m);

    await world.build("named", `${mayRows("named", 1, 5)} create table named_2024_05 (other int)`);
    expect(await world.refusalOf("named_rest")).toMatch(/^Something else has this name/);
  });
});
