import type { AuditDb } from "../../audit-db/types.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import type { Logger } from "../../log/log.ts";

/** What it takes to carry effects out, to look at them and to keep how they came out. */
export interface EffectContext {
  console: ConsoleDb;
  /** Names of the configured targets, for the audit events. */
  auditTargets: readonly string[];
  /** Undefined, or a throw, for a target that is configured no more. */
  openTarget(name: string): AuditDb | undefined;
  logger: Pick<Logger, "warn">;
}
