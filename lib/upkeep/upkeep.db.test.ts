import type { Sql } from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { closeTargets } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { beginScheduled } from "../jobs/begin-scheduled.ts";
import { mirrorSchedules } from "../jobs/keep-schedules.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import { startUpkeepWorld, type UpkeepWorld } from "../testing/upkeep-world.ts";
import { getUpkeep } from "./get-upkeep.ts";
import { previewUpkeep } from "./preview-upkeep.ts";
import { listUpkeepSchedules } from "./rule-schedule.ts";
import { upkeepVerbs } from "./verbs.ts";

const table = { schema: "public", name: "audit_log" };
const branch = { schema: "public", name: "audit_log_standard" };
const rule = { target: "audit", table, ahead: 3, cron: "17 3 * * *" };
const { setUpkeep, approveUpkeep, pauseUpkeep, resumeUpkeep, runUpkeep, removeUpkeep } = upkeepVerbs;

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: UpkeepWorld;
  let administration: UpkeepWorld["administration"];
  let database: UpkeepWorld["database"];
  let audit: UpkeepWorld["audit"];
  let operator: UpkeepWorld["operator"];
  let viewer: UpkeepWorld["viewer"];

  beforeAll(async () => {
    world = await startUpkeepWorld(server);
    ({ administration, database, audit, operator, viewer } = world);
  });
  afterEach(() => administration.sql`truncate partition_upkeep, schedule`);
  afterAll(() => world?.close());

  const upkeep = async () => (await getUpkeep(administration.console, "audit", new Date()))[0];
  const listed = () => administration.console.db.transaction((tx) => listUpkeepSchedules(tx, ["audit"]));
  const approve = (given: typeof rule & { window?: { from: string; to: string } } = rule) =>
    world.approve(given);
  const partitions = async () =>
    (
      await database.sql<{ name: string }[]>`
        select relid::regclass::text as name from pg_partition_tree('public.audit_log') where isleaf order by 1`
    ).map(({ name }) => name);
  const drop = async (names: readonly string[]) => {
    for (const name of names) await database.sql.unsafe(`drop table ${name}`);
  };
  const ended = (asked: { last?: Date } = {}) =>
    vi.waitFor(
      async () => {
        const found = await upkeep();
        if (!found?.last || found.openJobId || +found.last.at === +(asked.last ?? 0))
          throw new Error(JSON.stringify(found));
        return found;
      },
      { timeout: 20_000, interval: 50 },
    );

  test("proposed it runs not at all; approved it is a schedule, is due, runs, and its next run is right", async () => {
    await administration.succeed(setUpkeep, operator, { ...rule, timeZone: "Europe/Berlin" });
    expect(await listed()).toEqual([]);
    expect(await upkeep()).toMatchObject({
      state: "proposed",
      on: false,
      nextRun: null,
      proposedBy: operator.email,
      approvedBy: null,
      words: "every day at 03:17",
    });

    await administration.succeed(approveUpkeep, operator, { target: "audit", table, revision: 1 });
    const [schedule] = await listed();
    expect(schedule).toMatchObject({
      name: "partitions.upkeep:audit:public.audit_log",
      cron: "17 3 * * *",
      timeZone: "Europe/Berlin",
      jitterSeconds: 0,
    });
    if (!schedule) throw new Error("there is no schedule");
    const before = await partitions();
    const missing = before.slice(-2);
    await drop(missing);
    const { console, sql } = administration;
    await sql`update schedule set last_slot = '2026-03-28T02:17Z'`;
    // In Berlin it is 03:17 at 01:17 UTC from 29 March on.
    expect(await beginScheduled(console, schedule, new Date("2026-03-29T01:16:59Z"))).toBeNull();
    expect(await beginScheduled(console, schedule, new Date("2026-03-29T01:17:00Z"))).toBe("begun");
    expect(await beginScheduled(console, schedule, new Date("2026-03-29T01:17:00Z"))).toBeNull();
    const { last, succeededAt, nextRun, approvedBy } = await ended();
    expect(last).toMatchObject({ outcome: "done", made: 2 });
    expect(last?.words).toBe(`${missing.map((name) => `Create public.${name}`).join("; ")}.`);
    expect(await partitions()).toEqual(before);
    expect(succeededAt).toEqual(last?.at);
    expect(approvedBy).toBe(operator.email);
    const berlin = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" });
    expect(nextRun && berlin.format(nextRun)).toBe("03:17");
    expect(await administration.lastActivity("upkeep.run")).toMatchObject({
      outcome: "success",
      target: "audit",
      object_name: "audit_log",
      detail: { outcome: "done", made: 2, table: "audit_log" },
    });
  });

  test("the preview says what each of the next five runs would make, each thing once", async () => {
    const now = new Date();
    const monthly = {
      ...{ table: branch, cut: null, ahead: 5, tablespace: null },
      ...{ cron: "0 4 1 * *", timeZone: "UTC", lockTimeoutMs: 200 },
    };
    const { runs, cut } = await previewUpkeep(audit, monthly, now);
    expect(cut).toEqual({
      ...{ unit: "month", count: 1, timeZone: "UTC" },
      ...{ naming: "{table}_{yyyy}_{mm}", key: "timestamp with time zone" },
    });
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 4));
    expect(runs.map(({ at }) => at)).toEqual(
      [0, 1, 2, 3, 4].map(
        (months) => new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months, 1, 4)),
      ),
    );
    const names = runs.map(({ makes }) => makes.map((words) => words.slice(-7)));
    const month = (ahead: number) => {
      const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
      return at.toISOString().slice(0, 7).replace("-", "_");
    };
    // Three months ahead are there.
    expect(names).toEqual([[month(4), month(5), month(6)], [month(7)], [month(8)], [month(9)], [month(10)]]);
  });

  test("a preview beside a job that makes the same partitions sees them all, or none", async () => {
    const ahead = { ...{ table: branch, cut: null, ahead: 4, tablespace: null }, cron: "0 4 1 * *" };
    const says = { ...ahead, timeZone: "UTC", lockTimeoutMs: 200 };
    const request = { verb: "create", table: branch, ahead: 4 } as const;
    const planned = await makePlan({ audit, now: new Date() }, request, 200);
    const statements = `set role audit_maintainer; ${planned.steps.flatMap(({ sql }) => sql).join(";")}; reset role`;
    expect(planned.steps).toHaveLength(1);
    let made = false;
    /** The partition is made between what the planner reads of the tree, and its look for names that are taken. */
    const beside = (sql: Sql): Sql =>
      new Proxy(sql, {
        apply(target, self, args) {
          const [strings] = args as [TemplateStringsArray | string];
          const query = Reflect.apply(target as never, self, args) as Promise<unknown>;
          if (made || !Array.isArray(strings) || !strings.join("").includes("pg_type t where t.typnamespace"))
            return query;
          made = true;
          return database.sql.unsafe(statements).then(() => query);
        },
        get(target, property, receiver) {
          if (property !== "begin") return Reflect.get(target, property, receiver);
          return (mode: string, run: (inner: Sql) => Promise<unknown>) =>
            target.begin(mode, (inner) => run(beside(inner as unknown as Sql)));
        },
      });
    const watched: AuditDb = {
      ...audit,
      use: (purpose, name, run, options) =>
        audit.use(purpose, name, (sql, place) => run(beside(sql), place), options),
    };
    const { runs } = await previewUpkeep(watched, says, new Date());
    expect(made).toBe(true);
    expect(runs.flatMap(({ refusals }) => refusals)).toEqual([]);
    expect(runs[0]?.makes).toHaveLength(2);
    const again = await previewUpkeep(audit, says, new Date());
    expect(again.runs[0]?.makes).toHaveLength(1);
    await drop((await partitions()).filter((name) => name.startsWith("audit_log_standard")).slice(-1));
  });

  test("who approves names the revision that they saw; a viewer may not, nor the product", async () => {
    const { codeOf, succeed } = administration;
    expect(await codeOf(setUpkeep, viewer, rule)).toBe("FORBIDDEN");
    await succeed(setUpkeep, operator, rule);
    const first = { target: "audit", table, revision: 1 };
    expect(await codeOf(approveUpkeep, viewer, first)).toBe("FORBIDDEN");
    await succeed(setUpkeep, operator, { ...rule, ahead: 4 });
    expect(await administration.run(approveUpkeep, operator, first)).toMatchObject({
      ok: false,
      error: {
        code: "CONFLICT",
        message: "The upkeep of audit_log was changed meanwhile: it is revision 2 now.",
      },
    });
    await succeed(approveUpkeep, operator, { ...first, revision: 2 });
    expect(await administration.run(approveUpkeep, operator, { ...first, revision: 2 })).toMatchObject({
      error: { code: "CONFLICT", message: "The upkeep of audit_log is approved already." },
    });
    expect(await upkeep()).toMatchObject({ ahead: 4, on: true });
    // Changed once more it is proposed again, and begins nothing.
    await succeed(setUpkeep, operator, { ...rule, ahead: 5 });
    expect(await listed()).toEqual([]);
    expect(await administration.sql`select from schedule`).toHaveLength(0);
    expect(await codeOf(runUpkeep, operator, { target: "audit", table })).toBe("CONFLICT");
  });

  test("paused it begins nothing, resumed with the next slot, removed it is gone; the mirror keeps what is on", async () => {
    const { codeOf, succeed, sql, console } = administration;
    const of = { target: "audit", table };
    await approve();
    const mirror = () =>
      mirrorSchedules({ console, schedules: [], setSchedules: (tx) => listUpkeepSchedules(tx, ["audit"]) });
    expect((await mirror()).map(({ name }) => name)).toEqual(["partitions.upkeep:audit:public.audit_log"]);
    expect(await sql`select from schedule`).toHaveLength(1);
    await succeed(pauseUpkeep, operator, of);
    expect(await sql`select from schedule`).toHaveLength(0);
    expect(await codeOf(pauseUpkeep, operator, of)).toBe("CONFLICT");
    expect(await mirror()).toEqual([]);
    expect(await upkeep()).toMatchObject({ on: false, enabled: false, nextRun: null, state: "approved" });
    await succeed(resumeUpkeep, operator, of);
    expect(await upkeep()).toMatchObject({ on: true, enabled: true });
    const [resumed] = await sql`select last_slot from schedule`;
    expect(Date.now() - resumed?.last_slot.getTime()).toBeLessThan(60_000);
    // Paused on the Jobs page it is off as well.
    await sql`update schedule set enabled = false`;
    expect(await upkeep()).toMatchObject({ on: false, enabled: true });
    await succeed(resumeUpkeep, operator, of);
    expect(await upkeep()).toMatchObject({ on: true });
    await succeed(removeUpkeep, operator, of);
    expect(await sql`select from schedule`).toHaveLength(0);
    expect(await upkeep()).toBeUndefined();
    expect(await codeOf(removeUpkeep, operator, of)).toBe("NOT_FOUND");
  });

  test("what cannot be kept is refused with the reason", async () => {
    const { run, succeed } = administration;
    const refused = async (given: object) => {
      const answer = await run(setUpkeep, operator, { ...rule, ...given });
      return answer.ok ? "ok" : [answer.error.code, answer.error.message];
    };
    expect(await refused({ table: { name: "nothing" } })).toEqual([
      "NOT_FOUND",
      `There is no partitioned table nothing in ${database.name}.`,
    ]);
    await database.sql`create table if not exists hashed (id int) partition by hash (id)`;
    await audit.dropAnswers({ tags: ["*"] });
    await closeTargets();
    expect(await refused({ table: { name: "hashed" } })).toEqual([
      "BAD_INPUT",
      "hashed is not partitioned by ranges: nothing can be made ahead.",
    ]);
    expect(await refused({ target: "gone" })).toEqual(["NOT_FOUND", 'There is no target named "gone".']);
    await succeed(setUpkeep, operator, rule);
    expect(await refused({ table: branch })).toEqual([
      "CONFLICT",
      "The upkeep of audit_log makes partitions of audit_log_standard already.",
    ]);
  });

  test("a person may have it done now, where nothing is missing too", async () => {
    const of = { target: "audit", table };
    await approve();
    const { jobId } = await administration.succeed(runUpkeep, operator, of);
    const { last } = await ended();
    expect(last).toMatchObject({ jobId, outcome: "nothing to do", made: 0, words: "Nothing was missing." });
  });

  test("a run whose window was over before it began is on record as that", async () => {
    await approve({ ...rule, window: { from: "03:00", to: "04:00" } });
    const { sql, console } = administration;
    const hour = new Date().getUTCHours();
    // The window lies twelve hours from now.
    const at = (hours: number) => `${String((hour + hours) % 24).padStart(2, "0")}:00`;
    await sql`update partition_upkeep set window_from = ${at(12)}, window_to = ${at(14)}`;
    const [schedule] = await listed();
    if (!schedule) throw new Error("there is no schedule");
    await sql`update schedule set last_slot = now() - interval '2 days'`;
    expect(await beginScheduled(console, schedule, new Date())).toBe("begun");
    const { last, succeededAt } = await ended();
    expect(last).toMatchObject({ outcome: "missed", made: 0 });
    expect(last?.words).toBe(
      `Its window, ${at(12)} to ${at(14)} UTC, was over before the run began: no worker ran in it, or jobs waited.`,
    );
    expect(succeededAt).toBeNull();
    const [job] = await sql`select state, error from job where id = ${last?.jobId ?? null}`;
    expect(job).toMatchObject({ state: "failed", error: { code: "TIMEOUT" } });
  });
});
