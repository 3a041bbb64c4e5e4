import { sql } from "drizzle-orm";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { destructionEvents, tellUntold } from "./erasure/tell-destroyed.ts";
import { withdrawErasures } from "./erasure/withdraw-erasures.ts";
import { type RequestWork, workOf } from "./executors.ts";
import { moveRequest } from "./move-request.ts";
import { type RequestRow, requireRequest, updateRequest } from "./read-request.ts";
import type { RequestJob } from "./request-job.ts";

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
  const each = async (found: readonly string[], move: (tx: Tx, row: RequestRow) => Promise<unknown>) => {
    for (const id of found)
      await db.transaction(async (tx) => {
        await tx.execute(sql`select from privacy_request where id = ${id} for update`);
        await move(tx, await requireRequest(tx, id));
      });
    return found.length;
  };
  const failed = await each(await listFailed(db), (tx, row) => fail(tx, row, now));
  const resumed = await each(await listReleased(db), async (tx, row) => {
    const job = workOf(kept, row, row.resumesAt);
    const { id: jobId } = await enqueueJob({ tx, actor, now }, job, { request: row.id });
    await moveRequest(tx, row, "resume", { actor: null, now, set: { jobId, problem: null } });
  });
  const told = await db.transaction((tx) => tellUntold(tx, now));
  const redacting = await each(await listRedactable(db, now), async (tx, row) => {
    await enqueueJob({ tx, actor, now }, kept.execute.erasure, { request: row.id });
    await updateRequest(tx, row, { clearDueAt: new Date(now.getTime() + 3_600_000) });
  });
  await db.transaction((tx) => withdrawErasures(tx));
  await keepPersonal(db, now);
  const certifying = await each(await listUncertified(db, kept.certify.name, now), (tx, { id: request }) =>
    enqueueJob({ tx, actor, now }, kept.certify, { request }),
  );
  return { failed, resumed, told, redacting, certifying };
}

type Db = ConsoleDb["db"];
const idsOf = (rows: Iterable<{ id: string }>) => [...rows].map(({ id }) => id);

/** Whose job gave up, was cancelled or is gone. */
async function listFailed(db: Db): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where state in ('scoping', 'executing', 'verifying') and job_id is not null and not exists (
        select from job where job.id = request.job_id and job.state in ('waiting', 'running', 'done'))
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
async function listReleased(db: Db): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request as request
      where state = 'blocked_by_hold' and exists (
        select from privacy_request_erasure as link join erasure on erasure.id = link.erasure_id
        where link.request_id = request.id and erasure.state in ('kept', 'destroyed'))
      limit ${most}`),
  );
}

/** Carried out, with clear fields that floors or holds kept until now. */
async function listRedactable(db: Db, now: Date): Promise<string[]> {
  return idsOf(
    await db.execute<{ id: string }>(sql`
      select id from privacy_request
      where clear_due_at <= ${now.toISOString()}::timestamptz and state in ('verifying', 'responding', 'closed')
      limit ${most}`),
  );
}

/** What a request says of the person is kept until the last of what it was granted is destroyed, and redacted. */
async function keepPersonal(db: Db, now: Date): Promise<void> {
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
async function listUncertified(db: Db, job: string, now: Date): Promise<string[]> {
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
      order by closed_at limit ${most}`),
  );
}
