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
}

/** Whether WAL leaves this server for an archive, and how the last attempt went (pg_stat_archiver). */
export async function getArchiver(audit: AuditDb): Promise<Observed<Archiver>> {
  return audit.read({
    name: "replication.archiver",
    ttlMs: 5_000,
    source: "pg_stat_archiver",
    run: async (sql) => {
      const [row] = await sql<Archiver[]>`
        select current_setting('archive_mode') as mode, archived_count::float8 as archived,
               failed_count::float8 as failed, last_archived_wal as "lastArchivedWal",
               last_archived_time as "lastArchivedAt", last_failed_wal as "lastFailedWal",
               last_failed_time as "lastFailedAt",
               coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing
        from pg_stat_archiver`;
      return row as Archiver;
    },
  });
}
