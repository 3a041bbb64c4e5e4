import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { listWaiting, measureQuarantine } from "../audit-db/append/quarantine-batches.ts";
import { replayQuarantine } from "../audit-db/append/replay-quarantine.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { replaceEnv } from "../env.ts";
import { type Administration, startAdministration } from "../testing/administration.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { addActor } from "../testing/people.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { eventsJobs } from "./jobs.ts";
import { replayQuarantined } from "./replay-quarantined.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const many = 1_100;
let administration: Administration;
let database: TestDatabase;
let audit: AuditDb;
let worker: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  [administration, database] = await Promise.all([
    startAdministration(),
    createDatabase({ template: "audit" }),
  ]);
  const urls = {
    watch: await database.login(["pg_monitor"]),
    write: await database.login(["audit_writer"]),
    maintenance: await database.login(["audit_maintainer"]),
  };
  audit = connect({ target: "audit", urls, logger: silent });
  replaceEnv({ AUDIT_DATABASE_URL: urls.watch, LOG_LEVEL: "silent" });
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});
afterAll(async () => {
  replaceEnv({});
  await audit.close();
  await Promise.all([administration.close(), database.drop()]);
});

/** Quarantines events of one month of 2003, whose partition is made afterwards, and as many that keep waiting. */
async function quarantine(month: string, count: number, waiting: number): Promise<void> {
  const at = (text: string, n: number) =>
    Array.from({ length: n }, () => ({
      organizationId: "o",
      action: "a",
      status: "success" as const,
      occurredAt: new Date(text),
    }));
  await audit.append([...at(`2003-${month}-03T00:00:00Z`, count), ...at("1999-01-01T00:00:00Z", waiting)]);
  const next = String(Number(month) + 1).padStart(2, "0");
  await database.sql.unsafe(`
    create table audit_log_standard_2003_${month} partition of audit_log_standard
    for values from ('2003-${month}-01 00:00:00+00') to ('2003-${next}-01 00:00:00+00')`);
}
const stored = async () =>
  (await database.sql`select count(*)::int as n, count(distinct id)::int as ids from audit_log`)[0];
const job = async (id: string) => (await administration.sql`select * from job where id = ${id}`)[0];
const done = (id: string) =>
  vi.waitFor(async () => expect(await job(id)).toMatchObject({ state: "done", error: null }), 20_000);
const work = () => {
  worker = startTestJobs(administration, eventsJobs, () => audit);
};
async function ask(input: object = {}): Promise<string> {
  const operator = await addActor(administration.console, "operator");
  const answer = await administration.run(replayQuarantined, operator, { target: "audit", ...input });
  if (!answer.ok || !answer.jobId) throw new Error(JSON.stringify(answer));
  return answer.jobId;
}

test("a viewer is refused; for an operator all that can be moved is moved, in batches, and counted", async () => {
  await quarantine("03", many, 3);
  const viewer = await addActor(administration.console, "viewer");
  expect(await administration.codeOf(replayQuarantined, viewer, { target: "audit" })).toBe("FORBIDDEN");
  const id = await ask();
  work();
  await done(id);
  const counts = { stored: many, duplicate: 0, conflict: 0, waiting: 3 };
  expect(await job(id)).toMatchObject({
    target: "audit",
    object_name: "audit",
    done: many + 3,
    total: many + 3,
    unit: "events",
    result: counts,
  });
  expect(await stored()).toEqual({ n: many, ids: many });
  const told = await administration.sql`
    select outcome, actor_name like 'operator-%@example.test' as "byAddress", a.target, o.target as "heardBy", object_id as object, detail
    from activity a left join outbox o using (id) where detail->>'jobId' = ${id} order by a.id`;
  const row = { outcome: "success", byAddress: true, target: "audit", heardBy: "audit", object: "audit" };
  expect(told).toEqual([
    { ...row, detail: { jobId: id } },
    { ...row, detail: { ...counts, jobId: id } },
  ]);
});

test("an attempt that died after a batch was moved and before it was counted moves and counts nothing twice", async () => {
  await quarantine("05", many, 0);
  const id = await ask();
  const before = await stored();
  // As the attempt that died left it.
  const { until, waiting } = await measureQuarantine(audit);
  const batch = await listWaiting(audit, { after: null, until, limit: 500 });
  const moved = await replayQuarantine(
    audit,
    batch.map((place) => place.id),
  );
  const half = moved.filter(({ outcome }) => outcome === "stored").length;
  expect(half).toBe(497);
  const checkpoint = {
    until,
    total: waiting,
    counts: { stored: 0, duplicate: 0, conflict: 0, waiting: 0 },
    after: batch.at(-1),
    batch: batch.map((place) => place.id),
  };
  await administration.sql`update job set checkpoint = ${administration.sql.json(checkpoint as never)} where id = ${id}`;
  work();
  await done(id);
  expect((await job(id))?.result).toEqual({ stored: many, duplicate: 0, conflict: 0, waiting: 3 });
  expect(await stored()).toEqual({ n: (before?.n as number) + many, ids: (before?.ids as number) + many });
});

test("only those that were named", async () => {
  await quarantine("07", 3, 0);
  const rows = await database.sql`
    select id from audit_quarantine where resolved_at is null and occurred_at > '2003-07-01' order by id`;
  const ids = rows.slice(0, 2).map((row) => row.id as string);
  const id = await ask({ ids });
  work();
  await done(id);
  expect((await job(id))?.result).toMatchObject({ stored: 2, waiting: 0 });
});
