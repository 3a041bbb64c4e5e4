import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { Unavailable } from "../result.ts";

/** pg_stat_io came with PostgreSQL 16. */
export function explainNoIoView(server: ServerFacts): Unavailable | null {
  if (server.versionNum >= 160_000) return null;
  return {
    code: "unsupported",
    reason: `pg_stat_io exists from PostgreSQL 16; this server is ${server.version}.`,
  };
}

/** Bytes per kind of operation: PostgreSQL 18 counts them itself, 16 and 17 say how large each operation is. */
export function ioBytes(sql: Sql, server: ServerFacts) {
  return server.versionNum >= 180_000
    ? { read: sql`read_bytes`, write: sql`write_bytes`, extend: sql`extend_bytes` }
    : { read: sql`reads * op_bytes`, write: sql`writes * op_bytes`, extend: sql`extends * op_bytes` };
}

/** Everything a line of pg_stat_io counts, added up; what its kind of process never does is null there. */
export function ioOperations(sql: Sql) {
  return sql`coalesce(reads, 0) + coalesce(writes, 0) + coalesce(hits, 0) + coalesce(extends, 0) + coalesce(fsyncs, 0)`;
}

/** Why times of reads and writes are missing. */
export function explainNoIoTiming(): Unavailable {
  return {
    code: "not_configured",
    reason: "track_io_timing is off, so the server does not measure how long reads and writes take.",
    enable: "ALTER SYSTEM SET track_io_timing = on;\nSELECT pg_reload_conf();",
  };
}
