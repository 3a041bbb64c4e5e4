import type { ExcessRight } from "../audit-db/schema/explain-rights.ts";

export type CapabilityState = "present" | "missing" | "unknown";

export type CapabilityArea = "server" | "statistics" | "audit" | "connections" | "console";

/** One thing the console can do on a target, what it takes, and whether that is there. */
export interface Capability {
  /** Stable name, e.g. `pg_stat_statements`. */
  id: string;
  area: CapabilityArea;
  title: string;
  /** What it is for: the pages and verbs that rest on it. */
  purpose: string;
  /** What it takes, in words. */
  needs: string;
  state: CapabilityState;
  /** What was seen that says so. */
  evidence: string;
  /** SQL or setting that would enable it, for a person to run; null when present or nothing can be run. */
  enable: string | null;
  /** Without it the target cannot be watched at all. */
  required: boolean;
}

export interface Capabilities {
  target: string;
  capabilities: Capability[];
  present: number;
  missing: number;
  unknown: number;
}

/** What a Redis says it is, or why it said nothing. */
export type RedisAnswer =
  | { problem: string }
  | {
      problem: null;
      version: string;
      mode: string;
      /** 0: no limit of its own. */
      maxBytes: number;
      policy: string;
    };

/** What the explain connection answered about its role, or why it did not. */
export type ExplainAnswer = { problem: string } | { problem: null; excess: ExcessRight[] };

/** What the configuration gives for a target, and what was found of the services beside it. */
export interface ConfiguredFeatures {
  poolerUrl: boolean;
  /** What the configured Redis answered just now; null when none is configured. */
  redis: RedisAnswer | null;
  /** Why people's data cannot be encrypted or read; null when it can. */
  vaultProblem: string | null;
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
