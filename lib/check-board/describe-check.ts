import type { Check } from "../check.ts";
import type { CheckDefinition } from "./types.ts";

/** What a check says of itself. */
export function describeCheck(check: Check): CheckDefinition {
  const { id, title, unit, path, runbook, needs, thresholds } = check;
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
  };
}

/** "connections" of "connections.used". */
export function topicOf(id: string): string {
  return id.slice(0, id.indexOf("."));
}
