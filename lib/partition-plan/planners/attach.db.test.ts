import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type LedgerWorld, startLedger } from "../../testing/ledger-world.ts";
import { keepCheckpoint } from "../../testing/tended.ts";
import type { PlanRequestInput } from "../request.ts";
import type { PlannedStep } from "../types.ts";

const at = (name: string, schema = "public") => ({ schema, name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: LedgerWorld;

  beforeAll(async () => {
    world = await startLedger(server);
  });
  afterEach(() => world.endReaders());
  afterAll(() => world?.close());

  test("a stranger's table is adopted: CHECK, constraints and indexes first, and what differs is said with what to do", async () => {
    const { plan, carry, refusals, owner } = world;
    const attach = { verb: "attach", partition: at('Odd "one"'), table: at("ledger") } as const;
    const bounds = { from: "2023-12-01", to: "2024-01-01" };
    expect(await refusals(attach)).toEqual(['missing: There is no table public."Odd ""one""".']);
    await owner.unsafe(`
      create table "Odd ""one""" (note varchar(20), at timestamptz, extra int, id bigint generated always as identity);
      insert into "Odd ""one""" select 'n', '2023-12-05'::timestamptz + i * interval '1 minute' from generate_series(1, 500) i;
      insert into "Odd ""one""" values ('stray', '2024-06-01')`);
    expect(await refusals({ ...attach, bounds })).toEqual(
      [
        /^blocked: Column note of .* is character varying\(20\), in the table text.*TYPE text;$/,
        /^blocked: Column extra of .* is not in the table.*DROP COLUMN extra;/,
        ...(server === 18 ? [/^blocked: Column id of .* is an identity column.*DROP IDENTITY;$/] : []),
      ].map((words) => expect.stringMatching(words)),
    );
    await owner.unsafe(`
      alter table "Odd ""one""" drop column extra, alter note type text, alter id drop identity`);
    expect(await refusals(attach)).toEqual([
      expect.stringMatching(/^blocked: No CHECK of .* Give the bounds\.$/),
    ]);
    expect(await refusals({ ...attach, bounds })).toEqual([
      expect.stringMatching(
        /^blocked: 1 rows of public."Odd ""one""" lie outside FROM \('2023-12-01 00:00:00\+00'\)/,
      ),
    ]);
    expect(await refusals({ ...attach, bounds: { ...bounds, to: "2024-08-01" } })).toEqual([
      expect.stringMatching(/^blocked: Its bounds run into those of public.ledger_1/),
    ]);
    await expect(plan({ ...attach, bounds: { from: "soon", to: "2024-01-01" } })).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
    await expect(plan({ ...attach, bounds: { from: "2024-01-01", to: "2023-01-01" } })).rejects.toMatchObject(
      {
        code: "BAD_INPUT",
        message: "The upper bound 2023-01-01 is not above the lower one, 2024-01-01.",
      },
    );
    await owner`delete from "Odd ""one""" where note = 'stray'`;
    const planned = await plan({ ...attach, bounds });
    expect(planned.steps.map(({ words, alone }) => [words, alone])).toEqual([
      ['Add constraint bounds to public."Odd ""one"""', false],
      ['Validate constraint bounds of public."Odd ""one"""', true],
      ['Add constraint short to public."Odd ""one"""', false],
      ['Validate constraint short of public."Odd ""one"""', true],
      ['Add constraint is_there to public."Odd ""one"""', false],
      ['Validate constraint is_there of public."Odd ""one"""', true],
      ['Set at of public."Odd ""one""" not null', false],
      ['Build index public."Odd ""one""_note_idx"', true],
      ['Build index public."Odd ""one""_pkey"', true],
      ['Make index public."Odd ""one""_pkey" the PRIMARY KEY of public."Odd ""one"""', false],
      ['Attach public."Odd ""one""" to public.ledger', false],
    ]);
    // A row that comes after the plan and lies outside is found by VALIDATE, and then nothing is attached.
    await owner`insert into "Odd ""one""" values ('late', '2024-06-02', 9999)`;
    const outcomes = await carry(planned);
    expect(outcomes[1]).toMatch(
      /^Validate constraint bounds of .*: refused\. The server refused it: .*bounds.* violated/,
    );
    expect(outcomes.at(-1)).toMatch(/^Attach .*: blocked/);
    await owner`delete from "Odd ""one""" where note = 'late'`;
    const again = await plan({ ...attach, bounds });
    expect((await carry(again)).map((line) => line.split(": ")[1])).toEqual(again.steps.map(() => "done"));
    expect(await world.count("ledger where at < '2024-01-01'")).toBe(500);
  });

  test("what a plan says is locked is what the server locks", async () => {
    const { plan, owner } = world;
    await owner.unsafe(`
      create table place (id int primary key);
      create table visit (id int not null, at date not null, place int references place, primary key (id, at)) partition by range (at);
      create trigger tell after insert on visit for each row execute function noted();
      create table visit_1 (id int not null, at date not null, place int);
      create trigger tell after insert on visit_1 for each row execute function noted();
      create table visit_default partition of visit default`);
    const bounds = { from: "2024-01-01", to: "2024-02-01" };
    const attach = await plan({ verb: "attach", partition: at("visit_1"), table: at("visit"), bounds });
    expect(attach.steps).toHaveLength(7);
    for (const step of attach.steps) expect([step.words, await difference(step)]).toEqual([step.words, []]);
    const detach = await plan({ verb: "detach", partition: at("visit_1"), how: "under lock" });
    expect(detach.steps).toHaveLength(1);
    for (const step of detach.steps) expect([step.words, await difference(step)]).toEqual([step.words, []]);
  });

  /** Carries a step out, and answers where it locked a table otherwise than it says; nothing for what cannot be looked at. */
  async function difference({ sql, locks }: PlannedStep): Promise<string[]> {
    const { owner } = world;
    if (sql.some((statement) => statement.includes("CONCURRENTLY"))) {
      for (const statement of sql) await owner.unsafe(statement);
      return [];
    }
    const held = await owner.begin(async (tx) => {
      for (const statement of sql) await tx.unsafe(statement);
      return tx<{ relation: string; mode: string }[]>`
        select 'public.' || relname as relation, mode from pg_locks join pg_class c on c.oid = relation
        where pid = pg_backend_pid() and locktype = 'relation' and relkind in ('r', 'p') and c.oid >= 16384
          and mode not in ('AccessShareLock', 'RowShareLock')`;
    });
    const asTold = (mode: string) =>
      `${mode.toLowerCase().replace(/(^| )[a-z]/g, (a) => a.trim().toUpperCase())}Lock`;
    const order = ["ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "AccessExclusiveLock"];
    const strongest = new Map<string, string>();
    for (const { relation, mode } of held)
      if (order.indexOf(mode) > order.indexOf(strongest.get(relation) ?? "")) strongest.set(relation, mode);
    const told = new Map(locks.map(({ relation, mode }) => [relation, asTold(mode)]));
    return [...new Set([...strongest.keys(), ...told.keys()])]
      .filter((relation) => strongest.get(relation) !== told.get(relation))
      .map((relation) => `${relation}: says ${told.get(relation)}, took ${strongest.get(relation)}`);
  }

  test("killed while it validates, it goes on to the same end", async () => {
    const { plan, carry, owner, database } = world;
    await owner.unsafe(`
      create function awaited(id bigint) returns boolean language plpgsql as
        'begin perform pg_advisory_xact_lock_shared(77); return true; end';
      create table slow (id bigint not null, constraint waits check (awaited(id))) partition by range (id);
      create table slow_1 (id bigint not null, constraint given check (id >= 10 and id < 20));
      insert into slow_1 values (10), (11)`);
    const attach: PlanRequestInput = { verb: "attach", partition: at("slow_1"), table: at("slow") };
    const planned = await plan(attach);
    expect(planned.steps.map(({ words }) => words)).toEqual([
      "Add constraint waits to public.slow_1",
      "Validate constraint waits of public.slow_1",
      "Attach public.slow_1 to public.slow",
    ]);
    const gate = postgres(database.url, { max: 1 });
    await gate`select pg_advisory_lock(77)`;
    const kept = keepCheckpoint();
    const lost = expect(carry(planned, { checkpoint: kept.checkpoint })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    await vi.waitFor(
      async () =>
        expect(
          await database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name like 'audit-db %' and datname = current_database() and wait_event_type = 'Lock'`,
        ).toHaveLength(1),
      30_000,
    );
    await lost;
    await gate.end();
    expect(await world.state("slow_1")).toBe("alone");
    expect((await carry(planned, { restored: kept.restored() })).map((line) => line.split(": ")[1])).toEqual([
      "done",
      "done",
      "done",
    ]);
    expect(await world.state("slow_1")).toBe("attached");
  });
});
