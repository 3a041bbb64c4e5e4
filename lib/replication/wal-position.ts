import type { Sql } from "postgres";
import { type Missing, readPart } from "../audit-db/read-parts.ts";

/**
 * Rows that compare positions with the server's own (`here.lsn` of the given fragment); where the server refuses to say
 * that one, as managed services do with WAL functions, the same rows without it.
 */
export async function readAtWalPosition<Row>(
  sql: Sql,
  missing: Missing,
  read: (here: ReturnType<Sql>) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const rows = await readPart(missing, "The server's position in the WAL", () =>
    read(sql`
      (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn)`),
  );
  return rows ?? (await read(sql`(select null::pg_lsn as lsn)`));
}
