import { findTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { env } from "../env.ts";
import { openEngine } from "./open-engine.ts";

/** The engine of a target by name, for verbs. @throws AppError NOT_FOUND */
export function openEventsTarget(name: string): AuditDb {
  return openEngine(findTarget(env().targets, name));
}
