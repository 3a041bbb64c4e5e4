import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { detachPending } from "../../partitions/check-detach-pending.ts";
import { judge } from "../../testing/judge.ts";
import { type LedgerWorld, startLedger } from "../../testing/ledger-world.ts";
import { keepCheckpoint } from "../../testing/tended.ts";

const at = (name: string, schema = "public") => ({ schema, name });

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: LedgerWorld;

  beforeAll(async () => {
    world = await startLedger(server);
  });
  afterEach(() => world.endReaders());
  afterAll(() => world?.close());

  test("a wait for others ends with the time to work: who, what is left and the finding are told, and it goes on later", async () => {
    const { plan, carry, database, owner, audit } = world;
    await owner.unsafe(`
      create table waited (at date not null) partition by range (at);
      create table waited_1 partition of waited for values from ('2024-01-01') to ('2024-02-01');
      create table waited_2 partition of waited for values from ('2024-02-01') to ('2024-03-01')`);
    const end = await world.reader("select count(*) from waited");
    const planned = await plan({ verb: "detach", partition: at("waited_1") });
    const late = carry(planned, { windowEnds: new Date(Date.now() - 1) });
    expect(await late).toEqual([
      expect.stringMatching(
        /^Detach public.waited_1: blocked\. The time to work was over at [\w: ]+ UTC, before it began/,
      ),
    ]);
    expect(await world.state("waited_1")).toBe("attached");
    const kept = keepCheckpoint();
    const told: string[] = [];
    const waits: unknown[] = [];
    const outcomes = await carry(planned, {
      windowEnds: new Date(Date.now() + 1_500),
      log: (message) => told.push(message),
      checkpoint: async (state) => {
        await kept.checkpoint(state);
        waits.push(state.waits);
      },
    });
    const who = String.raw`session \d+ of postgres \(report\), in its transaction since [\w: ]+ UTC`;
    expect(outcomes).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Detach public.waited_1: blocked\\. It waited for ${who} until the time for it was over\\. The detach may be pending`,
        ),
      ),
    ]);
    expect(told).toContainEqual(expect.stringMatching(new RegExp(`^Waits for ${who}\\.$`)));
    expect(waits).toContainEqual({
      id: "detach public.waited_1",
      whom: expect.stringMatching(new RegExp(`^${who}$`)),
    });
    expect(await world.state("waited_1")).toBe("pending");
    const found = await judge(detachPending, audit);
    expect(JSON.stringify(found.objects)).toContain(
      "The detach of waited_1 from waited was begun and not finished.",
    );
    // Nobody holds the table meanwhile: another job makes its partition.
    const other = await plan({ verb: "maintain", work: "vacuum", relations: [at("waited_2")] });
    expect(await carry(other)).toEqual(["Vacuum public.waited_2: done"]);
    await end();
    expect(await carry(planned, { restored: kept.restored() })).toEqual(["Detach public.waited_1: done"]);
    expect(await world.state("waited_1")).toBe("alone");
    expect((await judge(detachPending, audit)).objects.filter(({ state }) => state !== "ok")).toEqual([]);
    const sessions = await database.sql`
      select from pg_stat_activity where application_name like 'audit-db %' and datname = current_database()`;
    expect(sessions).toHaveLength(0);
  });

  test("cancelled while it waits, it lets go of the table at once, and finalize ends it", async () => {
    const { plan, carry, owner } = world;
    await owner.unsafe(`
      create table let (at date not null) partition by range (at);
      create table let_1 partition of let for values from ('2024-01-01') to ('2024-02-01')`);
    const end = await world.reader("select count(*) from let");
    const over = new AbortController();
    const running = carry(await plan({ verb: "detach", partition: at("let_1") }), { signal: over.signal });
    const cancelled = expect(running).rejects.toThrow("cancelled");
    await vi.waitFor(async () => expect(await world.state("let_1")).toBe("pending"), 30_000);
    over.abort(new Error("cancelled"));
    await cancelled;
    await end();
    expect(await carry(await plan({ verb: "finalize", partition: at("let_1") }))).toEqual([
      "Finish the detach of public.let_1: done",
    ]);
  });
});
