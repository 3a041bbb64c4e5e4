export type TargetState = "connecting" | "up" | "down";

/**
 * unreachable, refused (password, pg_hba), database (not there, or closed), full (no connection left), setting (of the
 * address, unknown to the server), attributes (no server of the address is what target_session_attrs demands), tls,
 * unsupported (older than 14), pooler (transaction pooler in between), starting.
 */
export const downCauses = [
  "unreachable",
  "refused",
  "database",
  "full",
  "setting",
  "attributes",
  "tls",
  "unsupported",
  "pooler",
  "starting",
] as const;
export type DownCause = (typeof downCauses)[number];

export interface TargetStatus {
  target: string;
  state: TargetState;
  /** When this state began; of a target that was down when this process first looked, when it was last known to answer. */
  since: Date;
  /** Nobody knows when it last answered: the outage is as old as `since` at least, when this process first looked. */
  atLeast?: true;
  /** In words a person can act on; null while up. */
  reason: string | null;
  cause: DownCause | null;
}

/** Facts of a server that rarely change; re-read every minute and after a reconnect. */
export interface ServerFacts {
  /** e.g. 180004 */
  versionNum: number;
  version: string;
  database: string;
  /** server_encoding, e.g. UTF8 or SQL_ASCII. */
  encoding: string;
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
