import type { RedisFacts } from "./audit-db/cache/types.ts";
import type { NodeStatus } from "./audit-db/replicas/types.ts";
import type { ExcessRight } from "./audit-db/schema/explain-rights.ts";
import type { ServerFacts, TargetStatus } from "./audit-db/target-facts.ts";

/** All that is known of a target when its capabilities are judged. */
export interface CapabilityFacts {
  status: TargetStatus;
  /** Every configured server, the primary first. */
  nodes: readonly NodeStatus[];
  /** null while the target cannot be reached. */
  server: ServerFacts | null;
  features: ServerFeatures | null;
  /** Which purposes have a URL that only has to be there. */
  purposes: Record<"write" | "maintenance" | "privacy", boolean>;
  /** null without an explain connection. */
  explain: ExplainAnswer | null;
  configured: ConfiguredFeatures;
}

/** What the audit database itself answers about its features. */
export interface ServerFeatures {
  /** null when we may not read the setting. */
  preloadLibraries: string | null;
  /** The server has loaded pg_stat_statements: its settings exist, which anybody may see. */
  statementsLoaded: boolean;
  trackIoTiming: boolean;
  trackActivities: boolean;
  trackCounts: boolean;
  trackFunctions: string;
  activityQuerySizeBytes: number;
  /** Member of pg_read_all_stats, directly or through pg_monitor. */
  readAllStats: boolean;
  readAllSettings: boolean;
  statementsAvailable: boolean;
  statementsDefaultVersion: string | null;
  /** Why pg_stat_statements cannot be read though it is installed: a message of the server's; null when it can. */
  statementsProblem: string | null;
  bufferCacheAvailable: boolean;
  bufferCacheReadable: boolean;
  /** Our role may SELECT the columns that the events chart reads; null without the schema. */
  auditLogReadable: boolean | null;
  /** Same backend and session before and after: no pooler hands out another one per transaction. */
  sameBackend: boolean;
  tls: boolean | null;
}

/** What the configuration gives for a target, and what was found of the services beside it. */
export interface ConfiguredFeatures {
  poolerUrl: boolean;
  /** What the configured Redis answered just now; null when none is configured. */
  redis: RedisAnswer | null;
  /** Why people's data cannot be encrypted or read; null when it can. */
  vaultProblem: string | null;
}

/** What a Redis says it is, or why it said nothing. */
export type RedisAnswer =
  | { problem: string }
  | ({ problem: null } & Pick<RedisFacts, "version" | "mode" | "maxBytes" | "policy">);

/** What the explain connection answered about its role, or why it did not. */
export type ExplainAnswer = { problem: string } | { problem: null; excess: ExcessRight[] };
