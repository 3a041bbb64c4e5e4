import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { connect } from "../audit-db/connect.ts";
import { workOnTable } from "../audit-db/structural/work-on-table.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { systemActor } from "../auth/actor.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { cancelJob } from "./cancel-job.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";
import { startJobs } from "./start-jobs.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let own: TestDatabase;
let target: TestDatabase;
let console_: ConsoleDb;
let audit: AuditDb;

beforeAll(async () => {
  [own, target] = await Promise.all([
    createDatabase({ template: "console" }),
    createDatabase({ template: "audit" }),
  ]);
  console_ = openConsoleDb(own.url, { max: 4 });
  const [watch, maintenance] = [await target.login(["pg_monitor"]), await target.login(["audit_maintainer"])];
  audit = connect({ target: "audit", urls: { watch, maintenance }, logger: quiet });
});
afterAll(async () => {
  await Promise.all([console_.close(), audit.close()]);
  await Promise.all([own.drop(), target.drop()]);
});

/** Works on the audit log until it is cancelled. */
const endless = defineJob({
  name: "test.structure",
  title: "Work on the audit log",
  target: true,
  input: z.object({ target: z.string() }),
  oneAtATime: false,
  run: ({ id, audit, signal }) =>
    workOnTable(
      audit,
      {
        table: { schema: "public", name: "audit_log" },
        name: "test.structure",
        jobId: id,
        statementTimeoutMs: 0,
        lockTimeoutMs: 2_000,
        signal,
      },
      ({ sql }) => sql`select pg_sleep(600)`,
    ),
});

test("a job's structural work is noted by its session, told to the second one, and ends with its cancellation", async () => {
  const worker = startJobs({
    console: console_,
    url: own.url,
    jobs: [endless],
    schedules: [],
    openTarget: () => audit,
    logger: quiet as never,
    holder: `test:${process.pid}:0`,
  });
  try {
    const enqueue = () =>
      console_.db.transaction((tx) =>
        enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, endless, { target: "audit" }),
      );
    const { id } = await enqueue();
    const held = () => target.sql<{ pid: number; start: string }[]>`
      select pid, backend_start::text as start from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and objid = 'public.audit_log'::regclass and query like '%pg_sleep%'`;
    await vi.waitFor(async () => expect(await held()).toHaveLength(1), 20_000);
    expect(
      await own.sql`select pid, backend_start::text as start, purpose from job_backend where job_id = ${id}`,
    ).toEqual([{ ...(await held())[0], purpose: "maintenance" }]);

    const second = await enqueue();
    const job = async (of: string) => (await own.sql`select state, error from job where id = ${of}`)[0];
    await vi.waitFor(async () => expect(await job(second.id)).toMatchObject({ state: "failed" }), 20_000);
    expect((await job(second.id))?.error).toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(`^Job ${id} \\(test\\.structure\\), pid `),
    });

    await console_.db.transaction((tx) => cancelJob(tx, id, { name: "test" }, new Date()));
    await vi.waitFor(async () => expect(await job(id)).toMatchObject({ state: "cancelled" }), 20_000);
    await vi.waitFor(async () => expect(await held()).toEqual([]), 30_000);
    expect(await own.sql`select from job_backend`).toEqual([]);
  } finally {
    await worker.stop();
  }
});
