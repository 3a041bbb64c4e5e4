import type { Check } from "../check.ts";
import type { CheckDefinition } from "./types.ts";

/** What a check says of itself. */
export function describeCheck(check: Check): CheckDefinition {
  const { id, title, unit, path, runbook, needs, thresholds, source = "", why = "" } = check;
  const limits = thresholds && { warning: thresholds.warning, critical: thresholds.critical };
  return {
    id,
    title,
    topic: topicOf(id),
    unit,
    direction: thresholds?.direction ?? null,
    limits,
    path,
    runbook,
    needs,
    source,
    why,
    for: check.for ?? 0,
    keepFiringFor: check.keepFiringFor ?? 0,
    guarded: check.guarded === true,
  };
}

/** "connections" of "connections.used". */
export function topicOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}
