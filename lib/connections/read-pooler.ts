import type { Sql } from "postgres";
import { openPlainClient } from "../audit-db/pool/open-client.ts";
import { AppError } from "../errors.ts";

const timeoutSeconds = 3;

/** One of PgBouncer's pools: it has one for each pair of user and database, and each may fill up by itself. */
export interface PoolerPool {
  database: string;
  user: string;
  /** Clients that have a server connection now. */
  clientsActive: number;
  /** Clients that sent a query and wait for a server connection. */
  clientsWaiting: number;
  /** How long the first of them has waited; 0 when nobody waits. */
  maxWaitSeconds: number;
  serversActive: number;
  /** Free server connections, ready to be lent. */
  serversIdle: number;
  /** Server connections that it may open, reserve included; null when without limit. */
  serversMax: number | null;
  /** PAUSE stopped its database: clients wait until RESUME. */
  paused: boolean;
}

/** What a PgBouncer holds and who waits for it, all its pools added up but its own console. */
export interface PoolerFigures extends Omit<PoolerPool, "database" | "user" | "paused"> {
  pools: PoolerPool[];
}

type Row = Record<string, string | null>;

/**
 * Asks PgBouncer's admin console once (SHOW POOLS, SHOW DATABASES), on a connection of its own that ends with it.
 * @throws AppError UNAVAILABLE when it does not answer within 3 s or turns our user away
 */
export async function readPooler(url: string): Promise<PoolerFigures> {
  const sql = openPlainClient(url, {
    max: 1,
    connect_timeout: timeoutSeconds,
    fetch_types: false,
    prepare: false,
    connection: { application_name: "audit-db-dashboard" },
  });
  const late = setTimeout(() => void sql.end({ timeout: 0 }), timeoutSeconds * 1_000);
  try {
    // The console has no types and no parameters: only the simple protocol, and text.
    return tellPools(
      await show(sql, "SHOW POOLS"),
      await show(sql, "SHOW DATABASES"),
      await show(sql, "SHOW USERS"),
    );
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("UNAVAILABLE", `PgBouncer's admin console could not be asked: ${reason}`, {
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

/**
 * Figures of each pool and of all together. Of the size a user's own setting comes before the database's; a limit of the
 * database holds for its pools together.
 */
export function tellPools(
  poolRows: readonly Row[],
  databases: readonly Row[],
  users: readonly Row[],
): PoolerFigures {
  const number = (row: Row | undefined, column: string) => Number(row?.[column] ?? 0);
  const pools = poolRows
    .filter((row) => row.database !== "pgbouncer")
    .map((row): PoolerPool => {
      const database = databases.find(({ name }) => name === row.database);
      const user = users.find(({ name }) => name === row.user);
      const size = number(user, "pool_size") || number(database, "pool_size");
      const reserve = number(database, "reserve_pool") || number(database, "reserve_pool_size");
      return {
        database: row.database ?? "",
        user: row.user ?? "",
        clientsActive: number(row, "cl_active"),
        clientsWaiting: number(row, "cl_waiting"),
        maxWaitSeconds: number(row, "maxwait") + number(row, "maxwait_us") / 1e6,
        serversActive: number(row, "sv_active"),
        serversIdle: number(row, "sv_idle") + number(row, "sv_used"),
        serversMax: size > 0 ? size + reserve : null,
        paused: number(database, "paused") > 0,
      };
    });
  const sum = (figure: (pool: PoolerPool) => number) =>
    pools.reduce((total, pool) => total + figure(pool), 0);
  return {
    pools,
    clientsActive: sum((pool) => pool.clientsActive),
    clientsWaiting: sum((pool) => pool.clientsWaiting),
    maxWaitSeconds: Math.max(0, ...pools.map((pool) => pool.maxWaitSeconds)),
    serversActive: sum((pool) => pool.serversActive),
    serversIdle: sum((pool) => pool.serversIdle),
    serversMax: addUpLimits(pools, (name) => {
      const limit = number(
        databases.find((database) => database.name === name),
        "max_connections",
      );
      return limit > 0 ? limit : Number.POSITIVE_INFINITY;
    }),
  };
}

function addUpLimits(pools: readonly PoolerPool[], limitOf: (database: string) => number): number | null {
  const names = [...new Set(pools.map(({ database }) => database))];
  const total = names.reduce((sum, name) => {
    const sizes = pools.filter(({ database }) => database === name);
    const together = sizes.reduce(
      (size, { serversMax }) => size + (serversMax ?? Number.POSITIVE_INFINITY),
      0,
    );
    return sum + Math.min(together, limitOf(name));
  }, 0);
  return names.length > 0 && Number.isFinite(total) ? total : null;
}
