import type { Sql } from "postgres";
import { readPart, readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface Archiver {
  /** off: WAL is not archived at all. */
  mode: "off" | "on" | "always";
  archived: number;
  failed: number;
  lastArchivedWal: string | null;
  lastArchivedAt: Date | null;
  lastFailedWal: string | null;
  lastFailedAt: Date | null;
  /** The newest attempt failed. */
  failing: boolean;
  /** Segments that wait to be archived; null when archiving is off or without pg_monitor. */
  waiting: number | null;
  segmentBytes: number;
  since: Date | null;
}

/** Whether WAL leaves this server for an archive, how the last attempt went and what waits (pg_stat_archiver). */
export async function getArchiver(audit: AuditDb): Promise<Observed<Archiver>> {
  const observed = await readParts(audit, {
    name: "replication.archiver",
    ttlMs: 5_000,
    source: "pg_stat_archiver",
    run: async (sql, _server, missing) => {
      const [row] = await sql<(Omit<Archiver, "waiting"> & { mayCount: boolean })[]>`
        select current_setting('archive_mode') as mode, archived_count::float8 as archived,
               failed_count::float8 as failed, last_archived_wal as "lastArchivedWal",
               last_archived_time as "lastArchivedAt", last_failed_wal as "lastFailedWal",
               last_failed_time as "lastFailedAt", stats_reset as since,
               coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing,
               pg_size_bytes(current_setting('wal_segment_size'))::float8 as "segmentBytes",
               has_function_privilege('pg_ls_archive_statusdir()', 'execute') as "mayCount"
        from pg_stat_archiver`;
      const { mayCount, ...archiver } = row as NonNullable<typeof row>;
      const counts = archiver.mode !== "off" && mayCount;
      const waiting = counts
        ? await readPart(missing, "The number of segments that wait to be archived", () => countWaiting(sql))
        : null;
      return { ...archiver, waiting };
    },
  });
  return { ...observed, ...(observed.data.since && { countsSince: observed.data.since }) };
}

async function countWaiting(sql: Sql): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`
    select count(*)::int as waiting from pg_ls_archive_statusdir() where name like '%.ready'`;
  return row?.waiting ?? 0;
}
