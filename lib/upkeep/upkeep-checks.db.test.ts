import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Check } from "../check.ts";
import type { JobContext } from "../jobs/define-job.ts";
import { judge, notOk } from "../testing/judge.ts";
import { startUpkeepWorld, type UpkeepWorld } from "../testing/upkeep-world.ts";
import { readRules, requireRule } from "../upkeep-rules/read-rules.ts";
import { upkeepFailed } from "./check-failed.ts";
import { upkeepSkipped } from "./check-skipped.ts";
import { upkeepStale } from "./check-stale.ts";
import { createRun } from "./keep-ahead.ts";
import { noteRun } from "./note-run.ts";
import { upkeepVerbs } from "./verbs.ts";

const table = { schema: "public", name: "audit_log" };
const of = { target: "audit", table };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: UpkeepWorld;
  let administration: UpkeepWorld["administration"];
  let database: UpkeepWorld["database"];
  let audit: UpkeepWorld["audit"];
  let operator: UpkeepWorld["operator"];

  beforeAll(async () => {
    world = await startUpkeepWorld(server);
    ({ administration, database, audit, operator } = world);
    await world.approve({ ...of, ...{ ahead: 4, cron: "17 3 * * *" } });
  });
  afterAll(() => world?.close());

  const rule = () => requireRule(administration.console.db, "audit", table);
  const look = async (check: Check, now = new Date()) =>
    notOk(await judge(check, audit, { now, upkeep: () => readRules(administration.console.db, ["audit"]) }));
  async function runNow() {
    const { jobId } = await administration.succeed(upkeepVerbs.runUpkeep, operator, of);
    await vi.waitFor(
      async () => {
        const [job] = await administration.sql`select state from job where id = ${jobId}`;
        if (!["done", "failed"].includes(job?.state)) throw new Error(job?.state);
      },
      { timeout: 20_000, interval: 50 },
    );
    return (await rule()).last;
  }

  test("a failure is a finding with the reason, and goes with the next run that goes well", async () => {
    expect(await look(upkeepFailed)).toEqual([]);
    // A name that is taken: the partition of that month cannot be made.
    const at = new Date();
    const month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 4, 1)).toISOString().slice(0, 7);
    const taken = `audit_log_standard_${month.replace("-", "_")}`;
    await database.sql.unsafe(`create table ${taken} (note text)`);
    const failed = await runNow();
    expect(failed).toMatchObject({ outcome: "failed", made: 3 });
    expect(failed?.words).toMatch(/has this name.* 3 partitions made\.$/);
    expect(await look(upkeepFailed)).toEqual(["audit_log warning"]);
    expect(await administration.lastActivity("upkeep.run")).toMatchObject({ outcome: "failed" });
    await database.sql.unsafe(`drop table ${taken}`);
    expect(await runNow()).toMatchObject({ outcome: "done", made: 1 });
    expect(await look(upkeepFailed)).toEqual([]);
  });

  test("no lock in the time it had: nothing is made, which is a finding until the next run", async () => {
    const { console, sql } = administration;
    // What it waits for each lock is short, or the four of them together take a quarter of a minute.
    await sql`update partition_upkeep set ahead = 5, lock_timeout_ms = 20`;
    const holder = postgres(database.url, { max: 1 });
    const released = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const held = holder.begin(async (tx) => {
      for (const branch of ["standard", "phi", "minimal", "confidential"])
        await tx.unsafe(`lock table audit_log_${branch} in share update exclusive mode`);
      locked.resolve();
      await released.promise;
    });
    await locked.promise;
    const context = {
      ...{ id: "01900000-0000-7000-8000-00000000000a", audit, console, restored: null },
      ...{ signal: new AbortController().signal, now: () => new Date() },
      ...{ log() {}, progress() {}, checkpoint: async () => {} },
      waitUntil: (at: Date) => pause(at.getTime() - Date.now()),
      once: (_: string, work: unknown) =>
        console.db.transaction((tx) => (work as (tx: unknown) => Promise<unknown>)(tx)),
    } as unknown as JobContext;
    const kept = await createRun(context, await rule()).keepAhead(new Date(Date.now() + 1_500));
    expect(kept).toMatchObject({ outcome: "contended", made: 0, code: "TIMEOUT" });
    expect(kept.words).toMatch(/^4 partitions not made until the time to work was over\. Create public\./);
    await noteRun(context, await rule(), kept);
    expect(await look(upkeepSkipped)).toEqual(["audit_log warning"]);
    expect(await look(upkeepFailed)).toEqual([]);
    released.resolve();
    await held;
    await holder.end();
    await sql`update partition_upkeep set lock_timeout_ms = 200`;
    expect(await runNow()).toMatchObject({ outcome: "done", made: 4 });
    expect(await look(upkeepSkipped)).toEqual([]);
  });

  test("twice its period without success is overdue, four times is critical; paused it is nobody's", async () => {
    const { succeededAt } = await rule();
    const hoursOn = (hours: number) => new Date((succeededAt?.getTime() ?? 0) + hours * 3_600_000);
    expect(await look(upkeepStale, hoursOn(47))).toEqual([]);
    expect(await look(upkeepStale, hoursOn(49))).toEqual(["audit_log warning"]);
    expect(await look(upkeepStale, hoursOn(97))).toEqual(["audit_log critical"]);
    await administration.succeed(upkeepVerbs.pauseUpkeep, operator, of);
    expect(await look(upkeepStale, hoursOn(97))).toEqual([]);
    await administration.succeed(upkeepVerbs.resumeUpkeep, operator, of);
  });

  test("a branch of a new retention policy gets its partitions, by the policy's interval", async () => {
    await database.sql.unsafe(`
      set role audit_maintainer;
      insert into retention_policy (name, data_classification, floor_days, legal_basis, partition_interval)
      values ('brief', 'PUBLIC', 1, 'test', 'week');
      create table audit_log_brief partition of audit_log for values in ('brief') partition by range (occurred_at);
      reset role;`);
    const last = await runNow();
    expect(last).toMatchObject({ outcome: "done", made: 6 });
    const made = await database.sql<{ name: string }[]>`
      select relid::regclass::text as name from pg_partition_tree('audit_log_brief') where isleaf order by 1`;
    expect(made.map(({ name }) => name.replace(/\d{4}_w\d\d$/, "week"))).toEqual(
      Array.from({ length: 6 }, () => "audit_log_brief_week"),
    );
  });

  test("a rule of another database than the target's is carried out nowhere", async () => {
    await administration.sql`update partition_upkeep set database = 'elsewhere'`;
    expect(await runNow()).toMatchObject({
      outcome: "failed",
      words: expect.stringMatching(/^The rule was approved for the database elsewhere; the target is /),
    });
  });
});
