import { setTimeout as pause } from "node:timers/promises";
import type { ConsoleDb } from "../db/console-db.ts";
import type { Took } from "../partition-plan/estimates/took.ts";
import { workJobs } from "./get-work.ts";

const [jobsLooked, stepsLooked] = [20, 2_000];
/** A plan is worth more than its estimate. */
const longestMs = 1_000;

/**
 * What steps of plans took on this target in the last ninety days: of the newest 20 jobs that have ended. None where the
 * console's database does not answer within a second: plans are made without it.
 */
export async function readTook({ sql }: Pick<ConsoleDb, "sql">, target: string): Promise<Took[]> {
  const asked = sql<{ took: Took }[]>`
    select took from (
      select case when result ? 'outcomes' then result else checkpoint end as kept from job
      where name in (select json_array_elements_text(${JSON.stringify(workJobs)}::text::json)) and target = ${target}
        and state in ('done', 'failed') and finished_at > now() - interval '90 days'
      order by finished_at desc limit ${jobsLooked}
    ) as ended, jsonb_path_query(kept, '$.**.took') as took limit ${stepsLooked}`.then((rows) =>
    rows.map(({ took }) => took),
  );
  const over = new AbortController();
  const late = pause(longestMs, [] as Took[], { signal: over.signal });
  const none = (): Took[] => [];
  try {
    return await Promise.race([asked.catch(none), late.catch(none)]);
  } finally {
    over.abort();
  }
}
