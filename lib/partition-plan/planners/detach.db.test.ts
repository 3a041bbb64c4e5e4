import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type LedgerWorld, startLedger } from "../../testing/ledger-world.ts";
import { keepCheckpoint } from "../../testing/tended.ts";

const at = (name: string, schema = "public") => ({ schema, name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: LedgerWorld;

  beforeAll(async () => {
    world = await startLedger(server);
    await world.owner.unsafe(`
      create table side (id bigint not null, at date not null) partition by range (at);
      create table side_1 partition of side for values from ('2024-01-01') to ('2024-02-01');
      create table side_default partition of side default;
      insert into side values (1, '2024-01-05');
      create table spread (id int) partition by hash (id);
      create table spread_0 partition of spread for values with (modulus 1, remainder 0);`);
  });
  afterEach(() => world.endReaders());
  afterAll(() => world?.close());

  /** Writes to `side` one row after the other, each giving up after five times the limit of 50 ms; how many it wrote. */
  async function writeUntil(over: AbortSignal): Promise<number> {
    const sql = postgres(world.database.url, { max: 1, connection: { lock_timeout: 250 } });
    let rows = 0;
    try {
      for (; !over.aborted; rows++) await sql`insert into side values (${100 + rows}, '2024-05-05')`;
      return rows;
    } finally {
      await sql.end();
    }
  }

  test("a partition is detached with its rows and triggers, and comes back without a scan", async () => {
    const { plan, carry, owner } = world;
    const planned = await plan({ verb: "detach", partition: at("ledger_1") });
    expect(planned).toMatchObject({
      title: "Detach public.ledger_1 from public.ledger",
      refusals: [],
      table: at("ledger"),
    });
    expect(planned.steps.map(({ sql, alone }) => [sql, alone])).toEqual([
      [["ALTER TABLE public.ledger DETACH PARTITION public.ledger_1 CONCURRENTLY"], true],
      [
        ["CREATE TRIGGER tell AFTER INSERT ON public.ledger_1 FOR EACH ROW EXECUTE FUNCTION public.noted()"],
        false,
      ],
    ]);
    expect(await carry(planned)).toEqual([
      "Detach public.ledger_1: done",
      "Restore trigger tell on public.ledger_1: done",
    ]);
    expect([await world.count("ledger_1"), await world.count("ledger")]).toEqual([744, 1257]);
    expect(await world.refusals({ verb: "detach", partition: at("ledger_1") })).toEqual([
      expect.stringMatching(/^missing: public.ledger_1 is no partition/),
    ]);
    const back = await plan({ verb: "attach", partition: at("ledger_1"), table: at("ledger") });
    expect(back.refusals).toEqual([]);
    expect(back.request).toMatchObject({
      bounds: { from: "2024-01-01 00:00:00+00", to: "2024-02-01 00:00:00+00" },
    });
    expect(back.steps.map(({ sql }) => sql)).toEqual([
      [
        "DROP TRIGGER tell ON public.ledger_1",
        "ALTER TABLE public.ledger ATTACH PARTITION public.ledger_1 FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2024-02-01 00:00:00+00')",
      ],
    ]);
    // What the server says while it attaches tells whether it scans.
    const told: string[] = [];
    const listener = postgres(world.database.url, {
      max: 1,
      onnotice: ({ message }) => told.push(message ?? ""),
    });
    await listener`set client_min_messages = debug1`;
    await listener.unsafe(["begin", ...(back.steps[0]?.sql ?? []), "rollback"].join(";"));
    await listener.end();
    expect(told).toContain('partition constraint for table "ledger_1" is implied by existing constraints');
    expect(await carry(back)).toEqual(["Attach public.ledger_1 to public.ledger: done"]);
    expect(await world.count("ledger")).toBe(2001);
    const [trigger] = await owner<{ cloned: boolean }[]>`
      select tgparentid <> 0 as cloned from pg_trigger where tgrelid = 'ledger_1'::regclass and tgname = 'tell'`;
    expect(trigger?.cloned).toBe(true);
  });

  test("behind a reader it stays pending when its session goes, and the next run brings it to its end", async () => {
    const { plan, carry, database } = world;
    const end = await world.reader("select count(*) from ledger");
    const planned = await plan({ verb: "detach", partition: at("ledger_2") });
    expect(planned.blockers).toMatchObject([
      { application: "report", state: "idle in transaction" },
      ...planned.blockers.slice(1),
    ]);
    const kept = keepCheckpoint();
    const running = carry(planned, { checkpoint: kept.checkpoint });
    const lost = expect(running).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await vi.waitFor(async () => expect(await world.state("ledger_2")).toBe("pending"), 30_000);
    // Nobody else waits for it: writers and readers go on.
    const [written] = await database.sql`
      with settings as (select set_config('lock_timeout', '20ms', true))
      insert into ledger select -1, '2024-03-05' from settings returning id`;
    expect(written?.id).toBe("-1");
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'audit-db %' and datname = current_database()`;
    await lost;
    expect(await world.state("ledger_2")).toBe("pending");
    // Another's detach of the same table finishes it first.
    const other = await plan({ verb: "detach", partition: at("ledger_3") });
    expect(other.steps.map(({ sql }) => sql[0])).toEqual([
      "ALTER TABLE public.ledger DETACH PARTITION public.ledger_2 FINALIZE",
      expect.stringContaining("CREATE TRIGGER tell"),
      "ALTER TABLE public.ledger DETACH PARTITION public.ledger_3 CONCURRENTLY",
      expect.stringContaining("CREATE TRIGGER tell"),
    ]);
    await end();
    expect(await carry(planned, { restored: kept.restored() })).toEqual([
      "Detach public.ledger_2: done",
      "Restore trigger tell on public.ledger_2: done",
    ]);
    expect(await world.state("ledger_2")).toBe("alone");
    expect(await world.count("ledger_2")).toBe(696);
  });

  test("whoever has read another partition of it in a transaction that goes on is waited for too, and is told", async () => {
    const end = await world.reader("select from ledger where at >= '2024-04-02' and at < '2024-04-03'");
    const { blockers } = await world.plan({ verb: "detach", partition: at("ledger_3") });
    expect(blockers).toContainEqual(
      expect.objectContaining({ application: "report", relation: "public.ledger", mode: "AccessShareLock" }),
    );
    await end();
  });

  test("a detach that somebody else left pending is finished by finalize", async () => {
    const { plan, carry, refusals, database } = world;
    expect(await refusals({ verb: "finalize", partition: at("ledger_4") })).toEqual([
      expect.stringMatching(/^missing: No detach of public.ledger_4 is unfinished/),
    ]);
    const end = await world.reader("select count(*) from ledger");
    const theirs = postgres(database.url, { max: 1 });
    await theirs`set lock_timeout = '50ms'`;
    await expect(
      theirs.unsafe("alter table ledger detach partition ledger_4 concurrently"),
    ).rejects.toThrow();
    await theirs.end();
    const planned = await plan({ verb: "finalize", partition: at("ledger_4") });
    expect(planned.steps.map(({ sql }) => sql[0])).toEqual([
      "ALTER TABLE public.ledger DETACH PARTITION public.ledger_4 FINALIZE",
      expect.stringContaining("CREATE TRIGGER tell"),
    ]);
    await end();
    expect((await carry(planned))[0]).toBe("Finish the detach of public.ledger_4: done");
    expect(await world.state("ledger_4")).toBe("alone");
  });

  test("beside a default partition it is refused beforehand, and done under a lock for who asks", async () => {
    const { plan, carry, refusals, owner } = world;
    expect(await refusals({ verb: "detach", partition: at("side_1") })).toEqual([
      expect.stringMatching(
        /^blocked: PostgreSQL does not detach CONCURRENTLY while .*public\.side_default.*"under lock":/,
      ),
    ]);
    expect(await refusals({ verb: "detach", partition: at("side_default"), how: "under lock" })).toEqual([
      expect.stringMatching(/^refused: public.side_default is the default partition/),
    ]);
    expect(await refusals({ verb: "detach", partition: at("spread_0") })).toEqual([
      expect.stringMatching(/^refused: public.spread_0 holds one remainder of a hash/),
    ]);
    const planned = await plan({ verb: "detach", partition: at("side_1"), how: "under lock" }, 50);
    expect(planned.steps[0]?.locks).toEqual(
      expect.arrayContaining([
        { relation: "public.side", mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
      ]),
    );
    const end = await world.reader("select count(*) from side");
    const over = new AbortController();
    const writing = writeUntil(over.signal);
    expect(await carry(planned)).toEqual([
      expect.stringMatching(
        /^Detach public.side_1 under a lock: contended. No lock within 50 ms: session \d+ .*report/,
      ),
      expect.stringMatching(/^Validate constraint bounds of public.side_1: blocked/),
    ]);
    over.abort();
    // A writer waits for one attempt and gets its turn before the next: nowhere near the sum of all.
    expect(await writing).toBeGreaterThan(0);
    await end();
    expect(await carry(planned)).toEqual([
      "Detach public.side_1 under a lock: done",
      "Validate constraint bounds of public.side_1: done",
    ]);
    const checks =
      await owner`select conname, convalidated from pg_constraint where conrelid = 'side_1'::regclass and contype = 'c'`;
    expect(checks).toEqual([{ conname: "bounds", convalidated: true }]);
    await owner`insert into side values (2, '2024-01-09')`;
    expect(await refusals({ verb: "attach", partition: at("side_1"), table: at("side") })).toEqual([
      expect.stringMatching(
        /^blocked: 1 rows of its stretch are in the default partition public.side_default/,
      ),
    ]);
    await owner`delete from side where id = 2`;
    const back = await plan({ verb: "attach", partition: at("side_1"), table: at("side") });
    expect(back.notes.join(" ")).toContain("reads the default partition public.side_default under its lock");
    expect(await carry(back)).toEqual(["Attach public.side_1 to public.side: done"]);
  });

  test("a table that a foreign key points at keeps its partitions; one that points elsewhere never stalls that table's writers", async () => {
    const { plan, carry, refusals, owner, database } = world;
    await owner.unsafe(`
      create table book (id int primary key);
      create table entry (id int not null, at date not null, book int references book, primary key (id, at)) partition by range (at);
      create table entry_1 partition of entry for values from ('2024-01-01') to ('2024-02-01');
      create table entry_2 partition of entry for values from ('2024-02-01') to ('2024-03-01');
      insert into book values (1); insert into entry values (1, '2024-01-05', 1);
      create table pointer (id int, at date, constraint points foreign key (id, at) references entry)`);
    expect(await refusals({ verb: "detach", partition: at("entry_1") })).toEqual([
      expect.stringMatching(
        /^refused: Foreign key points of public.pointer points at the table.*DROP CONSTRAINT points/,
      ),
    ]);
    await owner`drop table pointer`;
    const planned = await plan({ verb: "detach", partition: at("entry_1") }, 60);
    expect(planned.steps[0]?.locks).toEqual(
      expect.arrayContaining([{ relation: "public.book", mode: "SHARE ROW EXCLUSIVE", stops: "writes" }]),
    );
    const writer = await world.reader("insert into book values (2)");
    const told: string[] = [];
    expect(await carry(planned, { log: (message) => told.push(message) })).toEqual([
      expect.stringMatching(/^Detach public.entry_1: contended. No lock within 60 ms: session \d+ .*report/),
    ]);
    expect(await world.state("entry_1")).toBe("pending");
    expect(told).toContain(
      "The detach is pending: until it is finished the rows show in public.entry_1 alone.",
    );
    await database.sql`
      with settings as (select set_config('lock_timeout', '100ms', true)) insert into book select 3 from settings`;
    await writer();
    expect(await carry(planned)).toEqual(["Detach public.entry_1: done"]);
    const back = await plan({ verb: "attach", partition: at("entry_1"), table: at("entry") });
    expect(back.steps.map(({ words }) => words)).toEqual(["Attach public.entry_1 to public.entry"]);
    expect(back.steps[0]?.locks).toEqual(
      expect.arrayContaining([
        { relation: "public.book", mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
      ]),
    );
    expect(await carry(back)).toEqual(["Attach public.entry_1 to public.entry: done"]);
  });
});
