import type { Sql } from "postgres";
import type { Observed } from "../result.ts";
import type { Appended, AppendOptions } from "./append/append.ts";
import type { EventInput } from "./append/event.ts";
import type { KeyPart } from "./cache/cache-key.ts";
import type {
  CacheLimits,
  CacheStats,
  Drop,
  DropChannel,
  SharedCache,
  SharedContents,
} from "./cache/types.ts";
import type { ReplicaLimits } from "./replicas/limits.ts";
import type { Vault } from "./vault/types.ts";

/** What the engine logs to. Given by the caller; the engine sets nothing global. */
export interface EngineLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Each purpose is a role of its own on the audit database, with a pool of its own. */
export type Purpose = "watch" | "read" | "write" | "maintenance" | "privacy" | "explain";

export interface EngineConfig {
  /** The target's name, as in the page's path. */
  target: string;
  /**
   * One URL a purpose, and those of read replicas (role of the watching one). A URL may name several hosts
   * (`postgres://u:p@h1:1,h2:2/db`): each is a node of its own.
   */
  urls: { watch: string; replicas?: readonly string[] } & Partial<Record<Exclude<Purpose, "watch">, string>>;
  logger: EngineLogger;
  /** Shown in pg_stat_activity; default `audit-db-dashboard`. */
  applicationName?: string;
  pools?: Partial<Record<Purpose, Partial<PoolLimits>>>;
  cache?: Partial<CacheLimits>;
  /** The second cache level, one a process however many targets; closed by whoever opened it. */
  sharedCache?: SharedCache | undefined;
  /** How other processes hear of dropped answers where there is no second level. */
  drops?: DropChannel | undefined;
  /** The program's version: answers of another one are not shared, their statements may differ. */
  version?: string;
  /** How closely the nodes are watched, where there are replicas. */
  replicas?: Partial<ReplicaLimits>;
  /** Encrypts people's data; without it events that carry people are refused. */
  vault?: Vault | undefined;
}

/** Where a read may be answered; `nearest` is the node, primary or replica, that answers fastest. */
export type Route = "primary" | "replica" | "nearest";

/** Where a read was answered. */
export interface ReadPlace {
  /** `host:port` */
  node: string;
  /** Set while the primary is gone: how old what this node has is at least. */
  stale?: { since: Date; reason: string };
}

export interface RouteOptions {
  /** Default `primary`. Where no fit replica is left, the primary answers. */
  route?: Route;
  /**
   * A replica must be known to have replayed everything the primary had this many milliseconds ago. While the primary
   * is gone, one that has replayed all it was sent answers whatever its age, and the answer says it (`ReadPlace.stale`).
   */
  maxStalenessMs?: number;
  /** Read your writes: an LSN as `currentLsn()` gave it, which a replica must have replayed. */
  afterLsn?: string;
  /** This very node (`host:port`), whatever its state; the caller wants its own figures. */
  node?: string;
}

export type NodeRole = "primary" | "replica" | "unknown";

/**
 * `drained`: answers, but lags or failed lately, so no read is sent there. `stale`: read-write, but another node
 * is the primary: never written to. `foreign`: another cluster's server.
 */
export type NodeState = "connecting" | "up" | "drained" | "down" | "stale" | "foreign";

/** One server of a target. */
export interface NodeStatus {
  /** `host:port` */
  name: string;
  role: NodeRole;
  state: NodeState;
  /** When this state began. */
  since: Date;
  /** In words a person can act on; null while up. */
  reason: string | null;
  /** WAL not replayed yet, against the primary's newest known position; null when unknown or for a primary. */
  lagBytes: number | null;
  /** Age of the newest moment whose writes are known to be replayed; null when unknown or for a primary. */
  lagSeconds: number | null;
  /** Round trip of the health probe, smoothed. */
  latencyMs: number | null;
  timeline: number | null;
  /** Written (primary) or replayed (replica) up to here. */
  lsn: string | null;
  /** null: the target has one node, and its state alone refuses reads. */
  breaker: "closed" | "open" | "half_open" | null;
  /** Reads of this process that it answered since the engine was opened, and their part of all. */
  reads: number;
  readShare: number;
  probedAt: Date | null;
}

/** Something that happened between the nodes of a target. */
export interface NodeEvent {
  at: Date;
  kind: "role_flip" | "split_brain" | "replica_drained" | "replica_back" | "foreign_node";
  severity: "info" | "warning" | "critical";
  /** `host:port` */
  node: string;
  title: string;
  detail: Record<string, unknown>;
}

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

export interface EngineStats {
  /** The primary's, one a purpose, then those that were ever needed on other servers. */
  pools: NodePoolStats[];
  cache: CacheStats;
  nodes?: NodeStatus[];
}

export type TargetState = "connecting" | "up" | "down";

