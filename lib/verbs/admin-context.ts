import type { AuditDb } from "../audit-db/types.ts";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { Logger } from "../log/log.ts";
import type { Approval } from "./approvals/move-approval.ts";

/** What a door gives the runner of verbs. */
export interface AdminContext {
  console: ConsoleDb;
  /** Null when nobody is signed in. */
  actor: Actor | null;
  /** Names of the configured targets, for the audit events. */
  auditTargets: readonly string[];
  /** The engine of a target by name; this process's own unless given. @throws AppError NOT_FOUND */
  openTarget?: (name: string) => AuditDb;
  /** Takes what is unexpected; the process's own log unless given. */
  logger?: Pick<Logger, "error" | "warn">;
  now?: Date;
  /** Called by a program, which says what it means by calling: no phrase is typed. */
  program?: true;
  /** The request whose approved input this is; given by approvals/run-approved.ts alone. */
  approved?: Approval;
}
