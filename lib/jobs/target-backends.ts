import { sql } from "drizzle-orm";
import type { Sql } from "postgres";
import type { Purpose } from "../audit-db/purpose.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { AppError } from "../errors.ts";
import type { Claim } from "./claim.ts";

interface Backend {
  pid: number;
  /** As text: a date of JavaScript has no microseconds. */
  start: string;
}

/**
 * The server's process behind a session. Null behind a transaction pooler, whose next statement may run on another:
 * the process it speaks of is not the one that answers.
 */
async function findBackend(session: Sql): Promise<Backend | null> {
  const rows = await session<Backend[]>`
    select pid, backend_start::text as start
    from pg_catalog.pg_stat_activity where pid = pg_catalog.pg_backend_pid()`;
  const [backend] = rows;
  const { pid: spokenOf } = rows.state as unknown as { pid: number };
  return backend && backend.pid === spokenOf ? backend : null;
}

/**
 * Notes the session that works on the target for as long as `work` takes. The note is refused to whoever has lost the
 * claim, so that a frozen worker that wakes up begins nothing there any more.
 * @throws what `holder.lost` answers when the claim is lost
 */
export async function holdBackend<T>(
  holder: { console: ConsoleDb; claim: Claim; lost: () => Error },
  purpose: Purpose,
  session: Sql,
  work: () => Promise<T>,
): Promise<T> {
  const { console, claim, lost } = holder;
  const backend = await findBackend(session);
  if (!(await note(console, claim, purpose, backend))) throw lost();
  try {
    return await work();
  } finally {
    if (backend)
      await console.sql`
        delete from job_backend
        where job_id = ${claim.id} and attempt = ${claim.attempt} and pid = ${backend.pid}`.catch(() => {});
  }
}

/** @returns whether the claim is held */
async function note(
  console: ConsoleDb,
  claim: Claim,
  purpose: Purpose,
  backend: Backend | null,
): Promise<boolean> {
  const { id, attempt } = claim;
  // Whoever takes over changes the row and reads the notes after that: it waits for this one, or this finds no row.
  const held = console.sql`
    select id, attempt from job where id = ${id} and attempt = ${attempt} and state = 'running' for share`;
  const noted = backend
    ? await console.sql`
        with held as (${held})
        insert into job_backend (job_id, attempt, pid, backend_start, purpose)
        select id, attempt, ${backend.pid}, ${backend.start}::timestamptz, ${purpose} from held
        on conflict (job_id, attempt, pid) do update
          set backend_start = excluded.backend_start, purpose = excluded.purpose
        returning 1`
    : await held;
  return noted.length > 0;
}

/**
 * Ends what the lost claims of a job still have open on the target, with their locks: same role, same pid, same start,
 * so that nobody else's session is meant.
 * @throws AppError UNAVAILABLE when one cannot be ended: the work must not begin beside it
 */
export async function endLostBackends(console: ConsoleDb, claim: Claim, audit: AuditDb): Promise<void> {
  const lost = await console.db.execute<{ pid: number; start: string; purpose: Purpose }>(sql`
    select pid, backend_start::text as start, purpose from job_backend
    where job_id = ${claim.id} and attempt < ${claim.attempt}`);
  for (const { pid, start, purpose } of lost) {
    await audit.use(purpose, "jobs.end_lost_session", async (session) => {
      const found = await session<{ ended: boolean }[]>`
        select pg_catalog.pg_terminate_backend(pid, ${endWithinMs}) as ended
        from pg_catalog.pg_stat_activity where pid = ${pid} and backend_start = ${start}::timestamptz`;
      if (found[0]?.ended === false)
        throw new AppError("UNAVAILABLE", `The session ${pid} of a lost worker does not end.`);
    });
    await console.db.execute(sql`
      delete from job_backend where job_id = ${claim.id} and attempt < ${claim.attempt} and pid = ${pid}`);
  }
}

const endWithinMs = 5_000;
