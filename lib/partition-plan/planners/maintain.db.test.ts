import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { keepCheckpoint, startTended, type Tended } from "../../testing/tended.ts";
import type { PlanRequestInput } from "../request.ts";

type Maintain = Extract<PlanRequestInput, { verb: "maintain" }>;
const maintain = (work: Maintain["work"], names: string[], index?: string): Maintain => ({
  verb: "maintain",
  work,
  relations: names.map((name) => ({ name })),
  ...(index !== undefined && { index }),
});

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: Tended;

  beforeAll(async () => {
    world = await startTended(server, "empty");
    await world.database.sql.unsafe(`
      create foreign data wrapper nobody; create server elsewhere foreign data wrapper nobody;
      grant usage on foreign server elsewhere to audit_maintainer`);
    await world.owner.unsafe(`
      create table log (id bigint not null, at date not null, note text, primary key (id, at)) partition by range (at);
      create table log_1 partition of log for values from ('2024-01-01') to ('2024-02-01');
      create table log_2 partition of log for values from ('2024-02-01') to ('2024-03-01');
      create table log_3 partition of log for values from ('2024-03-01') to ('2024-04-01');
      insert into log select i, '2024-01-01'::date + i % 90, 'n' from generate_series(1, 3000) i;
      create table far (at date) partition by range (at);
      create foreign table far_1 partition of far for values from ('2024-01-01') to ('2024-02-01') server elsewhere;
      create table far_2 partition of far for values from ('2024-02-01') to ('2024-03-01');
      create table other (id int)`);
  });
  afterAll(() => world?.close());

  const outcomes = (lines: string[]) => lines.map((line) => line.split(". ")[0]);
  /** The backend that works for us ends. */
  const kill = () => world.database.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name like 'audit-db %' and datname = current_database()`;
  const indexes = async (table: string) =>
    world.database.sql<{ name: string; oid: number; valid: boolean }[]>`
      select relname as name, indexrelid as oid, indisvalid as valid from pg_index join pg_class on oid = indexrelid
      where indrelid = ${table}::regclass order by 1`;
  const open: postgres.Sql[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((sql) => sql.end({ timeout: 0 })));
  });
  async function writer(statement: string) {
    const sql = postgres(world.database.url, { max: 1, connection: { application_name: "etl" } });
    open.push(sql);
    await sql`begin`;
    await sql.unsafe(statement);
    return () => sql.end();
  }
  /** Nobody who writes meanwhile waits. */
  const write = (row: string) =>
    world.database.sql.unsafe(`
    with settings as materialized (select set_config('lock_timeout', '50ms', false))
    insert into log select ${row} from settings returning id`);

  test("in bulk, one that is locked, foreign, missing or another table's holds up none of the others", async () => {
    const { plan, carry } = world;
    const end = await writer("lock table log_2 in access exclusive mode");
    const planned = await plan(maintain("vacuum", ["log", "log_9", "other"]), 50);
    expect(planned.title).toBe("Vacuum 3 relations");
    expect(planned.refusals).toEqual([
      { object: "public.log_9", outcome: "missing", words: "There is no relation public.log_9 any more." },
      {
        object: "public.other",
        outcome: "refused",
        words: "public.other belongs to other: plan it by itself.",
      },
    ]);
    expect(planned.blockers).toMatchObject([{ application: "etl", relation: "public.log_2" }]);
    expect(planned.steps.map(({ sql }) => sql[0])).toEqual(
      ["log_1", "log_2", "log_3"].map((name) => `VACUUM public.${name}`),
    );
    const [first, second, third] = await carry(planned);
    expect([first, third]).toEqual(["Vacuum public.log_1: done", "Vacuum public.log_3: done"]);
    expect(second).toMatch(/^Vacuum public.log_2: contended\. No lock within 50 ms: session \d+ .*\(etl\)/);
    await end();
    expect(await carry(planned)).toEqual(
      ["log_1", "log_2", "log_3"].map((name) => `Vacuum public.${name}: done`),
    );
    const foreign = await plan(maintain("vacuum", ["far"]));
    expect(foreign.refusals).toEqual([
      {
        object: "public.far_1",
        outcome: "refused",
        words: "public.far_1 is a foreign table: its own server sees to it.",
      },
    ]);
    expect(await carry(foreign)).toEqual(["Vacuum public.far_2: done"]);
  });

  test("freezing leaves no old row, and what was done before is not done twice", async () => {
    const { plan, carry, database, owner } = world;
    const [made] = await owner<{ xid: string }[]>`
      insert into log values (100000, '2024-01-03', 'unfrozen') returning pg_current_xact_id()::text as xid`;
    const planned = await plan(maintain("freeze", ["log_1"]));
    expect(await carry(planned)).toEqual(["Freeze public.log_1: done"]);
    const [row] = await database.sql<{ frozen: boolean; vacuums: number }[]>`
      select age(relfrozenxid) < age(${made?.xid ?? ""}::text::xid8::xid) as frozen, vacuum_count::int as vacuums
      from pg_class join pg_stat_all_tables on relid = oid where oid = 'log_1'::regclass`;
    expect(row?.frozen).toBe(true);
    await carry(planned);
    const [again] =
      await database.sql`select vacuum_count::int as n from pg_stat_all_tables where relid = 'log_1'::regclass`;
    expect(again?.n).toBe(row?.vacuums);
  });

  test("the parent gets statistics of its own, which autovacuum never makes", async () => {
    const { plan, carry, database } = world;
    const planned = await plan(maintain("analyze", ["log"]));
    expect(planned.steps.map(({ sql }) => sql)).toEqual([
      [server === 18 ? "ANALYZE ONLY public.log" : "ANALYZE public.log"],
    ]);
    expect(await carry(planned)).toEqual(["Analyze public.log: done"]);
    const analyzed = await database.sql`
      select relname from pg_stat_all_tables where last_analyze is not null and relname like 'log%' order by 1`;
    expect(analyzed.map(({ relname }) => relname)).toEqual(
      server === 18 ? ["log"] : ["log", "log_1", "log_2", "log_3"],
    );
    const [stats] =
      await database.sql`select count(*)::int as n from pg_stats where tablename = 'log' and inherited`;
    expect(stats?.n).toBe(3);
    if (server === 18) expect((await plan(maintain("analyze", ["log"]))).estimatedSeconds).toBeGreaterThan(0);
  });

  test("killed while it rebuilds, it leaves a copy that the next run drops before it goes on", async () => {
    const { plan, carry, refusals } = world;
    await world.owner`create index log_1_note on log_1 (note)`;
    const before = await indexes("log_1");
    const planned = await plan(maintain("reindex", ["log_1"]));
    expect(planned.steps.map(({ sql }) => sql)).toEqual([
      ["REINDEX INDEX CONCURRENTLY public.log_1_note", "REINDEX INDEX CONCURRENTLY public.log_1_pkey"],
    ]);
    const kept = keepCheckpoint();
    const told: string[] = [];
    const end = await writer("insert into log values (-1, '2024-01-02')");
    const lost = expect(
      carry(planned, { checkpoint: kept.checkpoint, log: (message) => told.push(message) }),
    ).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await vi.waitFor(() => expect(told).toContain("waiting for writers before build."), 30_000);
    expect(await write("-2, '2024-01-04'")).toHaveLength(1);
    await kill();
    await lost;
    expect((await indexes("log_1")).filter(({ valid }) => !valid).map(({ name }) => name)).toEqual([
      "log_1_note_ccnew",
    ]);
    // Another's plan leaves it, and says so.
    expect((await plan(maintain("reindex", ["log_1"]))).notes.join(" ")).toContain(
      "1 invalid copy of earlier attempts",
    );
    expect(await refusals(maintain("drop leftovers", ["log_1_note"]))).toEqual([
      expect.stringMatching(/^refused: public.log_1_note is no leftover/),
    ]);
    await end();
    expect(await carry(planned, { restored: kept.restored(), log: (message) => told.push(message) })).toEqual(
      ["Rebuild the indexes of public.log_1: done"],
    );
    expect(told).toContain("Drops public.log_1_note_ccnew, which an attempt that was broken off left.");
    const after = await indexes("log_1");
    expect(after.map(({ name, valid }) => [name, valid])).toEqual(before.map(({ name }) => [name, true]));
    expect(after.some(({ oid }) => before.some((each) => each.oid === oid))).toBe(false);
  });

  test("cancelled, it ends at once, and what it leaves is offered and dropped", async () => {
    const { plan, carry, database } = world;
    const end = await writer("insert into log values (-3, '2024-02-02')");
    const over = new AbortController();
    const planned = await plan(maintain("reindex", ["log_2_pkey"]));
    expect(planned.steps.map(({ words }) => words)).toEqual(["Rebuild index public.log_2_pkey"]);
    const running = carry(planned, { signal: over.signal });
    const cancelled = expect(running).rejects.toThrow("cancelled");
    await vi.waitFor(async () => expect(await indexes("log_2")).toHaveLength(2), 30_000);
    // While it is being built nothing is taken for left over.
    const meanwhile = await plan(maintain("drop leftovers", ["log"]));
    expect(meanwhile.steps).toEqual([]);
    expect(meanwhile.refusals).toEqual([
      expect.objectContaining({ object: "public.log_2_pkey_ccnew", outcome: "blocked" }),
    ]);
    over.abort(new Error("cancelled"));
    await cancelled;
    await end();
    await vi.waitFor(async () => {
      const sessions = await database.sql`
        select from pg_stat_activity where application_name like 'audit-db %' and datname = current_database()`;
      expect(sessions).toHaveLength(0);
    }, 30_000);
    const leftovers = await plan(maintain("drop leftovers", ["log"]));
    expect(leftovers.steps.map(({ sql }) => sql)).toEqual([
      ["DROP INDEX CONCURRENTLY public.log_2_pkey_ccnew"],
    ]);
    expect(leftovers.irreversible).toContain("invalid");
    expect(await carry(leftovers)).toEqual(["Drop public.log_2_pkey_ccnew: done"]);
    expect((await indexes("log_2")).map(({ name }) => name)).toEqual(["log_2_pkey"]);
  });

  test("a rebuild that waits for a writer beyond its time is given up, and the next run drops its copy and goes on", async () => {
    const { plan, carry } = world;
    const end = await writer("insert into log values (-33, '2024-02-02')");
    const planned = await plan(maintain("reindex", ["log_2_pkey"]));
    expect(await carry(planned, { windowEnds: new Date(Date.now() + 300) })).toEqual([
      expect.stringMatching(
        /^Rebuild index public.log_2_pkey: blocked\. It waited for session \d+ .* until the time for it was over\. An invalid copy \(public.log_2_pkey_ccnew or /,
      ),
    ]);
    expect((await indexes("log_2")).map(({ name, valid }) => [name, valid])).toEqual([
      ["log_2_pkey", true],
      ["log_2_pkey_ccnew", false],
    ]);
    expect((await plan(maintain("drop leftovers", ["log"]))).steps).toHaveLength(1);
    await end();
    expect(await carry(planned)).toEqual(["Rebuild index public.log_2_pkey: done"]);
    expect((await indexes("log_2")).map(({ name, valid }) => [name, valid])).toEqual([["log_2_pkey", true]]);
  });

  test("an index that partitions lack is built beside writers, killed and carried on, and becomes part of the parent's", async () => {
    const { plan, carry, owner, database } = world;
    await owner.unsafe(`
      create index log_at on only log (at, note);
      create index by_hand on log_3 (at, note)`);
    const planned = await plan(maintain("create index", ["log"], "log_at"));
    expect(planned.steps.map(({ words }) => words)).toEqual([
      "Build index public.log_1_at_note_idx",
      "Attach index public.log_1_at_note_idx to public.log_at",
      "Build index public.log_2_at_note_idx",
      "Attach index public.log_2_at_note_idx to public.log_at",
      "Attach index public.by_hand to public.log_at",
    ]);
    const kept = keepCheckpoint();
    const end = await writer("insert into log values (-4, '2024-01-05')");
    const lost = expect(carry(planned, { checkpoint: kept.checkpoint })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    await vi.waitFor(
      async () =>
        expect((await indexes("log_1")).find(({ name }) => name === "log_1_at_note_idx")).toMatchObject({
          valid: false,
        }),
      30_000,
    );
    expect(await write("-5, '2024-01-06'")).toHaveLength(1);
    await kill();
    await lost;
    await end();
    const done = await carry(planned, { restored: kept.restored() });
    expect(outcomes(done).map((line) => line?.split(": ")[1])).toEqual([
      "done",
      "done",
      "done",
      "done",
      "done",
    ]);
    const [parent] =
      await database.sql`select indisvalid as valid from pg_index where indexrelid = 'log_at'::regclass`;
    expect(parent?.valid).toBe(true);
    expect((await plan(maintain("create index", ["log"]))).steps).toEqual([]);
    const [refusal] = await world.refusals(maintain("create index", ["other"], "log_at"));
    expect(refusal).toMatch(/^refused: public.other is no partition/);
  });

  test("what the plan says is locked is what the server locks", async () => {
    const { plan, database, owner } = world;
    await owner`create index extra on log_1 (note, id)`;
    await owner`create index log_extra on only log (note, id)`;
    const planned = await plan(maintain("create index", ["log_1"], "log_extra"));
    const attach = planned.steps[0];
    const held = await database.sql.begin(async (tx) => {
      for (const statement of attach?.sql ?? []) await tx.unsafe(statement);
      const rows = await tx<{ relation: string; mode: string }[]>`
        select relation::regclass::text as relation, max(mode) as mode from pg_locks
        where pid = pg_backend_pid() and locktype = 'relation' and relation >= 16384 group by 1`;
      await tx.unsafe("savepoint s");
      return rows;
    });
    const told = new Map(
      attach?.locks.map(({ relation, mode }) => [
        relation.replace("public.", ""),
        mode.replaceAll(" ", "").toLowerCase(),
      ]),
    );
    for (const { relation, mode } of held)
      expect([relation, `${told.get(relation)}lock`]).toEqual([relation, mode.toLowerCase()]);
  });
});
