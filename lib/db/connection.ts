import type { PendingQuery, Row, Sql } from "postgres";
import type { Address } from "../address/types.ts";
import { type ClientOptions, destroySockets, openClient } from "../audit-db/pool/open-client.ts";

/** A statement of the driver, with what its type declarations leave out: whom it is handed to, and its outcome. */
export type Statement = PendingQuery<Row[]> & {
  handler(statement: Statement): void;
  resolve(rows: unknown): void;
  reject(thrown: unknown): void;
};

/** One connection to the console database, good for one socket: the driver never opens a second one behind it. */
export interface ConsoleConnection {
  readonly openedAt: number;
  /** The server has answered on it. */
  readonly ready: boolean;
  /** The socket has ended: whatever else is asked fails. */
  readonly lost: boolean;
  /** @throws what the driver says, or an error with the code CONNECTION_CLOSED once it is lost */
  run(statement: Statement): Promise<unknown>;
  /** At once, whatever waits: a frozen server never answers a polite end. */
  destroy(): void;
  end(): Promise<void>;
}

/**
 * Opens with its first statement.
 * @param settings the driver's
 * @param like a client that reads and writes values as this connection shall
 */
export function openConnection(address: Address, settings: ClientOptions, like?: Sql): ConsoleConnection {
  let ready = false;
  let lost = false;
  const running = new Set<(thrown: unknown) => void>();
  // A statement sent between a socket's error and its close is forgotten by the driver.
  const lose = () => {
    lost = true;
    for (const fail of running) fail(connectionClosed());
  };
  const options: ClientOptions = {
    ...settings,
    max: 1,
    idle_timeout: null as never,
    max_lifetime: null,
    // Beginning anew where a transaction was lost would run its second half alone.
    once: true,
    onclose: lose,
  };
  const sql: Sql = openClient(address, "console", options);
  if (like) {
    Object.assign(sql.options.parsers, like.options.parsers);
    sql.options.serializers = like.options.serializers;
  }
  const dispatch = (sql`` as unknown as Statement).handler;
  const destroy = () => {
    lose();
    void sql.end({ timeout: 0 }).catch(() => {});
    destroySockets(sql);
  };
  return {
    openedAt: Date.now(),
    get ready() {
      return ready;
    },
    get lost() {
      return lost;
    },
    async run(statement) {
      if (lost) throw connectionClosed();
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      running.add(reject);
      try {
        dispatch(Object.assign(statement, { resolve, reject }));
        const answer = await promise;
        ready = true;
        return answer;
      } finally {
        running.delete(reject);
      }
    },
    destroy,
    async end() {
      lost = true;
      await sql.end({ timeout: 1 });
      destroySockets(sql);
    },
  };
}

function connectionClosed(): Error {
  return Object.assign(new Error("the connection is lost"), { code: "CONNECTION_CLOSED" });
}
