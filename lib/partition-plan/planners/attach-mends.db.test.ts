import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { halfDone } from "../../partitions/check-half-done.ts";
import { judge } from "../../testing/judge.ts";
import { type LedgerWorld, startLedger } from "../../testing/ledger-world.ts";

const at = (name: string, schema = "public") => ({ schema, name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: LedgerWorld;

  beforeAll(async () => {
    world = await startLedger(server);
  });
  afterEach(() => world.endReaders());
  afterAll(() => world?.close());

  /** What the server says to DEBUG1 while these statements run; they are undone. */
  async function heard(statements: readonly string[]): Promise<string[]> {
    const told: string[] = [];
    const listener = postgres(world.database.url, {
      max: 1,
      onnotice: ({ message }) => told.push(message ?? ""),
    });
    await listener`set client_min_messages = debug1`;
    await listener.unsafe(["begin", ...statements, "rollback"].join(";"));
    await listener.end();
    return told;
  }

  test("another's table that lacks a column and allows NULL is mended on the way, without a scan under a lock", async () => {
    const { plan, carry, refusals, owner, database } = world;
    const other = `other_${server}_${database.name}`;
    await database.sql.unsafe(`create role ${other}; grant create, usage on schema public to ${other}`);
    try {
      await database.sql.unsafe(`
        set role ${other};
        create table public.given (id bigint, at timestamptz);
        insert into public.given select i, '2023-11-05'::timestamptz + i * interval '1 minute' from generate_series(1, 50) i;
        insert into public.given values (null, '2023-11-06');
        reset role`);
      const attach = {
        verb: "attach",
        partition: at("given"),
        table: at("ledger"),
        bounds: { from: "2023-11-01", to: "2023-12-01" },
      } as const;
      expect(await refusals(attach)).toEqual([
        `blocked: public.given belongs to ${other}, the table to audit_maintainer: ALTER TABLE public.given OWNER TO audit_maintainer;`,
      ]);
      await database.sql.unsafe(`grant ${other} to audit_maintainer`);
      expect(await refusals(attach)).toEqual([
        "blocked: 1 rows of public.given have a NULL where the table allows none. Give them values first.",
      ]);
      await database.sql`delete from given where id is null`;
      const planned = await plan(attach);
      expect(planned.notes).toEqual(
        expect.arrayContaining([
          "It is given to audit_maintainer, the owner of the table.",
          "It lacks column note: it is added, NULL in the rows that are there.",
          "Column id may be null and may not in the table: a CHECK is validated first, then it is set NOT NULL without a scan.",
        ]),
      );
      expect(planned.steps.map(({ sql }) => sql)).toEqual([
        [
          "ALTER TABLE public.given OWNER TO audit_maintainer",
          "ALTER TABLE public.given ADD COLUMN note text",
        ],
        [expect.stringContaining("ADD CONSTRAINT bounds CHECK")],
        ["ALTER TABLE public.given VALIDATE CONSTRAINT bounds"],
        ["ALTER TABLE public.given ADD CONSTRAINT short CHECK ((length(note) < 100)) NOT VALID"],
        ["ALTER TABLE public.given VALIDATE CONSTRAINT short"],
        [
          "ALTER TABLE public.given ADD CONSTRAINT is_there CHECK ((id IS NOT NULL) AND (at IS NOT NULL)) NOT VALID",
        ],
        ["ALTER TABLE public.given VALIDATE CONSTRAINT is_there"],
        [
          "ALTER TABLE public.given ALTER COLUMN id SET NOT NULL, ALTER COLUMN at SET NOT NULL",
          "ALTER TABLE public.given DROP CONSTRAINT is_there",
        ],
        [expect.stringMatching(/^CREATE INDEX CONCURRENTLY/)],
        [expect.stringMatching(/^CREATE UNIQUE INDEX CONCURRENTLY/)],
        [expect.stringMatching(/PRIMARY KEY USING INDEX/)],
        [expect.stringMatching(/ATTACH PARTITION/)],
      ]);
      // What the server says while it sets NOT NULL and attaches tells whether it scans.
      for (const step of planned.steps.slice(0, -5))
        for (const statement of step.sql) await database.sql.unsafe(statement);
      expect(await heard(planned.steps.at(-5)?.sql ?? [])).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/existing constraints on column "given\.(id|at)" are sufficient/),
        ]),
      );
      const rest = await plan(attach);
      expect((await carry(rest)).map((line) => line.split(": ")[1])).toEqual(rest.steps.map(() => "done"));
      expect(await world.count("ledger where at < '2023-12-01' and at >= '2023-11-01'")).toBe(50);
      const [given] =
        await owner`select pg_get_userbyid(relowner) as owner from pg_class where relname = 'given'`;
      expect(given?.owner).toBe("audit_maintainer");
    } finally {
      await database.sql.unsafe(`drop owned by ${other} cascade; drop role ${other}`);
    }
  });

  test("beside a default that takes long to read, a CHECK on it comes first and goes with ATTACH", async () => {
    const { plan, carry, owner } = world;
    await owner.unsafe(`
      create table vast (id bigint not null, at date) partition by range (at);
      create table vast_rest partition of vast default;
      insert into vast select i, '2023-03-03' from generate_series(1, 5000) i;
      insert into vast values (0, null);
      create table vast_5 (id bigint not null, at date not null check (at >= '2024-05-01' and at < '2024-06-01'));
      insert into vast_5 values (1, '2024-05-05');
      analyze vast_rest`);
    const attach = { verb: "attach", partition: at("vast_5"), table: at("vast") } as const;
    // 200 ms are enough for 5,000 rows, 1 ms is not.
    expect((await plan(attach)).steps).toHaveLength(1);
    const planned = await plan(attach, 1);
    expect(planned.steps.map(({ sql }) => sql)).toEqual([
      [
        "ALTER TABLE public.vast_rest ADD CONSTRAINT leaves_out CHECK ((at IS NULL) OR (at < '2024-05-01'::date) OR (at >= '2024-06-01'::date)) NOT VALID",
      ],
      ["ALTER TABLE public.vast_rest VALIDATE CONSTRAINT leaves_out"],
      [
        "ALTER TABLE public.vast ATTACH PARTITION public.vast_5 FOR VALUES FROM ('2024-05-01') TO ('2024-06-01')",
        "ALTER TABLE public.vast_rest DROP CONSTRAINT leaves_out",
      ],
    ]);
    expect(planned.notes.join(" ")).toContain(
      "From that CHECK until it is attached, new rows of this place are refused.",
    );
    for (const step of planned.steps.slice(0, 2))
      for (const statement of step.sql) await owner.unsafe(statement);
    expect(await heard(planned.steps[2]?.sql ?? [])).toContain(
      'updated partition constraint for default partition "vast_rest" is implied by existing constraints',
    );
    // Broken off there, it is a finding, is found by the next plan, and goes on.
    const broken = (await judge(halfDone, world.audit)).objects.map(({ words }) => words.title);
    expect(broken).toEqual([
      "The default partition vast_rest refuses rows of a partition that was not attached.",
    ]);
    const rest = await plan(attach, 1);
    expect(rest.steps.map(({ words }) => words)).toEqual(["Attach public.vast_5 to public.vast"]);
    expect(await carry(rest)).toEqual(["Attach public.vast_5 to public.vast: done"]);
    expect(
      await owner`select conname from pg_constraint where conrelid = 'vast_rest'::regclass and contype = 'c'`,
    ).toEqual([]);
    expect(await world.count("vast")).toBe(5_002);
  });

  test("a partition of a list comes back by its CHECK or by values; one of a hash is refused with the statement", async () => {
    const { plan, carry, refusals, owner } = world;
    await owner.unsafe(`
      create table places (country text, n int) partition by list (country);
      create table places_de partition of places for values in ('de');
      create table "places d'or" partition of places for values in ('it''s', 'fr, be');
      insert into places values ('de', 1), ('it''s', 2), ('fr, be', 3);
      create table places_at (country text not null, n int);
      insert into places_at values ('at', 4), ('de', 5);
      create table moods (n int, size int) partition by list (size);
      create table moods_1 partition of moods for values in (1, -2);
      create table moods_9 (n int, size int);
      create table hashed (id int) partition by hash (id);
      create table hashed_0 partition of hashed for values with (modulus 2, remainder 0);
      create table hashed_1 (id int)`);
    for (const [name, table] of [
      ["places_de", "places"],
      ["places d'or", "places"],
      ["moods_1", "moods"],
    ] as const) {
      expect(await carry(await plan({ verb: "detach", partition: at(name) }))).toEqual([
        expect.stringMatching(/: done$/),
      ]);
      const back = await plan({ verb: "attach", partition: at(name), table: at(table) });
      expect([back.refusals, back.steps.map(({ words }) => words.slice(0, 6))]).toEqual([[], ["Attach"]]);
      expect(await heard(back.steps[0]?.sql ?? [])).toContain(
        `partition constraint for table "${name}" is implied by existing constraints`,
      );
      expect(await carry(back)).toEqual([expect.stringMatching(/: done$/)]);
    }
    expect(await world.count("places")).toBe(3);
    const attach = { verb: "attach", partition: at("places_at"), table: at("places") } as const;
    expect(await refusals(attach)).toEqual([
      "blocked: No CHECK of public.places_at says which values of country it holds. Give the values.",
    ]);
    expect(await refusals({ ...attach, values: ["at", "de"] })).toEqual([
      "blocked: Its bounds run into those of public.places_de. Give others, or detach that one first.",
    ]);
    expect(await refusals({ ...attach, values: ["at"] })).toEqual([
      expect.stringMatching(/^blocked: 1 rows of public.places_at lie outside IN \('at'\)/),
    ]);
    await owner`delete from places_at where country = 'de'`;
    const planned = await plan({ ...attach, values: ["at"] });
    expect((await carry(planned)).map((line) => line.split(": ")[1])).toEqual(["done", "done", "done"]);
    expect(await world.count("places where country = 'at'")).toBe(1);
    await expect(
      plan({ verb: "attach", partition: at("moods_9"), table: at("moods"), values: ["x"] }),
    ).rejects.toMatchObject({ code: "BAD_INPUT" });
    expect(await refusals({ verb: "attach", partition: at("hashed_1"), table: at("hashed") })).toEqual([
      "refused: public.hashed is partitioned by hash, where each remainder has its partition from the start. That is not done here: ALTER TABLE public.hashed ATTACH PARTITION public.hashed_1 FOR VALUES WITH (MODULUS …, REMAINDER …);",
    ]);
  });
});
