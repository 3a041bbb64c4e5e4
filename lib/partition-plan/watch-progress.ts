import { setTimeout as pause } from "node:timers/promises";
import type { Sql } from "postgres";
import type { StepContext } from "./define-step.ts";

const everyMs = 1_000;

interface Progress {
  phase: string;
  done: number;
  total: number;
  unit: "blocks" | "tuples" | "sessions";
}

/** Tells how far a long statement of the session is, as another connection sees it, while it runs. */
export async function withProgress<T>(context: StepContext, run: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const told = tell(context, over.signal);
  try {
    return await run();
  } finally {
    over.abort();
    await told;
  }
}

/** A look that fails costs the figure, not the work. */
async function tell({ session, watch, progress, log }: StepContext, over: AbortSignal): Promise<void> {
  let phase = "";
  const look = () => watch((sql) => readProgress(sql, session.backend.pid)).catch(() => null);
  while (await waited(over)) {
    const seen = await look();
    if (!seen || over.aborted) continue;
    progress(seen.done, seen.total > 0 ? seen.total : null, seen.unit);
    if (seen.phase !== phase) log(`${seen.phase}.`);
    phase = seen.phase;
  }
}

const waited = (over: AbortSignal) => pause(everyMs, true, { signal: over }).catch(() => false);

/** What a session's VACUUM, ANALYZE or index build says of itself. Source: pg_stat_progress_* */
export async function readProgress(sql: Sql, pid: number): Promise<Progress | null> {
  const [seen] = await sql<Progress[]>`
    select phase, heap_blks_scanned::float8 as done, heap_blks_total::float8 as total, 'blocks' as unit
    from pg_stat_progress_vacuum where pid = ${pid}
    union all
    select phase, sample_blks_scanned::float8, sample_blks_total::float8, 'blocks'
    from pg_stat_progress_analyze where pid = ${pid}
    union all
    select phase,
           case when phase like 'waiting%' then lockers_done when blocks_total > 0 then blocks_done else tuples_done end::float8,
           case when phase like 'waiting%' then lockers_total when blocks_total > 0 then blocks_total else tuples_total end::float8,
           case when phase like 'waiting%' then 'sessions' when blocks_total > 0 then 'blocks' else 'tuples' end
    from pg_stat_progress_create_index where pid = ${pid}`;
  return seen ?? null;
}
