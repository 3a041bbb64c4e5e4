import { readPart, readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";

export interface Checkpoint {
  at: Date;
  ageSeconds: number;
  timeoutSeconds: number;
  /** Null on a standby, and where the server does not tell its place in the WAL. */
  walBytes: number | null;
}

/** The newest checkpoint, how old it is and how much was written since. */
export function getCheckpoint(audit: AuditDb) {
  return readParts<Checkpoint>(audit, {
    name: "buffers.checkpointAge",
    ttlMs: 120_000,
    source: "pg_control_checkpoint()",
    run: async (sql, _server, missing) => {
      const [row] = await sql<(Omit<Checkpoint, "walBytes"> & { isStandby: boolean })[]>`
        select checkpoint_time as at, extract(epoch from clock_timestamp() - checkpoint_time)::float8 as "ageSeconds",
               (select setting::float8 from pg_settings where name = 'checkpoint_timeout') as "timeoutSeconds",
               pg_is_in_recovery() as "isStandby"
        from pg_control_checkpoint()`;
      if (!row) throw new Error("pg_control_checkpoint() answered nothing");
      const { isStandby, ...checkpoint } = row;
      const written = isStandby
        ? null
        : await readPart(
            missing,
            "WAL written since the last checkpoint",
            () => sql<{ bytes: number }[]>`
              select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes
              from pg_control_checkpoint()`,
          );
      return { ...checkpoint, walBytes: written?.[0]?.bytes ?? null };
    },
  });
}
