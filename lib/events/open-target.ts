import { findTarget, openTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { openVault } from "../db/open-vault.ts";
import { env } from "../env.ts";
import { createLogger } from "../log.ts";

/** The engine of a target by name, for verbs. @throws AppError NOT_FOUND */
export function openEventsTarget(name: string): AuditDb {
  return openTarget(findTarget(env().targets, name), {
    logger: createLogger({ level: env().LOG_LEVEL, name: "events" }),
    vault: openVault(),
  });
}
