import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import { retryJob } from "../jobs/retry-job.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import type { PlanRequest } from "../partition-plan/request.ts";
import type { Plan } from "../partition-plan/types.ts";
import { quoteText } from "../quote-sql.ts";
import { type PartitionWorld, startPartitionWorld } from "../testing/partition-world.ts";
import { addActor } from "../testing/people.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { partitionsJobs } from "./jobs.ts";
import { partitionsVerbs } from "./verbs.ts";

const patience = { timeout: 30_000, interval: 50 };
const named = (name: string) => ({ schema: "public", name });
const ahead = (name: string, count: number): PlanRequest => ({
  verb: "create",
  table: named(name),
  ahead: count,
});

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let world: PartitionWorld;
  let worker: { stop(): Promise<void> };
  beforeAll(async () => {
    world = await startPartitionWorld(server);
    worker = startTestJobs(world.administration, partitionsJobs, () => world.audit);
    for (const name of ["digests", "held", "busy"]) await world.makeMonths(name);
    await world.makeMonths("beside", "create table public.beside_default partition of public.beside default");
  });
  afterAll(async () => {
    await worker?.stop();
    await world?.close();
  });

  const act = (
    action: (typeof partitionsVerbs)[keyof typeof partitionsVerbs],
    input: Record<string, unknown>,
    { actor = world.operator, typed }: { actor?: PartitionWorld["operator"]; typed?: string } = {},
  ) =>
    runAdminAction(
      action as typeof partitionsVerbs.createPartitions,
      {
        console: world.administration.console,
        actor,
        auditTargets: ["audit"],
        openTarget: () => world.audit,
      },
      { target: "audit", ...input },
      typed,
    );
  async function approve({ request, digest }: Plan, more: object = {}): Promise<string> {
    const answer = await act(partitionsVerbs.createPartitions, { request, digest, ...more });
    if (!answer.ok || !answer.jobId) throw new Error(JSON.stringify(answer));
    return answer.jobId;
  }
  const job = async (id: string) => (await world.administration.sql`select * from job where id = ${id}`)[0];
  const ended = (id: string) =>
    vi.waitFor(async () => {
      const row = await job(id);
      if (!row?.finished_at) throw new Error(`the job is ${row?.state}`);
      return row;
    }, patience);
  const linesOf = async (id: string) =>
    (await world.administration.sql`select message from job_log where job_id = ${id} order by seq`).map(
      ({ message }) => message as string,
    );
  const partitionsOf = async (name: string) =>
    (
      await world.database.sql`
        select inhrelid::regclass::text as name from pg_inherits where inhparent = ${name}::regclass order by 1`
    ).map((row) => row.name as string);
  async function session(): Promise<postgres.Sql & { pid: number }> {
    const sql = postgres(world.database.url, {
      max: 1,
      onnotice: () => {},
      connection: { application_name: "psql" },
    });
    const [row] = await sql`select pg_backend_pid() as pid`;
    return Object.assign(sql, { pid: row?.pid as number });
  }

  test("what was planned is carried out by a job; each step has its outcome, and both are on record", async () => {
    const { administration } = world;
    const planned = await world.plan(ahead("audit_log_standard", 5));
    expect(planned.runsAs).toBe("audit_maintainer");
    expect(planned.steps.map(({ locks }) => locks)).toEqual(
      planned.steps.map(() => [
        {
          relation: "public.audit_log_standard",
          mode: "SHARE UPDATE EXCLUSIVE",
          stops: "other changes of structure",
        },
      ]),
    );
    const id = await approve(planned, { reason: "Ticket AUD-1234" });
    expect(await ended(id)).toMatchObject({
      state: "done",
      error: null,
      done: planned.steps.length,
      total: planned.steps.length,
      unit: "steps",
      reason: "Ticket AUD-1234",
      result: {
        outcomes: planned.steps.map(({ id, words }) => ({
          id,
          words,
          outcome: "done",
          why: null,
          retryAt: null,
        })),
      },
    });
    expect(await linesOf(id)).toEqual(planned.steps.map(({ words }) => `${words}: done.`));
    const again = await world.plan(ahead("audit_log_standard", 5));
    expect(again.steps).toEqual([]);
    expect(
      await administration.sql`
        select outcome, object_id as object, detail->>'reason' as reason, detail->>'done' as done
        from activity where action = 'partition.create' and detail->>'jobId' = ${id} order by id`,
    ).toEqual([
      { outcome: "success", object: "public.audit_log_standard", reason: "Ticket AUD-1234", done: null },
      {
        outcome: "success",
        object: "public.audit_log_standard",
        reason: null,
        done: String(planned.steps.length),
      },
    ]);
    const viewer = await addActor(administration.console, "viewer");
    const { request, digest } = again;
    expect(await act(partitionsVerbs.createPartitions, { request, digest }, { actor: viewer })).toMatchObject(
      {
        error: { code: "FORBIDDEN" },
      },
    );
    expect(await act(partitionsVerbs.createPartitions, { request, digest })).toMatchObject({
      error: { code: "CONFLICT", message: expect.stringMatching(/^There is nothing left to do/) },
    });
  });

  test("a session that comes leaves the digest as it is; a partition made meanwhile does not, and the new plan is told", async () => {
    const before = await world.plan(ahead("digests", 3));
    expect(before).toMatchObject({ blockers: [], steps: [{}, {}] });
    const other = await session();
    await other`begin`;
    await other`lock table public.digests in share update exclusive mode`;
    const seen = await world.plan(ahead("digests", 3));
    expect(seen.blockers).toMatchObject([
      {
        pid: other.pid,
        start: expect.any(Date),
        user: "postgres",
        application: "psql",
        relation: "public.digests",
        mode: "ShareUpdateExclusiveLock",
      },
    ]);
    expect(seen.digest).toBe(before.digest);
    await other`rollback`;
    await other`set role audit_maintainer`;
    await other.unsafe(before.steps[0]?.sql.join(";\n") ?? "");
    await other.end();
    const refused = await act(partitionsVerbs.createPartitions, {
      request: before.request,
      digest: before.digest,
    });
    if (refused.ok) throw new Error("it was taken");
    const current = refused.error.current as Plan;
    expect(refused.error).toMatchObject({
      code: "CONFLICT",
      message: "The database has changed since this plan was made: the plan is another one now.",
    });
    expect(current.steps.map(({ id }) => id)).toEqual([before.steps[1]?.id]);
    expect((await ended(await approve(current))).state).toBe("done");
    expect(await partitionsOf("digests")).toHaveLength(5);
  });

  test("contended: no attempt makes others wait longer than was approved; who is in the way is told; it is tried again and done", async () => {
    const limit = 100;
    const reader = await session();
    await reader`begin`;
    await reader`select from public.beside_default`;
    const planned = await world.plan(ahead("beside", 2), limit);
    expect(planned.blockers).toMatchObject([{ pid: reader.pid, mode: "AccessShareLock" }]);
    expect(planned.steps[0]?.locks).toContainEqual({
      relation: "public.beside_default",
      mode: "ACCESS EXCLUSIVE",
      stops: "reads and writes",
    });
    const id = await approve(planned, { lockTimeoutMs: limit });
    const writer = await session();
    const stalls: number[] = [];
    await vi.waitFor(async () => {
      const began = performance.now();
      await writer`insert into public.beside values (${stalls.length}, '1999-01-01')`;
      stalls.push(performance.now() - began);
      if (!(await linesOf(id)).some((line) => line.includes("contended")))
        throw new Error("not contended yet");
    }, patience);
    // Whoever queues behind ACCESS EXCLUSIVE waits as long as the attempt does; without a limit that were as long as the reader.
    expect(Math.max(...stalls)).toBeLessThan(2_000);
    const [told] = await linesOf(id);
    expect(told).toMatch(
      new RegExp(
        `^Create public\\.beside_\\S+: contended\\. No lock within 100 ms: session ${reader.pid} of postgres \\(psql\\), ` +
          `in its transaction since \\S+, holds AccessShareLock on public\\.beside_default\\. Tried again at \\S+\\.$`,
      ),
    );
    expect((await job(id))?.state).toBe("running");
    await reader`commit`;
    await Promise.all([reader.end(), writer.end()]);
    expect((await ended(id)).result.outcomes).toMatchObject([{ outcome: "done" }]);
  });

  test("contended until the window ends is an outcome with its reason, and nothing is half made", async () => {
    const other = await session();
    await other`begin`;
    await other`lock table public.held in share mode`;
    const planned = await world.plan(ahead("held", 2), 40);
    const until = new Date(Date.now() + 1_500).toISOString();
    const id = await approve(planned, { lockTimeoutMs: 40, until });
    const { state, result, error } = await ended(id);
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
    expect(await partitionsOf("held")).toHaveLength(3);
    expect((await world.plan(ahead("held", 2), 40)).digest).toBe(planned.digest);
    // Retried by a person, what was not done is taken once more.
    const { console, admin } = world.administration;
    await console.db.transaction((tx) => retryJob(tx, id, admin, new Date()));
    expect(await ended(id)).toMatchObject({ state: "done", result: { outcomes: [{ outcome: "done" }] } });
    expect(await partitionsOf("held")).toHaveLength(4);
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
    const id = await approve(await world.plan(ahead("busy", 2)));
    await vi.waitFor(async () => {
      const [line] = await linesOf(id);
      expect(line).toMatch(
        /: blocked\. audit-db test\.first, pid \d+ of role login_\w+ from 127\.0\.0\.1, connected since \S+, works on public\.busy\. Tried again at /,
      );
    }, patience);
    release();
    await first;
    expect((await ended(id)).result.outcomes).toMatchObject([{ outcome: "done" }]);
  });

  test("without ownership nothing is begun, and the GRANT that is offered is what lacks", async () => {
    const { database } = world;
    const owner = `owner ${server} "of" ${database.name}`;
    const quoted = `"${owner.replaceAll('"', '""')}"`;
    await world.makeMonths("foreign_months");
    await database.sql.unsafe(`create role ${quoted}`);
    try {
      await database.sql.unsafe(`
        grant create, usage on schema public to ${quoted};
        do $$ declare part regclass; begin for part in select relid from pg_partition_tree('public.foreign_months') loop
          execute format('alter table %s owner to %I', part, ${quoteText(owner)});
        end loop; end $$`);
      const planned = await world.plan(ahead("foreign_months", 2));
      expect(planned.runsAs).toBeNull();
      const { request, digest } = planned;
      const refused = await act(partitionsVerbs.createPartitions, { request, digest });
      if (refused.ok) throw new Error("it was taken");
      expect(refused.error.code).toBe("UNSUPPORTED");
      const grant = /GRANT .*?;/.exec(refused.error.message)?.[0] ?? "";
      await database.sql.unsafe(grant);
      const allowed = await world.plan(ahead("foreign_months", 2));
      expect(allowed).toMatchObject({ runsAs: owner, digest });
      await ended(await approve(allowed));
      const [made] = await database.sql`
        select pg_get_userbyid(relowner) as owner from pg_class where oid = ${`${allowed.steps[0]?.id.split(" ")[1]}`}::regclass`;
      expect(made).toEqual({ owner });
    } finally {
      await database.sql.unsafe(`drop owned by ${quoted} cascade; drop role ${quoted}`);
    }
  });

  test("without a maintenance connection the plan is shown with the reason, and nothing is begun", async () => {
    const { urls, administration, operator } = world;
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const watching = connect({ target: "audit", urls: { watch: urls.watch }, logger });
    const words =
      "The console has no maintenance connection to this database, and watching changes nothing. Set AUDIT_MAINTENANCE_URL.";
    const planned = await makePlan({ audit: watching, now: new Date() }, ahead("held", 3), 200);
    expect(planned).toMatchObject({ steps: [{}], runsAs: null, refusals: [{ outcome: "refused", words }] });
    const { request, digest } = planned;
    const answer = await runAdminAction(
      partitionsVerbs.createPartitions,
      {
        console: administration.console,
        actor: operator,
        auditTargets: ["audit"],
        openTarget: () => watching,
      },
      { target: "audit", request, digest },
    );
    await watching.close();
    expect(answer).toMatchObject({ ok: false, error: { code: "UNSUPPORTED", message: words } });
  });

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
      const ids = await Promise.all(Array.from({ length: 8 }, () => approve(planned)));
      const rows = await Promise.all(ids.map(ended));
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
      expect(await partitionsOf("wanted")).toHaveLength(2 + count);
    }
    await Promise.all(workers.map((one) => one.stop()));
    expect(await rollbacks()).toBe(before);
  }, 90_000);
});
