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
