import { sql } from "drizzle-orm";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb, Queryable, Tx } from "../db/console-db.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { destructionEvents, tellUntold } from "./erasure/tell-destroyed.ts";
import { withdrawErasures } from "./erasure/withdraw-erasures.ts";
import { moveRequest } from "./move-request.ts";
import { lockRequest, type RequestRow, updateRequest } from "./read-request.ts";
import type { RequestJob } from "./request-job.ts";
import { type RequestWork, workOf } from "./work-of.ts";

/** What goes on by itself. */
export interface KeptRequests extends RequestWork {
  /** Signs certificates and their supplements. */
  certify: RequestJob;
}

/** How many of each went on in a round. */
export interface RequestsGoneOn {
  failed: number;
  resumed: number;
  told: number;
  redacting: number;
  certifying: number;
}

const most = 100;
const actor = systemActor("requests");

/**
 * One round of what requests do without anybody: a job that gave up is an error of its request; what a hold kept back goes
 * on once it ended; what became free later is redacted, told and certified. For one process at a time; repeating it is
 * harmless.
 */
export async function carryOnRequests(
  { db }: ConsoleDb,
  kept: KeptRequests,
  now = new Date(),
): Promise<RequestsGoneOn> {
  const failures: unknown[] = [];
  /** One that cannot be moved on keeps no other back. Each is looked at again once nobody else can change it. */
  const each = async (
    list: (db: Queryable, id?: string) => Promise<string[]>,
    move: (tx: Tx, row: RequestRow) => Promise<unknown>,
  ) => {
    let moved = 0;
    for (const id of await list(db))
      await db
        .transaction(async (tx) => {
          const row = await lockRequest(tx, id);
          if ((await list(tx, id)).length === 0) return;
          await move(tx, row);
          moved++;
        })
        .catch((thrown) => failures.push(thrown));
    return moved;
  };
  const failed = await each(listFailed, (tx, row) => fail(tx, row, now));
  const resumed = await each(listReleased, async (tx, row) => {
    const job = workOf(kept, row, row.resumesAt);
    const { id: jobId } = await enqueueJob({ tx, actor, now }, job, { request: row.id });
    await moveRequest(tx, row, "resume", { actor: null, now, set: { jobId, problem: null } });
  });
  const told = await db.transaction((tx) => tellUntold(tx, now));
  const redacting = await each(
    (of, id) => listRedactable(of, now, id),
    async (tx, row) => {
      await enqueueJob({ tx, actor, now }, kept.execute.erasure, { request: row.id });
      await updateRequest(tx, row, { clearDueAt: new Date(now.getTime() + 3_600_000) });
    },
  );
  await db.transaction((tx) => withdrawErasures(tx));
  await keepPersonal(db, now);
  const certifying = await each(
    (of, id) => listUncertified(of, { job: kept.certify.name, now, id }),
    (tx, { id: request }) => enqueueJob({ tx, actor, now }, kept.certify, { request }),
  );
  if (failures.length > 0) throw failures[0];
  return { failed, resumed, told, redacting, certifying };
}

/** All of them, or that one where it is still among them. */
const among = (id: string | undefined) => (id === undefined ? sql`` : sql`and request.id = ${id}`);
const idsOf = (rows: Iterable<{ id: string }>) => [...rows].map(({ id }) => id);

/** Whose job gave up, was cancelled or is gone. */
async function listFailed(db: Queryable, id?: string): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where state in ('scoping', 'executing', 'verifying') and job_id is not null and not exists (
        select from job where job.id = request.job_id and job.state in ('waiting', 'running', 'done'))
        ${among(id)}
      limit ${most}`),
  );
}

async function fail(tx: Tx, row: RequestRow, now: Date): Promise<void> {
  const [job] = await tx.execute<{ state: string; code: string | null }>(sql`
    select state, error ->> 'code' as code from job where id = ${row.jobId}`);
  const code = job?.code ?? (job?.state === "cancelled" ? "CANCELLED" : "LOST");
  const problem = `${code}: see job ${row.jobId}.`;
  await moveRequest(tx, row, "fail", { actor: null, now, facts: { code, job: row.jobId }, set: { problem } });
}

/** Of which something is not held any more: erasures themselves are begun anew when their holds end. */
async function listReleased(db: Queryable, id?: string): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where state = 'blocked_by_hold' and exists (
        select from privacy_request_erasure as link join erasure on erasure.id = link.erasure_id
        where link.request_id = request.id and erasure.state in ('kept', 'destroyed'))
        ${among(id)}
      limit ${most}`),
  );
}

/** Carried out, with clear fields that floors or holds kept until now. */
async function listRedactable(db: Queryable, now: Date, id?: string): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where clear_due_at <= ${now.toISOString()}::timestamptz and state in ('verifying', 'responding', 'closed')
        ${among(id)}
      limit ${most}`),
  );
}

/** What a request says of the person is kept until the last of what it was granted is destroyed, and redacted. */
async function keepPersonal(db: Queryable, now: Date): Promise<void> {
  await db.execute(sql`
    update privacy_request as request
    set personal_until = greatest(request.personal_until, open.until)
    from (
      select id, max(greatest(at, ${now.toISOString()}::timestamptz)) + interval '1 day' as until
      from (
        select link.request_id as id, erasure.due_at as at
        from privacy_request_erasure as link join erasure on erasure.id = link.erasure_id
        where erasure.state <> 'destroyed'
        union all select id, clear_due_at from privacy_request where clear_due_at is not null
      ) waiting group by id
    ) open
    where open.id = request.id and request.personal_until < open.until`);
}

/** Closed, with something that no certificate tells; and no job at it, or one that failed a while ago. */
async function listUncertified(
  db: Queryable,
  { job, now, id }: { job: string; now: Date; id: string | undefined },
): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where state = 'closed'
        and (
          not exists (select from privacy_request_certificate where request_id = request.id)
          or (select count(*) from privacy_request_event as event
              where event.request_id = request.id and ${destructionEvents})
             > (select max(told) from privacy_request_certificate where request_id = request.id)
        )
        and not exists (
          select from job
          where name = ${job} and input ->> 'request' = request.id::text
            and (job.state in ('waiting', 'running')
              or (job.state = 'failed' and finished_at > ${now.toISOString()}::timestamptz - interval '10 minutes')))
        ${among(id)}
      order by closed_at limit ${most}`),
  );
}
