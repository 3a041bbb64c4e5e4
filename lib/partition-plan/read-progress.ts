import type { Sql } from "postgres";

export interface Progress {
  phase: string;
  done: number;
  total: number;
  unit: "blocks" | "tuples" | "sessions";
}

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
