import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";

export interface ChecksumFailures {
  database: string;
  /** Pages that failed since counting began. */
  count: number;
  last: Date | null;
}

/** More databases than a person looks through. */
const maxDatabases = 500;

/**
 * Pages that failed their checksum since counting began, for each database of this server, from pg_stat_database.
 * Nothing, with what would change it, where the cluster was made without checksums: its counters are null.
 */
export async function getChecksumFailures(audit: AuditDb): Promise<Observed<ChecksumFailures[]>> {
  const observed = await audit.read({
    name: "caches.checksums",
    ttlMs: 10_000,
    source: "pg_stat_database",
    run: async (sql) => {
      const rows = await sql<ChecksumFailures[]>`
        select coalesce(datname::text, 'the shared catalogues') as database,
               checksum_failures::float8 as count, checksum_last_failure as last
        from pg_stat_database where checksum_failures is not null
        order by checksum_failures desc, datname limit ${maxDatabases}`;
      return [...rows];
    },
  });
  if (observed.data.length > 0) return observed;
  const reason = "data_checksums is off, so the server does not notice damaged pages.";
  const enable = "pg_checksums --enable -D $PGDATA  -- with the server stopped";
  return { ...observed, unavailable: { code: "not_configured", reason, enable } };
}
