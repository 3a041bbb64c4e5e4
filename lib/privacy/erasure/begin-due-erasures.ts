import { systemActor } from "../../auth/actor.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { eraseJob, erasuresMost } from "./erase-job.ts";

/**
 * Begins jobs for erasures that may go on: whose day has come, whose holds have ended, and what a job that failed left. Those
 * that wait are looked at anew each day, since a law may change its floors; what holds keep back each hour. For one process
 * at a time. @returns how many erasures
 */
export async function beginDueErasures({ sql, db }: ConsoleDb, now = new Date()): Promise<number> {
  const due = await sql<{ target: string; ids: string[] }[]>`
    select target, (array_agg(id order by id))[:${erasuresMost}]::text[] as ids
    from erasure
    where state <> 'destroyed'
      and (
        state in ('asked', 'marked')
        or looked_at < ${now}::timestamptz - interval '1 day'
        or (state = 'kept' and due_at <= ${now}::timestamptz)
        or (state = 'held' and (looked_at < ${now}::timestamptz - interval '1 hour' or not exists (
          select from jsonb_array_elements_text(held_by) as holder
          where holder = 'quarantine'
            or (holder = 'restriction' and exists (
              select from vault.subject_key key join vault.subject on subject.id = key.subject
              where key.token = erasure.token and restricted_at is not null))
            or exists (select from legal_hold where legal_hold.id::text = holder and legal_hold.state <> 'released')
        )))
      )
      -- One that failed five times over is begun again when its cause may be gone.
      and not exists (
        select from job
        where (id = erasure.job_id or (name = ${eraseJob.name} and input -> 'erasures' ? erasure.id::text))
          and (job.state in ('waiting', 'running')
            or (job.state = 'failed' and finished_at > ${now}::timestamptz - interval '10 minutes')))
    group by target`;
  const actor = systemActor("erasures");
  for (const { target, ids } of due)
    await db.transaction((tx) => enqueueJob({ tx, actor, now }, eraseJob, { target, erasures: ids }));
  return due.reduce((sum, { ids }) => sum + ids.length, 0);
}
