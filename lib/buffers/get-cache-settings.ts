import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import type { CacheSettings } from "./types.ts";

/** The server's memory settings in bytes, from pg_settings (as they hold for our role). */
export function getCacheSettings(audit: AuditDb): Promise<Observed<CacheSettings>> {
  return audit.read({
    name: "caches.settings",
    ttlMs: 10_000,
    source: "pg_settings",
    run: async (sql) => {
      const [row] = await sql<CacheSettings[]>`
        select pg_size_bytes(current_setting('shared_buffers'))::float8 as "sharedBuffersBytes",
               pg_size_bytes(current_setting('effective_cache_size'))::float8 as "effectiveCacheSizeBytes",
               pg_size_bytes(current_setting('work_mem'))::float8 as "workMemBytes",
               pg_size_bytes(current_setting('temp_buffers'))::float8 as "tempBuffersBytes",
               pg_size_bytes(current_setting('wal_buffers'))::float8 as "walBuffersBytes",
               current_setting('track_io_timing')::bool as "trackIoTiming"`;
      if (!row) throw new Error("pg_settings answered no row");
      return row;
    },
  });
}
