import type { Sql } from "postgres";
import type { Observed } from "../result.ts";
import type { Appended, AppendOptions } from "./append/appended.ts";
import type { EventInput } from "./append/event-schema.ts";
import type { KeyPart } from "./cache/cache-key.ts";
import type {
  CacheLimits,
  CacheStats,
  Drop,
  DropChannel,
  SharedCache,
  SharedContents,
} from "./cache/types.ts";
import type { EngineLogger } from "./engine-logger.ts";
import type { ReservedSession, ReserveOptions } from "./pool/reserve.ts";
import type { NodePoolStats, PoolLimits, SeenServer } from "./pool/types.ts";
import type { Purpose } from "./purpose.ts";
import type { ReplicaLimits } from "./replicas/limits.ts";
import type { NodeEvent, NodeStatus, ReadPlace, RouteOptions } from "./replicas/types.ts";
import type { ServerFacts, TargetStatus } from "./target-facts.ts";
import type { Vault } from "./vault/types.ts";

export interface EngineConfig {
  /** The target's name, as in the page's path. */
  target: string;
  /**
   * One URL a purpose, and those of read replicas (role of the watching one). A URL may name several hosts
   * (`postgres://u:p@h1:1,h2:2/db`): each is a node of its own, unless `target_session_attrs` asks for any or a standby.
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
  /** When the target last answered anybody, asked where it is down at the first look: outages outlive processes. */
  lastAnswered?: (() => Promise<Date | null>) | undefined;
  /** Encrypts people's data; without it events that carry people are refused. */
  vault?: Vault | undefined;
  /**
   * Asked before each lease of the read connection, which is where rows of events leave; what it throws refuses them. The
   * lease's own connection is its first argument, `seen` what that leads to.
   */
  admit?: ((sql: Sql, seen: Readonly<SeenServer>) => Promise<void>) | undefined;
  /** Tokens of people whose data is restricted on this target now; nobody's unless given. */
  restrictedTokens?: (() => Promise<readonly string[]>) | undefined;
}

export interface EngineStats {
  /** The primary's, one a purpose, then those that were ever needed on other servers. */
  pools: NodePoolStats[];
  cache: CacheStats;
  nodes?: NodeStatus[];
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
  /**
   * A session of its own on the primary, past every pool of ours, for as long as `run` takes: what it locks is held until
   * it ends, and a lost one is not replaced.
   * @throws AppError UNSUPPORTED through a pooler or when the purpose has no URL, UNAVAILABLE when it was lost
   */
  reserve<T>(
    purpose: Purpose,
    options: ReserveOptions,
    run: (session: ReservedSession) => Promise<T>,
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
  /**
   * Tokens whose rows no door shows that reads events (Art. 18 GDPR), as of now. @throws AppError UNAVAILABLE while that
   * cannot be asked: then nothing is shown
   */
  restrictedTokens(): Promise<readonly string[]>;
  /**
   * The names of the target's retention policies as read on the write connection some seconds ago at most, and anew
   * where one that is asked for is not among them.
   * @throws as `use`, unless they were read before
   */
  knownPolicies(asked: Iterable<string>): Promise<ReadonlySet<string>>;
  /** Whether a purpose has a URL. */
  can(purpose: Purpose): boolean;
  /** The database roles it signs in with, one or more. */
  readonly roles: readonly string[];
  status(): TargetStatus;
  server(): Promise<ServerFacts>;
  /**
   * The server that the newest watching connection led to. With another `start` counters are another server's (after a
   * fail-over, at another host of the address), or the same server was started anew.
   */
  seen(): Readonly<SeenServer>;
  /**
   * Forgets answers by tag, by key (as `keyOf` of the cache gives it) or all of them (`tags: ["*"]`), in every process.
   * @throws when the others could not be told; here they are forgotten all the same
   */
  dropAnswers(what: Omit<Drop, "target">): Promise<void>;
  /** Forgets every answer in this process alone. @returns how many it held */
  forgetAnswers(): number;
  /** What the second level holds of this target; undefined without one, or while it is away. */
  sharedContents(): Promise<SharedContents | undefined>;
  stats(): EngineStats;
  /** Called on every change of `status()`; returns its own removal. */
  onStatus(listener: (status: TargetStatus) => void): () => void;
  /** Ends every connection, timer and listener. */
  close(): Promise<void>;
}
