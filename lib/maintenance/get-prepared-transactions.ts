import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { shownMs } from "./cadence.ts";

export interface PreparedTransaction {
  id: string;
  prepared: Date;
  owner: string;
  database: string;
}

/** Two-phase transactions of every database of the server that nobody has ended yet. 0.2 ms. */
export function getPreparedTransactions(
  audit: AuditDb,
  maxAgeMs = shownMs,
): Promise<Observed<PreparedTransaction[]>> {
  return audit.read({
    name: "maintenance.preparedTransactions",
    ttlMs: maxAgeMs,
    source: "pg_prepared_xacts",
    run: async (sql) => [
      ...(await sql<PreparedTransaction[]>`
        select gid as id, prepared, owner, database from pg_prepared_xacts order by prepared, gid`),
    ],
  });
}
