import type { Sql } from "postgres";
import type { Address } from "../../address/types.ts";
import { AppError } from "../../errors.ts";
import type { Purpose } from "../purpose.ts";
import { readAsBytesIfNeeded } from "./as-bytes.ts";
import { checkSession } from "./check-session.ts";
import { type Connection, createConnection } from "./connection.ts";
import { isConnectionError, isPooler, toStatementError } from "./driver-error.ts";
import { createDurationRecorder } from "./duration-windows.ts";
import { tagStatements } from "./tag.ts";
import type { PoolLimits, PoolStats, SeenServer } from "./types.ts";
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
  address: Address;
  limits: PoolLimits;
  applicationName: string;
  /** Kept beyond the pool by whoever wants to know when another server answers. */
  seen?: SeenServer;
}

/**
 * A fixed number of single-connection drivers behind a bounded queue of our own: postgres.js queues without
 * bound when its connections are busy, so it is never given a statement that would have to wait.
 */
export function createPool(options: PoolOptions): Pool {
  const { limits, purpose, seen = { start: undefined, host: undefined, log: undefined } } = options;
  // What planning runs may leave anything in its session behind: nobody gets that session after it.
  const usedOnce = purpose === "explain";
  const needsServer = purpose === "watch" || purpose === "explain";
  const idle: Connection[] = [];
  const leased = new Set<Connection>();
  const acquireTimes = createDurationRecorder();
  const leaseTimes = createDurationRecorder();
  const lifetimes = createDurationRecorder();
  const counters = { acquired: 0, released: 0 };
  const endings = { ok: 0, failed: 0, timedOut: 0, aborted: 0, rejected: 0 };
  let requests = 0;
  let handedOver = 0;
  /** Leased, their socket not open yet. */
  const opening = new Set<Connection>();
  let closed = false;
  /** A pooler in between refused our session settings; not for what needs the server itself. */
  let throughPooler = false;
  const queue = createWaitQueue({
    limit: limits.queueLimit,
    timeoutMs: limits.acquireTimeoutMs,
  });

  async function acquire(signal?: AbortSignal): Promise<Connection> {
    const began = performance.now();
    // Places handed to those who waited longest are not free for whoever comes in the meantime.
    while (!closed && leased.size + handedOver >= limits.max) {
      await queue.wait(signal);
      handedOver--;
    }
    if (closed) throw new AppError("UNAVAILABLE", "The engine is closed.");
    const connection =
      takeIdle() ??
      createConnection({
        address: options.address,
        limits,
        applicationName: options.applicationName,
        purpose,
        throughPooler,
        onClose: lifetimes.record,
      });
    leased.add(connection);
    counters.acquired++;
    acquireTimes.record(performance.now() - began);
    return connection;
  }

  /** One that leads where the newest does: an address of several servers may lead to another one meanwhile. */
  function takeIdle(): Connection | undefined {
    let connection = idle.pop();
    while (connection && leadsElsewhere(connection)) {
      void connection.end().catch(() => {});
      connection = idle.pop();
    }
    return connection;
  }

  function leadsElsewhere({ open, backend }: Connection): boolean {
    return open && backend !== undefined && backend.serverStart !== seen.start;
  }

  function release(connection: Connection): void {
    leased.delete(connection);
    opening.delete(connection);
    counters.released++;
    if (connection.broken || closed || usedOnce || leadsElsewhere(connection))
      void connection.end().catch(() => {});
    else idle.push(connection);
    if (queue.next()) handedOver++;
  }

  /** The first statement opens the socket; doing it apart tells a failed connection from a failed statement. */
  async function open(connection: Connection): Promise<void> {
    if (connection.open) return;
    opening.add(connection);
    try {
      connection.backend = await checkSession(tagStatements(connection.sql, "engine.open"), purpose);
      seen.start = connection.backend.serverStart;
      seen.host = connection.host();
      seen.log = connection.backend.log;
      connection.open = true;
    } catch (thrown) {
      connection.broken = true;
      throw thrown;
    } finally {
      opening.delete(connection);
    }
  }

  /** A connection for as long as `run` takes. */
  async function lease<T>(name: string, run: (sql: Sql) => Promise<T>, options: UseOptions): Promise<T> {
    const { signal, timeoutMs = limits.connectTimeoutMs + limits.statementTimeoutMs } = options;
    signal?.throwIfAborted();
    const connection = await acquire(signal);
    const began = performance.now();
    const work = (async () => {
      await open(connection);
      const sql = tagStatements(connection.sql, name);
      return purpose === "watch" ? readAsBytesIfNeeded(sql, () => run(sql)) : run(sql);
    })();
    const left = Promise.withResolvers<never>();
    // Given up: the server stops as well, and a connection that a late cancel could still hit serves nobody else.
    const giveUp = (reason: unknown) => {
      connection.broken = true;
      connection.cancel();
      left.reject(reason);
    };
    const timer = setTimeout(
      () => giveUp(new AppError("TIMEOUT", `${name} had no answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([work, left.promise]);
    } catch (thrown) {
      if (isConnectionError(thrown)) connection.broken = true;
      throw toStatementError(thrown, name);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      work.catch(() => {});
      leaseTimes.record(performance.now() - began);
      release(connection);
    }
  }

  /** Which of the endings a failed request had. */
  function endingOf(thrown: unknown, signal: AbortSignal | undefined, leased: boolean): keyof typeof endings {
    if (signal?.aborted) return "aborted";
    if (thrown instanceof AppError && thrown.code === "TIMEOUT") return "timedOut";
    return !leased && thrown instanceof AppError && thrown.code === "OVERLOADED" ? "rejected" : "failed";
  }

  return {
    async use(name, run, options = {}) {
      requests++;
      let leased = false;
      const sent = throughPooler;
      const begin = () =>
        lease(
          name,
          (sql) => {
            leased = true;
            return run(sql);
          },
          options,
        );
      try {
        const result = await begin().catch((thrown) => {
          if (leased || sent || needsServer || !isPooler(thrown)) throw thrown;
          throughPooler = true;
          return begin();
        });
        endings.ok++;
        return result;
      } catch (thrown) {
        endings[endingOf(thrown, options.signal, leased)]++;
        throw thrown;
      }
    },
    stats() {
      const idleOpen = idle.filter((connection) => connection.open).length;
      const connecting = opening.size;
      const acquireWindows = acquireTimes.read();
      const lately = acquireWindows.fiveMinutes;
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
        requests,
        ...counters,
        ...endings,
        acquireMs: {
          p50: lately?.p50 ?? 0,
          p95: lately?.p95 ?? 0,
          p99: lately?.p99 ?? 0,
          max: lately?.max ?? 0,
        },
        acquireWindows,
        leaseWindows: leaseTimes.read(),
        lifetimeWindows: lifetimes.read(),
      };
    },
    async close() {
      closed = true;
      while (queue.next()) handedOver++;
      for (const connection of leased) connection.broken = true;
      await Promise.all([...leased, ...idle].map((connection) => connection.end().catch(() => {})));
      idle.length = 0;
    },
  };
}