export interface TargetStatus {
  target: string;
  state: TargetState;
  /** When this state began. */
  since: Date;
  /** In words a person can act on; null while up. */
  reason: string | null;
  /** unreachable, refused (password, pg_hba), tls, unsupported (older than 14), pooler (transaction pooler in between), starting. */
  cause: "unreachable" | "refused" | "tls" | "unsupported" | "pooler" | "starting" | null;
}

/** Facts of a server that rarely change; re-read every minute and after a reconnect. */
export interface ServerFacts {
  /** e.g. 180004 */
  versionNum: number;
  version: string;
  database: string;
  /** Our role there. */
  user: string;
  isSuperuser: boolean;
  /** Member of pg_monitor (or superuser). */
  hasMonitor: boolean;
  inRecovery: boolean;
  startedAt: Date;
  maxConnections: number;
  /** Installed in the connected database: name → extversion and schema. */
  extensions: Record<string, { version: string; schema: string }>;
  /** The connected database has our audit schema (audit_log and audit_quarantine). */
  hasAuditSchema: boolean;
  blockSizeBytes: number;
}

/** One question to the audit database, cached and single-flight. */
export interface ReadStatement<T> extends RouteOptions {
  /** `topic.verb`; tags the SQL as `/* dashboard:topic.verb *\/`. */
  name: string;
  /** What tells one answer from another besides the name: every parameter, in order. */
  key?: readonly KeyPart[];
  /** How long an answer counts as fresh; default 1,500 ms. */
  ttlMs?: number;
  /** An answer up to this old will do for this caller, where that is longer than `ttlMs`. */
  maxAgeMs?: number;
  /**
   * For so long after its time the old answer is given at once, while a new one is fetched; never older. Default 0:
   * everybody waits for the new one.
   */
  revalidateMs?: number;
  /** For samples: another process's answer, and one past its time, will not do. Others may still have this one. */
  own?: boolean;
  /** What it can be dropped by besides its name and its topic (the name up to the dot). */
  tags?: readonly string[];
  /** The catalogue view it reads. */
  source: string;
  /** `sql` is one leased connection, its statements tagged. */
  run(sql: Sql, server: ServerFacts): Promise<T>;
}

export interface AuditDb {
  readonly target: string;
  /** The engine itself, where this is a view of it. */
  readonly engine: AuditDb;
  /** A view whose `read` takes answers up to this old. */
  withMaxAge(maxAgeMs: number): AuditDb;
  /**
   * The cached executor on the watch connection: one execution per key at a time, answers kept for `ttlMs`.
   * While the target is down it answers the last known value with `stale` set.
   * @throws AppError UNAVAILABLE (with `since`), TIMEOUT, OVERLOADED, or what `run` threw.
   */
  read<T>(statement: ReadStatement<T>): Promise<Observed<T>>;
  /** A leased connection of a purpose, uncached. @throws AppError UNSUPPORTED when the purpose has no URL. */
  use<T>(
    purpose: Purpose,
    name: string,
    run: (sql: Sql, place: ReadPlace) => Promise<T>,
    options?: {
      signal?: AbortSignal;
      timeoutMs?: number;
      /** `run` only reads: with a route it may begin anew on another node when its own is lost in the middle. */
      repeatable?: boolean;
    } & RouteOptions,
  ): Promise<T>;
  /** Every configured server, the primary first. Without replicas that is one. */
  nodes(): NodeStatus[];
  /** Called on what happens between the nodes; returns its own removal. */
  onNodes(listener: (event: NodeEvent) => void): () => void;
  /** The primary's write position: what committed before is at or before it. For `afterLsn`. */
  currentLsn(): Promise<string>;
  /**
   * Appends events; small calls made at the same time share a transaction. Acknowledged only after COMMIT.
   * @throws as `append` of append.ts
   */
  append(events: readonly EventInput[], options?: AppendOptions): Promise<Appended[]>;
  /** Encrypts and reveals people's data; undefined where no key store is configured. */
  readonly vault: Vault | undefined;
  /** Whether a purpose has a URL. */
  can(purpose: Purpose): boolean;
  /** The database roles it signs in with, one or more. */
  readonly roles: readonly string[];
  status(): TargetStatus;
  server(): Promise<ServerFacts>;
  /**
   * Forgets answers by tag, by key (as `keyOf` of the cache gives it) or all of them (`tags: ["*"]`), in every process.
   * @throws when the others could not be told; here they are forgotten all the same
   */
  dropAnswers(what: Omit<Drop, "target">): Promise<void>;
  /** What the second level holds of this target; undefined without one, or while it is away. */
  sharedContents(): Promise<SharedContents | undefined>;
  stats(): EngineStats;
  /** Called on every change of `status()`; returns its own removal. */
  onStatus(listener: (status: TargetStatus) => void): () => void;
  /** Ends every connection, timer and listener. */
  close(): Promise<void>;
}
