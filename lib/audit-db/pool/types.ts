import type { Purpose } from "../purpose.ts";

export interface PoolLimits {
  /** Connections at most. */
  max: number;
  /** Requests that may wait; one more is refused as OVERLOADED. */
  queueLimit: number;
  acquireTimeoutMs: number;
  connectTimeoutMs: number;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  idleInTransactionTimeoutMs: number;
  /** An idle connection closes after this. */
  idleTimeoutMs: number;
}

/** Of one window, in milliseconds. */
export interface Durations {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Null where nothing happened in that time. */
export interface DurationWindows {
  minute: Durations | null;
  fiveMinutes: Durations | null;
  hour: Durations | null;
}

/**
 * Counters never fall while a pool lives. total = active + idle + connecting; acquired = released + active +
 * connecting; every request ends as exactly one of ok, failed, timedOut, aborted, rejected, so requests = their sum +
 * waiting + active + connecting.
 */
export interface PoolStats {
  purpose: Purpose;
  max: number;
  total: number;
  active: number;
  idle: number;
  connecting: number;
  waiting: number;
  queueLimit: number;
  acquired: number;
  released: number;
  requests: number;
  ok: number;
  /** Ran out of time, waiting in the queue or while running. */
  timedOut: number;
  /** Their caller went away; what ran was cancelled on the server. */
  aborted: number;
  /** Refused because the queue was full. */
  rejected: number;
  failed: number;
  /** Time to get a connection over the last five minutes; zero where none was lent. */
  acquireMs: { p50: number; p95: number; p99: number; max: number };
  acquireWindows: DurationWindows;
  /** Time a connection was held. */
  leaseWindows: DurationWindows;
  /** Age of connections when they ended. */
  lifetimeWindows: DurationWindows;
}

/** A pool of one purpose on one server. */
export interface NodePoolStats extends PoolStats {
  /** The server, as `NodeStatus.name` has it. */
  node: string;
}

/** The server that the newest connection of a purpose led to; nothing is known before one. */
export interface SeenServer {
  /** When it was started, epoch milliseconds. */
  start: number | undefined;
  /** `host:port`, that one of the address which was connected to. */
  host: string | undefined;
  /** Oid of its `audit_log`, null where it has none: another one is another table, restored from a dump. */
  log?: string | null | undefined;
}
