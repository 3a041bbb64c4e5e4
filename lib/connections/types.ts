import type { NodePoolStats, PoolStats } from "../audit-db/pool/types.ts";
import type { Purpose } from "../audit-db/purpose.ts";
import type { Unavailable } from "../result.ts";

/** Client connections that share an application, user, database or client address; server processes by type. */
export interface ConnectionGroup {
  /** null: not set (application), a local socket (client), none (database). */
  name: string | null;
  count: number;
  /** States are null where the role may not see them. */
  active: number | null;
  idle: number | null;
  idleInTransaction: number | null;
}

/** Every client connection is in exactly one of these; `unknown` is a state this version does not name. */
export interface ConnectionStates {
  active: number;
  idle: number;
  idleInTransaction: number;
  idleInTransactionAborted: number;
  fastpath: number;
  disabled: number;
  starting: number;
  unknown: number;
}

export interface ServerConnections {
  /** Client connections counted below, without our own when they are hidden. */
  total: number;
  /** Our own among all client connections: same role and same application_name. */
  own: number;
  /** null where the role may not see other roles' sessions; `hidden` says why. */
  states: ConnectionStates | null;
  /** Active connections that wait for anything but their client; null like `states`. */
  waiting: number | null;
  /** Of these, the ones that wait for a lock. */
  waitingForLock: number | null;
  byApplication: ConnectionGroup[];
  byUser: ConnectionGroup[];
  byDatabase: ConnectionGroup[];
  byClient: ConnectionGroup[] | null;
  byBackendType: ConnectionGroup[] | null;
  limits: ConnectionLimits;
  hidden: Unavailable | null;
}

export interface ConnectionLimits {
  maxConnections: number;
  superuserReserved: number;
  /** reserved_connections, from PostgreSQL 16; null before. */
  reserved: number | null;
  /** What an ordinary role can use: max_connections less both reserves. */
  usable: number;
  /** All client connections, our own always among them. */
  used: number;
  /** used ÷ usable, 0–1 (above 1 when reserved slots are in use). */
  usedShare: number;
}

export interface WaitEventCount {
  /** wait_event_type, e.g. Lock, LWLock, IO, Client; null when running on the CPU. */
  type: string | null;
  event: string | null;
  count: number;
  /** Of these, client connections in state active. */
  active: number;
}

/** One session of the server as lists show it. Durations are at the moment of reading. */
export interface ServerSession {
  pid: number;
  /** With the pid it identifies the session; null where the role may not see it. */
  backendStart: Date | null;
  user: string | null;
  database: string | null;
  application: string | null;
  client: string | null;
  backendType: string | null;
  state: string | null;
  transactionStartedAt: Date | null;
  transactionSeconds: number | null;
  /** Since the latest query began; it may have ended already, see `state`. */
  querySeconds: number | null;
  queryStartedAt: Date | null;
  stateSeconds: number | null;
  stateChangedAt: Date | null;
  waitEventType: string | null;
  waitEvent: string | null;
  /** How many transactions ago the snapshot it holds was taken; it keeps vacuum from cleaning up since. */
  xminAge: number | null;
  queryId: string | null;
  /** How pg_stat_statements keys its query, as pages of statements are addressed; null without compute_query_id. */
  statementKey: string | null;
  /** At most 1,000 characters, secrets left out; null where the role may not see it. */
  query: string | null;
  /** False: the text holds bytes that are no UTF-8, each shown as �. */
  queryIntact: boolean;
  own: boolean;
  /** Set for a prepared transaction, which has no process: its pid is 0 here. */
  prepared?: PreparedEnd;
}

/** How a prepared transaction is called and ended, connected to its database as its owner or a superuser. */
export interface PreparedEnd {
  gid: string;
  /** null where its name cannot be read as text. */
  commit: string | null;
  rollback: string | null;
}

/** A lock somebody waits for. */
export interface LockTarget {
  /** relation, transactionid, tuple, advisory … as pg_locks names it. */
  lockType: string;
  mode: string;
  /** schema.name, where the lock is about a relation of the connected database. */
  relation: string | null;
}

/** A session in the tree of who waits for whom. */
export interface BlockerNode {
  /** 0 stands for a prepared transaction, which has no process. */
  pid: number;
  session: ServerSession | null;
  /** What it waits for itself; null for a root. */
  waitsFor: (LockTarget & { waitSeconds: number | null; words: string }) | null;
  /** What it holds (or has asked for earlier) that others wait for; `gid` where a prepared transaction does. */
  holds: (LockTarget & { granted: boolean; gid: string | null; words: string })[];
  /** Everybody it waits for; the tree shows it under one of them. */
  blockedBy: number[];
  /** Sessions that wait for it, directly or through others. */
  blockedCount: number;
  /** The longest of their waits. */
  longestWaitSeconds: number | null;
  /** Part of a circle of sessions that wait for each other, until deadlock_timeout breaks it. */
  inCycle: boolean;
  waiters: BlockerNode[];
}

export interface Blockers {
  /** Those who block without waiting themselves, the one that blocks most first. */
  roots: BlockerNode[];
  blockedTotal: number;
  /** Waiters beyond the limit that were not looked into. */
  notShown: number;
  /** Why users' states and queries are missing, where they are. */
  hidden: Unavailable | null;
}

export interface InstancePools {
  instanceId: string;
  kind: string;
  host: string;
  pid: number;
  startedAt: Date;
  heartbeatAt: Date;
  /** Set when it has not reported for three of its reports. */
  silentSince: Date | null;
  /** One a purpose and server. */
  pools: NodePoolStats[];
}

/** One purpose added up over processes. Percentiles cannot be added: `worst…` is the slowest process's. */
export interface PurposePools {
  purpose: Purpose;
  /** Processes with a pool of this purpose, on however many servers. */
  instances: number;
  max: number;
  total: number;
  active: number;
  idle: number;
  connecting: number;
  waiting: number;
  acquired: number;
  timedOut: number;
  rejected: number;
  failed: number;
  worstAcquireMs: PoolStats["acquireMs"];
}

export interface ApplicationPools {
  instances: InstancePools[];
  byPurpose: PurposePools[];
}
