import { z } from "zod";
import { byteCount, postgresUrl, timeZone } from "./values.ts";

/** The audit databases, and the roles the console holds on them. */
export const targetVariables = {
  AUDIT_DATABASE_URL: postgresUrl
    .optional()
    .describe(
      "The audit database to watch, as any address psql takes (`docs/connections.md`). A role with `pg_monitor` is enough. Must be a direct connection, not a transaction pooler.",
    ),
  AUDIT_REPLICA_URLS: z
    .string()
    .optional()
    .describe(
      "Read replicas of it, separated by commas; each URL's role watches there (`pg_monitor`). Every one is probed, may answer reads that allow a replica, and is written to once it was promoted, with the roles below. `AUDIT_DATABASE_URL` may also name several hosts, `postgres://…@h1:5432,h2:5432/audit`.",
    ),
  AUDIT_POOLER_URL: postgresUrl
    .optional()
    .describe(
      "PgBouncer's admin console (database `pgbouncer`), to show the pooler lane and who waits in which of its pools. Its user must stand in PgBouncer's `stats_users`.",
    ),
  AUDIT_READER_URL: postgresUrl
    .optional()
    .describe(
      "A role with `audit_reader`: searches and exports events. Unset: the watching role, when it may read `audit_log`.",
    ),
  AUDIT_WRITER_URL: postgresUrl
    .optional()
    .describe("A role with `audit_writer`: lets the console append events, its own activity among them."),
  AUDIT_MAINTENANCE_URL: postgresUrl
    .optional()
    .describe("A role with `audit_maintainer`: lets a person change partitions."),
  AUDIT_PRIVACY_URL: postgresUrl
    .optional()
    .describe("A role with `audit_privacy`: lets erasure jobs null ciphertext."),
  AUDIT_EXPLAIN_URL: postgresUrl
    .optional()
    .describe(
      "A role with SELECT on the tables and no other right, not even `pg_monitor` (`docs/permissions.md`): lets operators ask for plans of recorded statements. Unset: no plans.",
    ),
  AUDIT_DISK_CAPACITY_BYTES: byteCount
    .optional()
    .describe(
      "Size of the file system that holds the audit database's data directory, in bytes (`df -B1`). PostgreSQL cannot be asked for it; with it the console says how full the disk is and when it will be full. Change it when the disk grows.",
    ),
  AUDIT_TIME_ZONE: timeZone
    .optional()
    .describe(
      "The time zone in which its users live, e.g. `Europe/Berlin`: how long it may be silent at night is learned by their hour, which a change to summer time moves. Unset: UTC.",
    ),
  AUDIT_DATABASES: z
    .string()
    .optional()
    .describe(
      'Several targets as JSON: name → the keys above in lower case without `AUDIT_`, e.g. `{"eu":{"database_url":"postgres://…"}}`.',
    ),
};
