import { findTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { env } from "../env.ts";
import { openEngine } from "./open-engine.ts";

/** This process's engine of a configured target by its name. @throws AppError NOT_FOUND */
export function openConfiguredTarget(name: string): AuditDb {
  return openEngine(findTarget(env().targets, name));
}
