import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { retryJob } from "../jobs/retry-job.ts";
import { ahead, type CarryingWorld, named, patience, startCarryingWorld } from "../testing/carrying-world.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { partitionsJobs } from "./jobs.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: CarryingWorld;
  beforeAll(async () => {
    world = await startCarryingWorld(server);
    for (const name of ["held", "busy"]) await world.makeMonths(name);
    await world.makeMonths("beside", "create table public.beside_default partition of public.beside default");
  });
  afterAll(() => world?.close());

  // First: what other tests had to give up is counted up to ten seconds later.
  test("eight that want the same partitions make each once, and no statement fails", async () => {
    const { database, administration } = world;
    await world.makeMonths("wanted");
    const rollbacks = async () => {
      const [row] = await database.sql`
        select xact_rollback::int as n from pg_stat_database where datname = current_database()`;
      return row?.n as number;
    };
    const workers = Array.from({ length: 7 }, () => {
      const audit = world.open();
      return startTestJobs(administration, partitionsJobs, () => audit);
    });
    const before = await rollbacks();
    for (const count of [4, 8]) {
      const planned = await world.plan(ahead("wanted", count));
      const ids = await Promise.all(Array.from({ length: 8 }, () => world.approve(planned)));
      const rows = await Promise.all(ids.map(world.ended));
      for (const row of rows) {
        expect(row).toMatchObject({ state: "done", error: null });
        expect(row.result.outcomes.every(({ outcome }: { outcome: string }) => outcome === "done")).toBe(
          true,
        );
      }
      const made = rows.flatMap((row) =>
        (row.result.outcomes as { id: string; before?: true }[])
          .filter((one) => !one.before)
          .map((one) => one.id),
      );
      expect(made.toSorted()).toEqual(planned.steps.map(({ id }) => id).toSorted());
      expect(await world.partitionsOf("wanted")).toHaveLength(2 + count);
    }
    await Promise.all(workers.map((one) => one.stop()));
    expect(await rollbacks()).toBe(before);
  });

  test("contended: no attempt makes others wait longer than was approved; who is in the way is told; it is tried again and done", async () => {
    const limit = 100;
    const reader = await world.session();
    await reader`begin`;
    await reader`select from public.beside_default`;
    const planned = await world.plan(ahead("beside", 2), limit);
    expect(planned.blockers).toMatchObject([{ pid: reader.pid, mode: "AccessShareLock" }]);
    expect(planned.steps[0]?.locks).toContainEqual({
      relation: "public.beside_default",
      mode: "ACCESS EXCLUSIVE",
      stops: "reads and writes",
    });
    const id = await world.approve(planned, { lockTimeoutMs: limit });
    const writer = await world.session();
    const stalls: number[] = [];
    await vi.waitFor(async () => {
      const began = performance.now();
      await writer`insert into public.beside values (${stalls.length}, '1999-01-01')`;
      stalls.push(performance.now() - began);
      if (!(await world.linesOf(id)).some((line) => line.includes("contended")))
        throw new Error("not contended yet");
    }, patience);
    // Whoever queues behind ACCESS EXCLUSIVE waits as long as the attempt does; without a limit that were as long as the reader.
    expect(Math.max(...stalls)).toBeLessThan(10_000);
    const [told] = await world.linesOf(id);
    expect(told).toMatch(
      new RegExp(
        `^Create public\\.beside_\\S+: contended\\. No lock within 100 ms: session ${reader.pid} of postgres \\(psql\\), ` +
          `in its transaction since [\\w: ]+ UTC, holds AccessShareLock on public\\.beside_default\\. Tried again at [\\w: ]+ UTC\\.$`,
      ),
    );
    expect((await world.job(id))?.state).toBe("running");
    await reader`commit`;
    await Promise.all([reader.end(), writer.end()]);
    expect((await world.ended(id)).result.outcomes).toMatchObject([{ outcome: "done" }]);
  });

  test("contended until the window ends is an outcome with its reason, and nothing is half made", async () => {
    const other = await world.session();
    await other`begin`;
    await other`lock table public.held in share mode`;
    const planned = await world.plan(ahead("held", 2), 40);
    const until = new Date(Date.now() + 1_500).toISOString();
    const id = await world.approve(planned, { lockTimeoutMs: 40, until });
    const { state, result, error } = await world.ended(id);
    // What is not there is no success: on the Jobs page, for whoever waits on the command line, and on record.
    expect([state, error]).toEqual([
      "failed",
      {
        code: "CONFLICT",
        message: expect.stringMatching(
          new RegExp(`^${planned.steps[0]?.words}: contended\\. No lock within 40 ms: session ${other.pid} `),
        ),
        hint: "Plan the rest again.",
      },
    ]);
    const attempts = await world.administration.sql`select outcome from job_attempt where job_id = ${id}`;
    expect(attempts).toMatchObject([{ outcome: "failed" }]);
    expect(await world.administration.lastActivity("partition.create")).toMatchObject({
      outcome: "failed",
      detail: { jobId: id, code: "CONFLICT" },
    });
    expect(result.outcomes).toEqual([
      {
        id: planned.steps[0]?.id,
        words: planned.steps[0]?.words,
        outcome: "contended",
        why: expect.stringContaining(`session ${other.pid}`),
        retryAt: null,
      },
    ]);
    await other`rollback`;
    await other.end();
    expect(await world.partitionsOf("held")).toHaveLength(3);
    expect((await world.plan(ahead("held", 2), 40)).digest).toBe(planned.digest);
    // Retried by a person, what was not done is taken once more.
    const { console, admin } = world.administration;
    await console.db.transaction((tx) => retryJob(tx, id, admin, new Date()));
    expect(await world.ended(id)).toMatchObject({
      state: "done",
      result: { outcomes: [{ outcome: "done" }] },
    });
    expect(await world.partitionsOf("held")).toHaveLength(4);
  });

  test("whoever comes second to a table is told who works on it, waits, and is done after", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const holding = Promise.withResolvers<void>();
    const { workOnTable } = await import("../audit-db/structural/work-on-table.ts");
    const first = workOnTable(
      world.open(),
      { table: named("busy"), name: "test.first", statementTimeoutMs: 0, lockTimeoutMs: 0 },
      async () => {
        holding.resolve();
        await held;
      },
    );
    await holding.promise;
    const id = await world.approve(await world.plan(ahead("busy", 2)));
    await vi.waitFor(async () => {
      const [line] = await world.linesOf(id);
      expect(line).toMatch(
        /: blocked\. audit-db test\.first, pid \d+ of role login_\w+ from 127\.0\.0\.1, connected since [\w: ]+ UTC, works on public\.busy\. Tried again at /,
      );
    }, patience);
    release();
    await first;
    expect((await world.ended(id)).result.outcomes).toMatchObject([{ outcome: "done" }]);
  });
});
