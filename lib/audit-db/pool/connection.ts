import { connect } from "node:net";
import type { Sql } from "postgres";
import { hostName } from "../../address/name-host.ts";
import type { Address, Host } from "../../address/types.ts";
import type { Purpose } from "../purpose.ts";
import { targetOf } from "./dial.ts";
import { type ClientOptions, destroySockets, hostOf, openClient } from "./open-client.ts";
import type { PoolLimits } from "./types.ts";

/** One connection to the server: a driver instance that never opens a second one and never queues. */
export interface Connection {
  sql: Sql;
  /** Whether a socket is open, as far as the driver has told. */
  open: boolean;
  /** Set once the connection cannot be trusted: a timeout or a lost socket in the middle of a statement. */
  broken: boolean;
  /** The server's process behind it, once open. */
  backend: Backend | undefined;
  /** Where it leads, `host:port`. */
  host(): string | undefined;
  /** Asks the server to stop what this connection runs, over a socket of its own; never throws. */
  cancel(): void;
  end(): Promise<void>;
}

/** What a cancel request must name. */
export interface Backend {
  pid: number;
  secret: number;
  /** When its server was started, epoch milliseconds: another one is another server, or the same started anew. */
  serverStart: number;
  /** Oid of the log, which one restored from a dump has not; null where there is none. */
  log: string | null;
}

export interface ConnectionOptions {
  address: Address;
  limits: PoolLimits;
  applicationName: string;
  purpose: Purpose;
  /** A pooler in between refused our session settings. */
  throughPooler: boolean;
  /** Kept until its owner ends it, however long it lies idle: what its session holds would go with it. */
  reserved?: true;
  /** Told of each socket that ends, with its age. */
  onClose?(ageMs: number): void;
}

/** Opens lazily, on the first statement. Session settings travel in the start-up packet, so a reconnect has them too. */
export function createConnection(options: ConnectionOptions): Connection {
  const { limits } = options;
  const connection: Connection = {
    sql: undefined as unknown as Sql,
    open: false,
    broken: false,
    backend: undefined,
    host: () => undefined,
    cancel: () => {},
    end: async () => {},
  };
  const openedAt = Date.now();
  const driverOptions: ClientOptions = {
    max: 1,
    fetch_types: false,
    idle_timeout: options.reserved ? 0 : limits.idleTimeoutMs / 1_000,
    connect_timeout: limits.connectTimeoutMs / 1_000,
    max_lifetime: options.reserved ? null : 30 * 60,
    throughPooler: options.throughPooler,
    onclose: () => {
      connection.open = false;
      options.onClose?.(Date.now() - openedAt);
    },
    connection: {
      application_name: options.applicationName,
      statement_timeout: limits.statementTimeoutMs,
      lock_timeout: limits.lockTimeoutMs,
      idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
      // A host that vanished frees within half a minute what its session held.
      ...(options.reserved && {
        tcp_keepalives_idle: 10,
        tcp_keepalives_interval: 5,
        tcp_keepalives_count: 4,
      }),
    },
  };
  connection.sql = openClient(options.address, options.purpose, driverOptions);
  connection.host = () => {
    const host = hostOf(connection.sql);
    return host && hostName(host);
  };
  connection.cancel = () => {
    const host = hostOf(connection.sql);
    if (connection.backend && host) requestCancel(host, connection.backend);
  };
  connection.end = async () => {
    await connection.sql.end({ timeout: connection.broken ? 0 : 1 });
    destroySockets(connection.sql);
  };
  return connection;
}

const cancelRequestCode = 80_877_102;
const cancelWithinMs = 2_000;

/** Servers take cancel requests before any TLS or password, as libpq up to 16 sends them: the secret is the proof. */
function requestCancel(to: Host, { pid, secret }: Backend): void {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeUInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  const socket = connect(targetOf(to));
  socket.setTimeout(cancelWithinMs, () => socket.destroy());
  socket.on("error", () => {}).unref();
  socket.end(message);
}
