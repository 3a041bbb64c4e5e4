import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface ChecksumFailures {
  database: string;
  count: number;
  last: Date | null;
}

/**
 * Databases of this server where pages failed their checksum since counting began, from pg_stat_database. The
 * counters are null, and nothing is answered, where the cluster was made without checksums.
 */
export function getChecksumFailures(audit: AuditDb): Promise<Observed<ChecksumFailures[]>> {
  return audit.read({
    name: "caches.checksums",
    ttlMs: 10_000,
    source: "pg_stat_database",
    run: async (sql) => {
      const rows = await sql<ChecksumFailures[]>`
        select coalesce(datname::text, 'the shared catalogues') as database,
               checksum_failures::float8 as count, checksum_last_failure as last
        from pg_stat_database where checksum_failures > 0 order by checksum_failures desc limit 50`;
      return [...rows];
    },
  });
}
