import { readPart, readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface DatabaseSize {
  databaseBytes: number;
  /** Files in pg_wal; null without pg_monitor, or where the server refuses it. */
  walBytes: number | null;
}

/**
 * Size on disk of the connected database and of the server's WAL. Both list files (no locks), so the
 * answer is kept for a minute; asking for every database of the server would cost tens of times more.
 */
export function getDatabaseSize(audit: AuditDb): Promise<Observed<DatabaseSize>> {
  return readParts(audit, {
    name: "storage.databaseSize",
    ttlMs: 60_000,
    revalidateMs: 60_000,
    source: "pg_database_size(), pg_ls_waldir()",
    run: async (sql, _server, missing) => {
      const [row] = await sql<{ databaseBytes: number; walGranted: boolean }[]>`
        select pg_database_size(current_database())::float8 as "databaseBytes",
               has_function_privilege('pg_ls_waldir()', 'EXECUTE') as "walGranted"`;
      if (!row) throw new Error("pg_database_size() answered no row");
      if (!row.walGranted) return { databaseBytes: row.databaseBytes, walBytes: null };
      const wal = await readPart(
        missing,
        "The size of the WAL",
        () => sql<{ walBytes: number }[]>`
          select coalesce(sum(size), 0)::float8 as "walBytes" from pg_ls_waldir()`,
      );
      return { databaseBytes: row.databaseBytes, walBytes: wal?.[0]?.walBytes ?? null };
    },
  });
}
