import { createWaitQueue } from "../audit-db/pool/wait-queue.ts";
import type { AppError } from "../errors.ts";
import type { ConsoleConnection, Statement } from "./connection.ts";
import { consoleDbError, isConsoleOutage, sqlState } from "./errors.ts";
import { type OutageWatch, slotsFull } from "./outage.ts";

export interface ConsolePool {
  /**
   * Lends a connection for as long as `work` takes.
   * @throws AppError UNAVAILABLE when the console database cannot be used: at once where that is known, and as soon
   * as it becomes known where it is not; OVERLOADED, TIMEOUT for want of a free connection; what `work` threw.
   */
  use<T>(work: (connection: ConsoleConnection) => Promise<T>): Promise<T>;
  /** One statement on a lent connection. A server that answers others and not this one is not waited for for ever. */
  run(connection: ConsoleConnection, statement: Statement): Promise<unknown>;
  close(): Promise<void>;
}

export interface ConsolePoolOptions {
  max: number;
  open(): ConsoleConnection;
  watch: OutageWatch;
  doubtAfterMs: number;
}

const queueLimit = 1_000;
const waitMs = 10_000;
const idleMs = 60_000;
const doubtAgainMs = 2_000;
const longestLifeMs = 30 * 60_000;
/** Above the session's statement_timeout, which ends a statement where the server still lives. */
const statementMs = 35_000;

/**
 * A few connections behind a bounded queue of our own: the driver queues without bound, its transactions write to
 * sockets that are gone (which ends the process), and it waits for a frozen server for ever.
 */
export function createConsolePool({ max, open, watch, doubtAfterMs }: ConsolePoolOptions): ConsolePool {
  const idle: { connection: ConsoleConnection; since: number }[] = [];
  const lent = new Set<ConsoleConnection>();
  const queue = createWaitQueue({ limit: queueLimit, timeoutMs: waitMs });
  const waiting = new Set<AbortController>();
  let handedOver = 0;
  let closed = false;

  watch.onBegin((error) => {
    for (const one of waiting) one.abort(error);
    for (const { connection } of idle.splice(0)) connection.destroy();
  });
  const sweep = setInterval(() => {
    const before = Date.now() - idleMs;
    while (idle[0] && idle[0].since < before) void idle.shift()?.connection.end();
  }, idleMs / 4).unref();

  async function acquire(signal: AbortSignal): Promise<ConsoleConnection> {
    while (!closed && lent.size + handedOver >= max) {
      await queue.wait(signal);
      handedOver--;
    }
    if (closed) throw Object.assign(new Error("the pool is closed"), { code: "CONNECTION_ENDED" });
    let connection = idle.pop()?.connection;
    while (connection?.lost) connection = idle.pop()?.connection;
    connection ??= open();
    lent.add(connection);
    return connection;
  }

  function release(connection: ConsoleConnection): void {
    lent.delete(connection);
    if (!connection.lost && (closed || Date.now() - connection.openedAt > longestLifeMs))
      void connection.end();
    else if (!connection.lost) idle.push({ connection, since: Date.now() });
    if (queue.next()) handedOver++;
  }

  /** Soon at first, then from time to time: a statement may be slow for good reasons. @returns what ends it */
  function doubt(): () => void {
    const again = () => {
      watch.doubt();
      timer = setTimeout(again, doubtAgainMs);
    };
    let timer = setTimeout(again, doubtAfterMs);
    return () => clearTimeout(timer);
  }

  async function use<T>(work: (connection: ConsoleConnection) => Promise<T>): Promise<T> {
    watch.assertReachable();
    const given = new AbortController();
    const gone = Promise.withResolvers<never>();
    gone.promise.catch(() => {});
    given.signal.addEventListener("abort", () => gone.reject(given.signal.reason), { once: true });
    waiting.add(given);
    const stopDoubting = doubt();
    let connection: ConsoleConnection | undefined;
    const attempt = async (): Promise<T> => {
      connection = await acquire(given.signal);
      const working = work(connection);
      working.catch(() => {});
      try {
        return await Promise.race([working, gone.promise]);
      } catch (thrown) {
        if (sqlState(thrown) !== slotsFull || !othersServe(connection)) throw thrown;
      }
      // Nothing was sent, and one of ours will be free again: the server has no slot for more.
      lent.delete(connection);
      connection.destroy();
      connection = undefined;
      watch.doubt();
      await queue.wait(given.signal);
      handedOver--;
      return attempt();
    };
    try {
      return await attempt();
    } catch (thrown) {
      throw told(thrown, connection);
    } finally {
      stopDoubting();
      waiting.delete(given);
      if (given.signal.aborted) connection?.destroy();
      if (connection) release(connection);
    }
  }

  function othersServe(than: ConsoleConnection): boolean {
    return [...lent].some((other) => other !== than && other.ready && !other.lost);
  }

  /** A failure of the connection in words; what a statement did wrong stays the driver's error, with its SQLSTATE. */
  function told(thrown: unknown, connection: ConsoleConnection | undefined): unknown {
    const error: AppError = consoleDbError(thrown);
    if (isConsoleOutage(error)) {
      connection?.destroy();
      watch.doubt();
      return error;
    }
    // The server's own words on a row that breaks a rule hold its values.
    if (thrown instanceof Error) for (const name of ["detail", "where"]) Reflect.deleteProperty(thrown, name);
    return error.code === "TIMEOUT" || error.code === "OVERLOADED" ? error : thrown;
  }

  return {
    use,
    async run(connection, statement) {
      const overdue = setTimeout(() => {
        statement.reject(Object.assign(new Error("no answer"), { code: "NO_ANSWER" }));
        connection.destroy();
      }, statementMs);
      try {
        const answer = await connection.run(statement);
        watch.heard();
        return answer;
      } finally {
        clearTimeout(overdue);
      }
    },
    async close() {
      closed = true;
      clearInterval(sweep);
      while (queue.next()) handedOver++;
      const open = idle.splice(0).map(({ connection }) => connection.end());
      for (const connection of lent) connection.destroy();
      await Promise.all(open);
    },
  };
}
