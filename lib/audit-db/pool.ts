import { createHistogram } from "node:perf_hooks";
import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import { type Connection, createConnection } from "./connection.ts";
import { isConnectionError, toStatementError } from "./driver-error.ts";
import { tagStatements } from "./tag.ts";
import type { PoolLimits, PoolStats, Purpose } from "./types.ts";
import { createWaitQueue } from "./wait-queue.ts";

export interface UseOptions {
  signal?: AbortSignal;
  /** The longest this lease may last; then its connection is destroyed. Default: connect + statement timeout. */
  timeoutMs?: number;
}

export interface Pool {
  /**
   * Leases a connection for as long as `run` takes; its statements are tagged with `name`.
   * @throws AppError OVERLOADED, TIMEOUT; a driver error for a failed connection (`isConnectionError`); what `run` threw.
   */
  use<T>(name: string, run: (sql: Sql) => Promise<T>, options?: UseOptions): Promise<T>;
  stats(): PoolStats;
  close(): Promise<void>;
}

export interface PoolOptions {
  purpose: Purpose;
  url: string;
  limits: PoolLimits;
  applicationName: string;
}

/**
 * A fixed number of single-connection drivers behind a bounded queue of our own: postgres.js queues without
 * bound when its connections are busy, so it is never given a statement that would have to wait.
 */
export function createPool(options: PoolOptions): Pool {
  const { limits, purpose } = options;
  const idle: Connection[] = [];
  const leased = new Set<Connection>();
  const acquireMicros = createHistogram();
  const counters = { acquired: 0, released: 0, timedOut: 0, rejected: 0, failed: 0 };
  let connecting = 0;
  let closed = false;
  const queue = createWaitQueue({
    limit: limits.queueLimit,
    timeoutMs: limits.acquireTimeoutMs,
    onTimeout: () => counters.timedOut++,
    onReject: () => counters.rejected++,
  });

  async function acquire(signal?: AbortSignal): Promise<Connection> {
    const began = performance.now();
    while (leased.size >= limits.max) await queue.wait(signal);
    if (closed) throw new AppError("UNAVAILABLE", "The engine is closed.");
    const connection =
      idle.pop() ??
      createConnection({
        url: options.url,
        limits,
        applicationName: options.applicationName,
        readOnly: purpose === "watch" || purpose === "read",
        keepPlans: purpose === "write",
      });
    leased.add(connection);
    counters.acquired++;
    acquireMicros.record(Math.max(1, Math.round((performance.now() - began) * 1_000)));
    return connection;
  }

  function release(connection: Connection): void {
    leased.delete(connection);
    counters.released++;
    if (connection.broken || closed) void connection.end().catch(() => {});
    else idle.push(connection);
    queue.next();
  }

  /** The first statement opens the socket; doing it apart tells a failed connection from a failed statement. */
  async function open(connection: Connection): Promise<void> {
    if (connection.open) return;
    connecting++;
    try {
      await tagStatements(connection.sql, "engine.open")`select 1`;
      connection.open = true;
    } catch (thrown) {
      connection.broken = true;
      throw thrown;
    } finally {
      connecting--;
    }
  }

  return {
    async use(name, run, { signal, timeoutMs = limits.connectTimeoutMs + limits.statementTimeoutMs } = {}) {
      const connection = await acquire(signal);
      let timer: NodeJS.Timeout | undefined;
      const work = (async () => {
        await open(connection);
        return run(tagStatements(connection.sql, name));
      })();
      const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          connection.broken = true;
          reject(new AppError("TIMEOUT", `${name} had no answer within ${timeoutMs} ms.`));
        }, timeoutMs);
      });
      try {
        return await Promise.race([work, deadline]);
      } catch (thrown) {
        counters.failed++;
        if (isConnectionError(thrown)) connection.broken = true;
        throw toStatementError(thrown, name);
      } finally {
        clearTimeout(timer);
        work.catch(() => {});
        release(connection);
      }
    },
    stats() {
      const idleOpen = idle.filter((connection) => connection.open).length;
      const active = leased.size - connecting;
      return {
        purpose,
        max: limits.max,
        total: active + idleOpen + connecting,
        active,
        idle: idleOpen,
        connecting,
        waiting: queue.waiting,
        queueLimit: limits.queueLimit,
        ...counters,
        acquireMs: {
          p50: acquireMicros.percentile(50) / 1_000,
          p95: acquireMicros.percentile(95) / 1_000,
          p99: acquireMicros.percentile(99) / 1_000,
          max: acquireMicros.count > 0 ? acquireMicros.max / 1_000 : 0,
        },
      };
    },
    async close() {
      closed = true;
      while (queue.next());
      for (const connection of leased) connection.broken = true;
      await Promise.all([...leased, ...idle].map((connection) => connection.end().catch(() => {})));
      idle.length = 0;
    },
  };
}
