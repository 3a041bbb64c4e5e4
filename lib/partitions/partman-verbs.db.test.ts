import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { closeTargets } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import { replaceEnv } from "../env.ts";
import { carryOut } from "../partition-plan/carry-out.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { createPartmanTables } from "../testing/partman.ts";
import { addActor } from "../testing/people.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { partitionsJobs } from "./jobs.ts";
import { partitionsVerbs } from "./verbs.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const table = { schema: "part", name: "access_log" };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let administration: Administration;
  let database: TestDatabase;
  let sql: Sql;
  let audit: AuditDb;
  let operator: Actor;
  let worker: { stop(): Promise<void> };
  let owner: string;

  beforeAll(async () => {
    [administration, database] = await Promise.all([
      startAdministration(),
      createDatabase({ server, template: "empty" }),
    ]);
    sql = postgres(database.url, { max: 1, onnotice: () => {} });
    const [watch, maintenance] = [await database.login(["pg_monitor"]), await database.login()];
    owner = new URL(maintenance).username;
    await createPartmanTables(sql, server);
    await sql.unsafe(`
      grant usage on schema partman to public; grant select on partman.part_config to public;
      alter schema part owner to ${owner}; alter table part.access_log owner to ${owner};`);
    for (const { name } of await partitions()) await sql.unsafe(`alter table ${name} owner to ${owner}`);
    audit = connect({ target: "audit", urls: { watch, maintenance }, logger: silent });
    replaceEnv({ AUDIT_DATABASE_URL: watch, AUDIT_MAINTENANCE_URL: maintenance, LOG_LEVEL: "silent" });
    operator = await addActor(administration.console, "operator");
    worker = startTestJobs(administration, partitionsJobs, () => audit);
  });
  afterAll(async () => {
    await worker?.stop();
    await closeTargets();
    replaceEnv({});
    await audit?.close();
    await sql?.end({ timeout: 1 });
    await administration?.close();
    await database?.drop();
  });

  const partitions = () => sql<{ name: string }[]>`
    select relid::regclass::text as name from pg_partition_tree('part.access_log') where isleaf order by 1`;
  const plan = (request: PlanRequest) => makePlan({ audit, now: new Date() }, request, 200);

  async function ask(verb: "run-partman" | "leave-partman", typed?: string) {
    const { request, digest } = await plan({ verb, table });
    const input = { target: "audit", request, digest };
    const answer =
      verb === "run-partman"
        ? await administration.run(partitionsVerbs.runPartmanMaintenance, operator, input)
        : await administration.run(partitionsVerbs.leavePartman, operator, input, typed);
    if (!answer.ok || !answer.jobId) return answer;
    const { jobId } = answer;
    return vi.waitFor(async () => {
      const [job] = await administration.sql`select state, result, error from job where id = ${jobId}`;
      if (!job || !["done", "failed"].includes(job.state)) throw new Error("it has not ended");
      return job;
    }, 20_000);
  }

  test("nobody makes partitions behind its back", async () => {
    const { steps, refusals } = await plan({ verb: "create", table, ahead: 30 });
    expect(steps).toEqual([]);
    expect(refusals).toMatchObject([{ object: "part.access_log", outcome: "refused" }]);
    expect(refusals[0]?.words).toMatch(/^pg_partman makes the partitions of this table/);
    const [partition] = (await partitions()).filter(({ name }) => !name.endsWith("_default"));
    const name = partition?.name.split(".")[1] ?? "access_log_default";
    await sql`create table part.beside (like part.access_log)`;
    for (const request of [
      { verb: "detach", partition: { schema: "part", name }, how: "under lock" },
      { verb: "attach", partition: { schema: "part", name: "beside" }, table },
      { verb: "repair", partition: { schema: "part", name: "access_log_default" }, rowsNeverChange: false },
    ] as const) {
      const refused = await plan(request);
      expect(refused.steps).toEqual([]);
      expect(refused.refusals[0]).toMatchObject({ object: "part.access_log", outcome: "refused" });
      expect(refused.refusals[0]?.words).toMatch(
        /^pg_partman .* Run its maintenance \(run-partman\), or leave it first \(leave-partman\)/,
      );
    }
    // What touches neither names nor bounds is none of its business.
    for (const work of ["vacuum", "analyze", "reindex", "create index"] as const) {
      const allowed = await plan({ verb: "maintain", relations: [{ schema: "part", name }], work });
      expect([work, allowed.refusals]).toEqual([work, []]);
    }
  });

  test.runIf(server === 15)(
    "a lock that its maintenance waits for in vain is contended, not refused",
    async () => {
      const [partition] = await partitions();
      const planned = await plan({ verb: "run-partman", table });
      const held = await sql.reserve();
      try {
        await held.unsafe(`begin; lock table ${partition?.name} in access exclusive mode`);
        const [outcome] = await carryOut({
          ...{
            audit,
            plan: JSON.parse(JSON.stringify(planned)),
            until: new Date(),
            jobId: crypto.randomUUID(),
          },
          ...{ checkpoint: async () => {}, progress() {}, log() {}, signal: new AbortController().signal },
        });
        expect(outcome).toMatchObject({ outcome: "contended" });
      } finally {
        await held`rollback`;
        held.release();
      }
    },
  );

  test("its maintenance runs through it, and not where its retention would drop", async () => {
    if (server === 18) {
      const { refusals } = await plan({ verb: "run-partman", table });
      expect(refusals.map(({ words }) => words)).toEqual([
        "There is no function run_maintenance of the extension pg_partman in partman: it is run where it stands.",
      ]);
      return;
    }
    await sql.unsafe(`grant select on all tables in schema partman to ${owner};
      grant execute on all functions in schema partman to ${owner};`);
    await sql`update partman.part_config set retention = '400 days', retention_keep_table = false`;
    expect((await plan({ verb: "run-partman", table })).refusals[0]?.words).toMatch(
      /^Its retention of 400 days drops partitions in the same run, and nothing here destroys rows\./,
    );
    await sql`update partman.part_config set retention_keep_table = true, premake = 7`;
    const planned = await plan({ verb: "run-partman", table });
    expect(planned.steps.map(({ sql }) => sql)).toEqual([
      [
        "LOCK TABLE part.access_log IN SHARE UPDATE EXCLUSIVE MODE",
        "SELECT partman.run_maintenance('part.access_log')",
      ],
    ]);
    expect(planned.notes).toContain("It detaches partitions older than 400 days and keeps them as tables.");
    await sql`insert into part.access_log (ts) values (now())`;
    const before = await partitions();
    expect(await ask("run-partman")).toMatchObject({
      state: "done",
      result: { outcomes: [{ outcome: "done" }] },
    });
    expect((await partitions()).length).toBe(before.length + 2);
  });

  test.runIf(server === 15)("while it runs elsewhere the step is blocked, and says so", async () => {
    const other = postgres(database.url, { max: 1 });
    const elsewhere = Promise.withResolvers<void>();
    const held = other.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtext('pg_partman run_maintenance'))`;
      await elsewhere.promise;
    });
    const { request, digest } = await plan({ verb: "run-partman", table });
    const until = new Date(Date.now() + 500).toISOString();
    const { jobId } = (await administration.run(partitionsVerbs.runPartmanMaintenance, operator, {
      ...{ target: "audit", request, digest, until },
    })) as { jobId: string };
    await vi.waitFor(async () => {
      const [job] = await administration.sql`select result, error from job where id = ${jobId}`;
      expect(JSON.stringify(job)).toContain("pg_partman's maintenance runs in another session already.");
    }, 20_000);
    elsewhere.resolve();
    await held;
    await other.end();
  });

  test("leaving it changes one word of its configuration, once its name is typed; then partitions may be made", async () => {
    const lacking = await plan({ verb: "leave-partman", table });
    expect(lacking.steps).toEqual([]);
    const [refusal] = lacking.refusals;
    expect(refusal?.words).toContain(`${owner}, the owner of the table, may not change partman.part_config.`);
    await sql.unsafe(refusal?.words.slice(refusal.words.indexOf("Run: ") + 5) ?? "");
    const [before] = await sql`select to_jsonb(c) as row from partman.part_config c`;
    expect(await ask("leave-partman")).toMatchObject({
      ok: false,
      error: { message: "Type “part.access_log” to confirm." },
    });
    expect(await ask("leave-partman", "part.access_log")).toMatchObject({ state: "done" });
    const [after] = await sql`select to_jsonb(c) as row from partman.part_config c`;
    expect(after?.row).toEqual({ ...before?.row, automatic_maintenance: "off" });
    const { refusals } = await plan({ verb: "create", table, cut: { unit: "day", count: 1 }, ahead: 10 });
    expect(refusals.filter(({ words }) => words.includes("pg_partman"))).toEqual([]);
  });
});
