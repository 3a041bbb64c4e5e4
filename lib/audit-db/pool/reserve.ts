import type { Sql } from "postgres";
import type { Address } from "../../address/types.ts";
import { AppError } from "../../errors.ts";
import type { Purpose } from "../purpose.ts";
import { checkSession } from "./check-session.ts";
import { type Connection, createConnection } from "./connection.ts";
import { isConnectionError, isPooler, toStatementError } from "./driver-error.ts";
import { tagStatements } from "./tag.ts";
import type { PoolLimits } from "./types.ts";

/** A session on the server, told from a later one that was given the same pid. */
export interface BackendIdentity {
  pid: number;
  /** pg_stat_activity.backend_start, to the millisecond. */
  start: Date;
}

export interface ReservedSession {
  /** One connection, its statements tagged. Fails for good once the session has ended. */
  sql: Sql;
  backend: BackendIdentity;
  /** Aborts when the session ends or the caller's own signal does: what it held is gone then. */
  signal: AbortSignal;
  /** Asks the server to stop the statement that runs; the session goes on. Never throws. */
  cancel(): void;
}

export interface ReserveOptions {
  /** `topic.verb`, tags its statements. */
  name: string;
  /** Shown in pg_stat_activity, at most 63 bytes: who holds what this session holds. */
  applicationName: string;
  /** Of each statement, in milliseconds; 0 for none. */
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Lends one session of its own, straight to the server, and ends it after `run`. The driver would open a lost one anew
 * without a word, and what the first had locked would be free: here a lost session stays lost.
 * @throws AppError UNSUPPORTED through a pooler, UNAVAILABLE when it was lost; a driver error for one that could not be
 *   opened (`isConnectionError`); what `run` threw
 */
export async function reserve<T>(
  server: { address: Address; purpose: Purpose; limits: PoolLimits },
  options: ReserveOptions,
  run: (session: ReservedSession) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const gone = new AbortController();
  let ending = false;
  let opened = false;
  const connection = createConnection({
    ...server,
    limits: {
      ...server.limits,
      statementTimeoutMs: options.statementTimeoutMs,
      lockTimeoutMs: options.lockTimeoutMs,
    },
    applicationName: options.applicationName,
    throughPooler: false,
    reserved: true,
    onClose: () => {
      if (ending || !opened || gone.signal.aborted) return;
      gone.abort(new AppError("UNAVAILABLE", `The session of ${options.name} was lost.`));
      connection.broken = true;
      void connection.end().catch(() => {});
    },
  });
  const giveUp = () => {
    connection.cancel();
    gone.abort(options.signal?.reason);
  };
  options.signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const backend = await openDirectly(connection, server.purpose, options.name);
    opened = true;
    const sql = tagStatements(connection.sql, options.name);
    const answer = await run({ sql, backend, signal: gone.signal, cancel: () => connection.cancel() });
    gone.signal.throwIfAborted();
    return answer;
  } catch (thrown) {
    gone.signal.throwIfAborted();
    if (isPooler(thrown)) throw throughPooler();
    throw isConnectionError(thrown) ? thrown : toStatementError(thrown, options.name);
  } finally {
    ending = true;
    options.signal?.removeEventListener("abort", giveUp);
    await connection.end().catch(() => {});
  }
}

/** Through a pooler, the process that the protocol names is the pooler's invention, in whatever mode it pools. */
async function openDirectly(
  connection: Connection,
  purpose: Purpose,
  name: string,
): Promise<BackendIdentity> {
  const sql = tagStatements(connection.sql, name);
  connection.backend = await checkSession(sql, purpose);
  connection.open = true;
  const [own] = await sql<{ pid: number; start: Date }[]>`
    select pid, date_trunc('milliseconds', backend_start) as start
    from pg_stat_activity where pid = pg_backend_pid()`;
  if (!own || own.pid !== connection.backend.pid) throw throughPooler();
  await noticeLostClient(sql);
  return own;
}

/** So that a statement of hours ends within seconds of our process, and its locks with it. Not every system can. */
async function noticeLostClient(sql: Sql): Promise<void> {
  await sql`select set_config('client_connection_check_interval', '2s', false)`.catch((thrown: unknown) => {
    if ((thrown as { code?: string }).code !== "22023") throw thrown;
  });
}

function throughPooler(): AppError {
  return new AppError(
    "UNSUPPORTED",
    "A pooler stands between the console and the server; this needs a session of its own.",
    {
      hint: "Let AUDIT_MAINTENANCE_URL lead straight to PostgreSQL (its own port, usually 5432), not to the pooler.",
    },
  );
}
