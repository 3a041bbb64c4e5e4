import postgres, { type Sql } from "postgres";
import { AppError } from "../errors.ts";

const timeoutSeconds = 3;

/** What a PgBouncer holds and who waits for it, all its pools added up but its own console. */
export interface PoolerFigures {
  /** Clients that have a server connection now. */
  clientsActive: number;
  /** Clients that sent a query and wait for a server connection. */
  clientsWaiting: number;
  /** How long the first of them has waited; 0 when nobody waits. */
  maxWaitSeconds: number;
  serversActive: number;
  /** Free server connections, ready to be lent. */
  serversIdle: number;
  /** Server connections that its pools may open, added up over the databases it knows; null when without limit. */
  serversMax: number | null;
}

type Row = Record<string, string | null>;

/**
 * Asks PgBouncer's admin console once (SHOW POOLS, SHOW DATABASES), on a connection of its own that ends with it.
 * @throws AppError UNAVAILABLE when it does not answer within 3 s or turns our user away
 */
export async function readPooler(url: string): Promise<PoolerFigures> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: timeoutSeconds,
    fetch_types: false,
    prepare: false,
    onnotice: () => undefined,
    connection: { application_name: "audit-db-dashboard" },
  });
  const late = setTimeout(() => void sql.end({ timeout: 0 }), timeoutSeconds * 1_000);
  try {
    // The console has no types and no parameters: only the simple protocol, and text.
    const pools = (await show(sql, "SHOW POOLS")).filter((row) => row.database !== "pgbouncer");
    const databases = (await show(sql, "SHOW DATABASES")).filter((row) => row.name !== "pgbouncer");
    const sum = (column: string) => pools.reduce((total, row) => total + Number(row[column] ?? 0), 0);
    const sizes = databases.map((row) => Number(row.pool_size ?? 0));
    return {
      clientsActive: sum("cl_active"),
      clientsWaiting: sum("cl_waiting"),
      maxWaitSeconds: Math.max(
        0,
        ...pools.map((row) => Number(row.maxwait ?? 0) + Number(row.maxwait_us ?? 0) / 1e6),
      ),
      serversActive: sum("sv_active"),
      serversIdle: sum("sv_idle") + sum("sv_used"),
      serversMax: sizes.some((size) => size > 0) ? sizes.reduce((total, size) => total + size, 0) : null,
    };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("UNAVAILABLE", `The pooler's admin console does not answer: ${reason}`, {
      cause: thrown,
    });
  } finally {
    clearTimeout(late);
    await sql.end({ timeout: 1 });
  }
}

function show(sql: Sql, what: string): Promise<Row[]> {
  return sql.unsafe<Row[]>(what).simple();
}
