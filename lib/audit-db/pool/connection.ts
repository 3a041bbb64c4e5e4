import { connect, type Socket } from "node:net";
import type { Sql } from "postgres";
import type { Purpose } from "../purpose.ts";
import { type ClientOptions, openClient } from "./open-client.ts";
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
  /** Asks the server to stop what this connection runs, over a socket of its own; never throws. */
  cancel(): void;
  end(): Promise<void>;
}

/** What a cancel request must name. */
export interface Backend {
  pid: number;
  secret: number;
}

export interface ConnectionOptions {
  url: string;
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

/** What the driver tells its socket factory; its type declarations leave the factory out. */
export interface SocketOptions {
  host: string[];
  port: number[];
  path?: string;
}

/** Opens lazily, on the first statement. Session settings travel in the start-up packet, so a reconnect has them too. */
export function createConnection(options: ConnectionOptions): Connection {
  const { limits } = options;
  const connection: Connection = {
    sql: undefined as unknown as Sql,
    open: false,
    broken: false,
    backend: undefined,
    cancel: () => {},
    end: async () => {},
  };
  let socket: Socket | undefined;
  let address: SocketOptions | undefined;
  let openedAt = Date.now();
  const driverOptions: ClientOptions & { socket(to: SocketOptions): Socket } = {
    // Making the socket ourselves lets us destroy it: the driver only half-closes, which a hung server never answers.
    socket: (to) => {
      address = to;
      openedAt = Date.now();
      socket = openSocket(to);
      // The driver takes the TLS server name from here.
      return Object.assign(socket, { host: to.host[0] });
    },
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
  connection.sql = openClient(options.url, options.purpose, driverOptions);
  connection.cancel = () => {
    if (connection.backend && address) requestCancel(address, connection.backend);
  };
  connection.end = async () => {
    await connection.sql.end({ timeout: connection.broken ? 0 : 1 });
    socket?.destroy();
  };
  return connection;
}

/** @param which of several hosts */
export function openSocket({ host, port, path }: SocketOptions, which = 0): Socket {
  const at = which % host.length;
  return path ? connect(path) : connect({ host: host[at], port: port[at] ?? 5432 });
}

const cancelRequestCode = 80_877_102;
const cancelWithinMs = 2_000;

/** Servers take cancel requests before any TLS or password, as libpq up to 16 sends them: the secret is the proof. */
function requestCancel(to: SocketOptions, { pid, secret }: Backend): void {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequestCode, 4);
  message.writeUInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  const socket = openSocket(to);
  socket.setTimeout(cancelWithinMs, () => socket.destroy());
  socket.on("error", () => {}).unref();
  socket.end(message);
}
