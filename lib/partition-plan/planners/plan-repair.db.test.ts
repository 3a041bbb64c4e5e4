import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { type CarriedState, type CarryOutOptions, carryOut } from "../carry-out.ts";
import type { RepairRequest } from "../default-rows/repair.ts";
import { makePlan } from "../make-plan.ts";
import type { Plan, StepOutcome } from "../types.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let audit: AuditDb;
  let owner: Sql;
  const clients: Sql[] = [];

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    await database.sql`grant create on schema public to audit_maintainer`;
    const [watch, maintenance] = [
      await database.login(["pg_monitor"]),
      await database.login(["audit_maintainer"]),
    ];
    audit = connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
    owner = open();
    await owner`set role audit_maintainer`;
  });
  afterAll(async () => {
    await audit.close();
    await Promise.all(clients.map((client) => client.end()));
    await database.drop();
  });

  function open(): Sql {
    const client = postgres(database.url, { max: 1, onnotice: () => {} });
    clients.push(client);
    return client;
  }

  const plan = (name: string, more: Partial<RepairRequest> = {}) =>
    makePlan(
      { audit, now: new Date() },
      { verb: "repair", partition: { schema: "public", name }, rowsNeverChange: false, ...more },
      200,
    );
  const carry = (planned: Plan, more: Partial<CarryOutOptions> = {}): Promise<StepOutcome[]> =>
    carryOut({
      audit,
      plan: planned,
      until: new Date(Date.now() + 60_000),
      checkpoint: async () => {},
      progress() {},
      log() {},
      signal: new AbortController().signal,
      ...more,
    });
  const outcomesOf = (outcomes: StepOutcome[]) =>
    outcomes.map(({ outcome, why }) => (why === null ? outcome : `${outcome}: ${why}`));
  const refusalOf = async (name: string, more: Partial<RepairRequest> = {}) =>
    (await plan(name, more)).refusals.map(({ words }) => words).join("\n");

  /** Where rows are, by partition. */
  async function placesOf(table: string): Promise<Record<string, number>> {
    const rows = await owner.unsafe(
      `select tableoid::regclass::text as place, count(*)::int as n from ${table} group by 1 order by 1`,
    );
    return Object.fromEntries(rows.map(({ place, n }) => [place, n]));
  }

  /** April and June of 2024; what is left goes to the default, whose columns stand in another order. */
  async function build(name: string, more = "", key = "primary key (id, at)"): Promise<void> {
    await owner.unsafe(`
      create table ${name} (id bigint not null, at timestamptz, note text${key && `, ${key}`}) partition by range (at);
      create table ${name}_2024_04 partition of ${name} for values from ('2024-04-01 00:00+00') to ('2024-05-01 00:00+00');
      create table ${name}_2024_06 partition of ${name} for values from ('2024-06-01 00:00+00') to ('2024-07-01 00:00+00');
      create table ${name}_rest (note text, gone int, at timestamptz, id bigint not null${key && `, ${key}`});
      alter table ${name}_rest drop column gone;
      alter table ${name} attach partition ${name}_rest default;
      ${more}`);
  }
  const mayRows = (name: string, from: number, to: number) =>
    `insert into ${name} select i, '2024-05-02 00:00+00'::timestamptz + i * interval '1 minute', 'n' || i
     from generate_series(${from}, ${to}) i;`;

  test("the plan says how many rows lie in which intervals, and each gets its partition; the others stay", async () => {
    await build(
      "many",
      `${mayRows("many", 1, 3)}
       insert into many values (4, '2024-07-31 23:59:59.999999+00', 'july'), (5, '2024-08-01 00:00+00', 'august'),
         (6, null, 'no key'), (7, 'infinity', 'never'), (8, '-infinity', 'ever'), (9, '1066-10-14', 'long ago')`,
      "",
    );
    const planned = await plan("many_rest");
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
    expect(outcomesOf(await carry(planned))).toEqual(["done", "done", "done"]);
    expect(await placesOf("many")).toEqual({
      many_2024_05: 3,
      many_2024_07: 1,
      many_2024_08: 1,
      many_rest: 4,
    });
    expect(await plan("many_rest")).toMatchObject({ steps: [], refusals: [] });
  });

  test("rows of one partition stay, the default is renamed and an empty one like it takes its place", async () => {
    await build("one", `${mayRows("one", 1, 500)} grant select on one_rest to pg_monitor;`);
    const planned = await plan("one_rest");
    expect(planned).toMatchObject({
      title: "Make one_rest the partition of its 500 rows",
      refusals: [],
      request: { how: "rows stay" },
    });
    expect(planned.notes).toContain(
      "The rows stay where they are: public.one_rest is renamed to public.one_2024_05, as its siblings are named. It keeps its indexes, grants and storage; the new default gets the same and the old name.",
    );
    expect(outcomesOf(await carry(planned))).toEqual(["done"]);
    await owner`insert into one values (1000, '2024-09-01', 'new')`;
    expect(await placesOf("one")).toEqual({ one_2024_05: 500, one_rest: 1 });
    const [grant] = await owner`select has_table_privilege('pg_monitor', 'one_rest', 'select') as may`;
    expect(grant?.may).toBe(true);
    await owner`delete from one where id = 1000`;
    expect(await plan("one_rest")).toMatchObject({
      steps: [],
      notes: ["public.one_rest holds no rows: there is nothing to do."],
    });
    // Carried out again it finds that it has happened.
    expect((await carry(planned))[0]).toMatchObject({ outcome: "done", before: true });
  });

  test("a row of another interval that comes in between undoes it, and nothing has moved", async () => {
    await build("between", mayRows("between", 1, 5));
    const planned = await plan("between_rest");
    await owner`insert into between values (6, '2024-08-01', 'august')`;
    expect(outcomesOf(await carry(planned))).toEqual([expect.stringMatching(/^refused: .*23514/)]);
    expect(await placesOf("between")).toEqual({ between_rest: 6 });
    const moved = await plan("between_rest");
    expect(moved.request).toMatchObject({ how: "rows move" });
    await carry(moved);
    expect(await placesOf("between")).toEqual({ between_2024_05: 5, between_2024_08: 1 });
    expect(await refusalOf("between_rest", { how: "rows stay" })).toBe("");
  });

  test("a transaction that sees by an older snapshot finds every row where it stays", async () => {
    await build("seen", mayRows("seen", 1, 50));
    const reader = open();
    await reader`begin isolation level repeatable read`;
    await reader`select from pg_class limit 1`;
    expect(outcomesOf(await carry(await plan("seen_rest")))).toEqual(["done"]);
    const may = reader`select count(*)::int as n from seen where at >= '2024-05-01 00:00+00' and at < '2024-06-01 00:00+00'`;
    expect(await may).toEqual([{ n: 50 }]);
    expect(await reader`select count(*)::int as n from seen`).toEqual([{ n: 50 }]);
    await reader`commit`;
  });

  test("rows move once such a transaction has ended", async () => {
    await build("awaited", mayRows("awaited", 1, 50));
    const reader = open();
    await reader`begin isolation level repeatable read`;
    const [own] = await reader`select pg_backend_pid() as pid`;
    const planned = await plan("awaited_rest", { how: "rows move" });
    expect(planned.blockers).toMatchObject([{ pid: own?.pid, mode: "snapshot" }]);
    const log = vi.fn();
    const carried = carry(planned, { log });
    await vi.waitFor(
      () => expect(log).toHaveBeenCalledWith(expect.stringContaining(`session ${own?.pid} of postgres`)),
      10_000,
    );
    expect(await placesOf("awaited")).toEqual({ awaited_rest: 50 });
    await reader`commit`;
    expect(outcomesOf(await carried)).toEqual(["done"]);
    expect(await placesOf("awaited")).toEqual({ awaited_2024_05: 50 });
  });

  test.each([
    ["rows move", ["makeStandAlone", "copyDefaultRows", "moveDefaultRows"]],
    ["rows stay", ["keepDefaultRows"]],
  ] as const)(
    "%s: a worker that dies at any of its notes is followed by one that comes to the same end",
    async (how, kinds) => {
      for (let dies = 1; ; dies++) {
        const name = `killed_${kinds.length}_${dies}`;
        // Wide enough for two transactions of copies.
        await build(name, mayRows(name, 1, 2_200).replace("'n' || i", "repeat('n', 1000)"));
        const planned = await plan(`${name}_rest`, { rowsNeverChange: true, how });
        expect(planned.steps.map(({ step }) => step.kind)).toEqual(kinds);
        let notes = 0;
        let kept: CarriedState | null = null;
        const checkpoint = async (state: CarriedState) => {
          notes += 1;
          kept = structuredClone(state);
          if (notes !== dies) return;
          // Asked again until it is gone: its lock would be in the way of the next.
          const ours = () => database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'audit-db %' and datname = current_database()`;
          await vi.waitFor(async () => expect((await ours()).count).toBe(0), {
            timeout: 10_000,
            interval: 20,
          });
          // Late rows: some come between copying and the lock.
          await owner.unsafe(mayRows(name, 2_201, 2_210));
        };
        const first = await carry(planned, { checkpoint }).catch((thrown: unknown) => thrown);
        if (notes < dies) {
          expect(notes).toBeGreaterThan(kinds.length);
          break;
        }
        const second = await carry(planned, { restored: kept });
        expect(outcomesOf(second), `${first}`).toEqual(kinds.map(() => "done"));
        expect(await placesOf(name)).toEqual({ [`${name}_2024_05`]: 2_210 });
      }
    },
  );

  test("a session that is killed within the last transaction has moved nothing", async () => {
    await build("inside", mayRows("inside", 1, 100));
    const planned = await plan("inside_rest", { how: "rows move" });
    const reader = open();
    await reader`begin`;
    await reader`lock table inside in access share mode`;
    const carried = carry(planned).catch((thrown: unknown) => thrown);
    await vi.waitFor(async () => {
      const [row] = await database.sql`
        select pg_terminate_backend(pid) as ended from pg_stat_activity
        where application_name like 'audit-db %' and datname = current_database() and backend_xid is not null`;
      expect(row?.ended).toBe(true);
    }, 10_000);
    expect(await carried).toBeInstanceOf(Error);
    expect(await placesOf("inside")).toEqual({ inside_rest: 100 });
    await reader`commit`;
    expect(outcomesOf(await carry(planned))).toEqual(["done"]);
    expect(await placesOf("inside")).toEqual({ inside_2024_05: 100 });
  });

  describe("copies", () => {
    /** Copies rows and stops before they are taken out. */
    async function interrupt(name: string): Promise<Plan> {
      await build(name, mayRows(name, 1, 100));
      const planned = await plan(`${name}_rest`, { rowsNeverChange: true, how: "rows move" });
      expect(outcomesOf(await carry({ ...planned, steps: planned.steps.slice(0, 2) }))).toEqual([
        "done",
        "done",
      ]);
      const [found] = await owner.unsafe(`select count(*)::int as n from ${name}_2024_05`);
      expect(found?.n).toBe(100);
      return planned;
    }

    test("that an interrupted move left are counted by nobody, found, and gone on with", async () => {
      const planned = await interrupt("resumed");
      expect(await placesOf("resumed")).toEqual({ resumed_rest: 100 });
      const again = await plan("resumed_rest", { rowsNeverChange: true, how: "rows move" });
      expect(again.refusals).toEqual([]);
      expect(again.notes).toContain(
        "An interrupted move left copies in public.resumed_2024_05: it goes on from there.",
      );
      expect(again.digest).toBe(planned.digest);
      expect(outcomesOf(await carry(again))).toEqual(["done", "done", "done"]);
      expect(await placesOf("resumed")).toEqual({ resumed_2024_05: 100 });
      const [mark] = await owner`select obj_description('resumed_2024_05'::regclass, 'pg_class') as text`;
      expect(mark?.text).toBeNull();
    });

    test("of a row that stays are removed first", async () => {
      await interrupt("kept");
      const planned = await plan("kept_rest");
      expect(planned.steps.map(({ step }) => step.kind)).toEqual(["removeCopies", "keepDefaultRows"]);
      expect(outcomesOf(await carry(planned))).toEqual(["done", "done"]);
      expect(await placesOf("kept")).toEqual({ kept_2024_05: 100 });
    });

    test("are removed once each row was found in the default, where nobody confirms any more that rows stay", async () => {
      await interrupt("removed");
      const planned = await plan("removed_rest", { how: "rows move" });
      expect(planned.steps.map(({ step }) => step.kind)).toEqual(["removeCopies", "moveDefaultRows"]);
      expect(outcomesOf(await carry(planned))).toEqual(["done", "done"]);
      expect(await placesOf("removed")).toEqual({ removed_2024_05: 100 });
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
      await owner.unsafe(change);
      expect(outcomesOf(await carry(planned))).toEqual(["done", "done", expect.stringMatching(why)]);
      const left = name === "changed" ? 100 : 99;
      expect(await placesOf(name)).toEqual({ [`${name}_rest`]: left });
      const without = await plan(`${name}_rest`, { how: "rows move" });
      expect(outcomesOf(await carry(without))[0]).toMatch(
        /^refused: 1 rows of public\.\w+ are not in public\.\w+_rest/,
      );
      const [copies] = await owner.unsafe(`select count(*)::int as n from ${name}_2024_05`);
      expect(copies?.n).toBe(100);
      expect(await placesOf(name)).toEqual({ [`${name}_rest`]: left });
    });

    test("are made only where the owner alone may change rows, and somebody confirms that nothing does", async () => {
      await build("granted", mayRows("granted", 1, 5));
      const note = async (rowsNeverChange: boolean) =>
        (await plan("granted_rest", { how: "rows move", rowsNeverChange })).notes.filter((text) =>
          /copied beforehand|one transaction/.test(text),
        );
      expect(await note(false)).toEqual([
        "The rows of a partition move in one transaction, because nobody confirmed that rows never change (rowsNeverChange).",
      ]);
      expect(await note(true)).toEqual([
        "Rows are copied beforehand in transactions of their own: a person confirmed that nothing changes them.",
      ]);
      await owner`grant update (note) on granted to pg_monitor`;
      expect(await note(true)).toEqual([
        "The rows of a partition move in one transaction, because pg_monitor may update or delete rows.",
      ]);
    });
  });

  test("a default at any level, identity, generated columns, and one with partitions of its own", async () => {
    await owner.unsafe(`
      create table deep (kind text, at date not null, id bigint generated always as identity, note text,
        size int generated always as (length(note)) stored) partition by list (kind);
      create table deep_a partition of deep for values in ('a', 'A') partition by range (at);
      create table deep_a_2024_04 partition of deep_a for values from ('2024-04-01') to ('2024-05-01');
      create table deep_a_rest partition of deep_a default partition by list (note);
      create table deep_a_rest_x partition of deep_a_rest for values in ('x');
      create table deep_a_rest_rest partition of deep_a_rest default;
      insert into deep (kind, at, note) select 'a', '2024-05-05', case i % 2 when 0 then 'x' else 'other' end
        from generate_series(1, 10) i;`);
    const before = await owner`select * from deep order by id`;
    const planned = await plan("deep_a_rest", { rowsNeverChange: true });
    expect(planned).toMatchObject({ table: { name: "deep" }, request: { how: "rows move" }, refusals: [] });
    expect(outcomesOf(await carry(planned))).toEqual(["done"]);
    expect(await placesOf("deep")).toEqual({ deep_a_2024_05: 10 });
    expect(await owner`select * from deep order by id`).toEqual(before);
  });

  test("rows of keys of other kinds go where their partitions are cut", async () => {
    await owner.unsafe(`
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
    const planned = await plan("counted_rest");
    expect(outcomesOf(await carry(planned))).toEqual(["done", "done", "done", "done"]);
    expect(await placesOf("counted")).toEqual({
      '"counted_-1000"': 1,
      counted_2000: 1,
      counted_3000: 1,
      counted_987654321000: 1,
      counted_rest: 3,
    });
    const odd = await plan('Odd, "name"_rest');
    expect(odd).toMatchObject({ refusals: [], request: { cut: { unit: "month", key: "uuid v7" } } });
    expect(outcomesOf(await carry(odd))).toEqual(["done", "done"]);
    expect(await placesOf('"Odd, ""name"""')).toEqual({
      '"Odd, ""name""_2024_06"': 1,
      '"Odd, ""name""_2024_07"': 1,
    });
  });

  test("what would lose rows, or show others a loss, is refused with the reason", async () => {
    await build("referred", mayRows("referred", 1, 5));
    await owner.unsafe(`create table pointing (id bigint, at timestamptz,
      foreign key (id, at) references referred (id, at) on delete cascade)`);
    expect(await refusalOf("referred_rest")).toMatch(/^public\.pointing refers to it by a foreign key/);

    await build("published", mayRows("published", 1, 5));
    await database.sql`create publication told for table published`;
    expect(await refusalOf("published_rest")).toMatch(
      /^It is published \(told\): subscribers would see .* They cannot stay either: It is published by its own name/,
    );
    await database.sql`alter publication told set (publish_via_partition_root = true)`;
    expect(await plan("published_rest")).toMatchObject({ refusals: [], request: { how: "rows stay" } });
    expect(await refusalOf("published_rest", { how: "rows move" })).toMatch(/^It is published/);

    await build("watched", mayRows("watched", 1, 5));
    await owner.unsafe(`
      create function note_loss() returns trigger language plpgsql as 'begin raise exception ''lost''; end';
      create trigger on_loss before delete on watched for each row execute function note_loss()`);
    expect(await refusalOf("watched_rest", { how: "rows move" })).toBe(
      "A DELETE sets off trigger on_loss, which would take the move for a loss. Disable it first, or move the rows yourself.",
    );

    await build(
      "secured",
      `${mayRows("secured", 1, 5)} alter table secured_rest enable row level security, force row level security`,
    );
    expect(await refusalOf("secured_rest")).toMatch(/^Row-level security is forced/);

    await build("twofold", `${mayRows("twofold", 1, 5)} insert into twofold values (9, '2024-09-01', '')`);
    expect(await refusalOf("twofold_rest", { how: "rows stay" })).toBe(
      "Its rows belong into 2 partitions, not into one.",
    );

    await owner.unsafe(`create table listed (k text) partition by list (k);
      create table listed_rest partition of listed default`);
    expect(await refusalOf("listed_rest")).toMatch(/^public\.listed is not partitioned by ranges/);
    expect(await refusalOf("twofold_2024_04")).toMatch(/^It is not a default partition/);
    expect(await refusalOf("nowhere")).toContain("There is no such partition.");

    await database.sql.unsafe(`create extension if not exists file_fdw; create server files foreign data wrapper file_fdw;
      create table distant (at timestamptz) partition by range (at);
      create foreign table distant_rest partition of distant default server files options (filename '/dev/null')`);
    expect(await refusalOf("distant_rest")).toMatch(/^distant_rest is a foreign table/m);

    await build("named", `${mayRows("named", 1, 5)} create table named_2024_05 (other int)`);
    expect(await refusalOf("named_rest")).toMatch(/^Something else has this name/);
  });
});
