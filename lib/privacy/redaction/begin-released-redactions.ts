import type { ConsoleDb } from "../../db/console-db.ts";
import { beginNow } from "../../jobs/begin-now.ts";
import { redactJob } from "./redact-job.ts";

/**
 * Lets redactions go on whose holds have ended, and the restrictions of those whom their events concern. For one process
 * at a time. @returns how many
 */
export async function beginReleasedRedactions({ sql, db }: ConsoleDb, now = new Date()): Promise<number> {
  const released = await sql<{ id: string }[]>`
    select id::text from job
    where name = ${redactJob.name} and state = 'waiting' and run_after > ${now}::timestamptz
      and jsonb_typeof(checkpoint -> 'heldBy') = 'array'
      and not exists (
        select from jsonb_array_elements_text(checkpoint -> 'heldBy') as holder
        where exists (select from legal_hold where legal_hold.id::text = holder and legal_hold.state <> 'released')
           or (holder = 'restriction' and exists (
             select from jsonb_array_elements_text(checkpoint -> 'tokens') as one
             join vault.subject_key key on key.token = one join vault.subject on subject.id = key.subject
             where restricted_at is not null)))
    order by id limit 200`;
  let begun = 0;
  for (const { id } of released) if (await db.transaction((tx) => beginNow(tx, id, now))) begun++;
  return begun;
}
