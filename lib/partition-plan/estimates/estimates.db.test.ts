import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepCheckpoint, startTended, type Tended } from "../../testing/tended.ts";
import { makePlan } from "../make-plan.ts";
import { type PlanRequestInput, planRequest } from "../request.ts";
import type { Took } from "./took.ts";

const at = (name: string) => ({ schema: "public", name });
const megabytes = 2 ** 20;

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: Tended;
  beforeAll(async () => {
    world = await startTended(server, "empty");
    await world.owner.unsafe(`
      create table wide (at date not null, note text) partition by range (at);
      create table wide_1 (at date not null, note text);
      create table wide_2 (at date not null, note text);
      insert into wide_1 select '2024-01-05', repeat('x', 980) from generate_series(1, 16384);
      insert into wide_2 select '2024-02-05', repeat('x', 980) from generate_series(1, 8192);
      create table spill (id int primary key, note text) partition by range (id);
      create table spill_0 partition of spill for values from (0) to (1000);
      create table spill_1000 partition of spill for values from (1000) to (2000);
      create table spill_rest partition of spill default;
      insert into spill select i, 'n' from generate_series(2000, 3999) i`);
  });
  afterAll(() => world?.close());

  const plan = (request: PlanRequestInput, took: readonly Took[] = []) =>
    makePlan({ audit: world.audit, now: new Date(), took }, planRequest.parse(request), 200);
  const attach = (month: 1 | 2): PlanRequestInput => ({
    ...{ verb: "attach", partition: at(`wide_${month}`), table: at("wide") },
    bounds: { from: `2024-0${month}-01`, to: `2024-0${month + 1}-01` },
  });

  /** Carries it out and answers what its steps took. */
  async function carried(request: PlanRequestInput): Promise<Took[]> {
    const kept = keepCheckpoint();
    const outcomes = await world.carry(await plan(request), { checkpoint: kept.checkpoint });
    expect(outcomes.filter((line) => !line.endsWith(": done"))).toEqual([]);
    return Object.values(kept.restored()?.outcomes ?? {}).flatMap(({ took }) => took ?? []);
  }

  test("before anything ran: from reading 8 MB of the very table; then from the run itself, by what it read", async () => {
    const first = await plan(attach(1));
    expect(first.steps.map(({ step, estimateFrom }) => [step.kind, estimateFrom])).toEqual([
      ["addConstraint", "the catalogue alone changes"],
      ["validateConstraint", "from reading 8 MB of public.wide_1 just now"],
      ["attachPartition", "the catalogue alone changes"],
    ]);
    expect(first.estimateFrom).toBe("from reading 8 MB of public.wide_1 just now");
    // 8 MB within the second that the try may take, so 18 MB within three.
    expect(first.estimatedSeconds).toBeGreaterThan(0);
    expect(first.estimatedSeconds).toBeLessThan(3);
    expect(first.steps[1]?.effort?.amount).toBe(16 * megabytes);
    const took = await carried(attach(1));
    const validated = took.find(({ kind }) => kind === "validateConstraint");
    expect(validated).toMatchObject({ unit: "bytes", amount: first.steps[1]?.effort?.amount });
    const second = await plan(attach(2), took);
    const { estimatedSeconds, estimateFrom, effort } = second.steps[1] ?? {};
    expect(estimateFrom).toBe("from 1 run here");
    expect(estimatedSeconds).toBeCloseTo(
      ((validated?.seconds ?? 0) * (effort?.amount ?? 0)) / (validated?.amount ?? 1),
      9,
    );
    expect(second.estimatedSeconds).toBe(estimatedSeconds);
    expect(second.digest).toBe((await plan(attach(2))).digest);
  });

  test("what nothing was measured of is unknown, and says so; once such rows have moved here, it is known", async () => {
    const repair: PlanRequestInput = { verb: "repair", partition: at("spill_rest"), how: "rows move" };
    const unknown = await plan(repair);
    expect(unknown).toMatchObject({
      estimatedSeconds: null,
      estimateFrom: "nothing like 2 of its 2 steps was measured here yet",
    });
    const took: Took[] = [{ kind: "moveDefaultRows", unit: "rows", amount: 500, seconds: 0.25 }];
    const known = await plan(repair, took);
    expect(known.steps.map(({ estimatedSeconds }) => estimatedSeconds)).toEqual([0.5, 0.5]);
    expect(known).toMatchObject({ estimatedSeconds: 1, estimateFrom: "from 1 run here" });
    expect(await carried(repair)).toMatchObject([
      { kind: "moveDefaultRows", unit: "rows", amount: 1_000, seconds: expect.any(Number) },
      { kind: "moveDefaultRows", unit: "rows", amount: 1_000, seconds: expect.any(Number) },
    ]);
  });

  test("an index is read for and more; a table that is locked is not waited for", async () => {
    const { owner, database } = world;
    await owner`create index on wide_2 (at)`;
    const reindex: PlanRequestInput = { verb: "maintain", work: "reindex", relations: [at("wide_2")] };
    expect(await plan(reindex)).toMatchObject({
      estimateFrom: "from reading 8 MB of public.wide_2 just now; sorting and writing come on top",
    });
    await database.sql.begin(async (tx) => {
      await tx`lock table public.wide_2 in access exclusive mode`;
      const locked = await plan({ verb: "maintain", work: "vacuum", relations: [at("wide_2")] });
      expect(locked).toMatchObject({
        estimatedSeconds: null,
        estimateFrom: "nothing like it was measured here yet",
        blockers: [{ mode: "AccessExclusiveLock" }],
      });
    });
  });
});
