import type { Hush } from "../alerting/hush.ts";
import type { Incident } from "../alerting/incident.ts";
import { flappingHush } from "../alerting/read-hushes.ts";
import type { Check } from "../check.ts";
import type { IncidentLine } from "./types.ts";

/** An incident as lists show it. */
export function toLine(
  incident: Incident,
  checks: ReadonlyMap<string, Check>,
  hushes: ReadonlyMap<string, Hush>,
): IncidentLine {
  const { words, acknowledged, ...rest } = incident;
  return {
    id: rest.id,
    number: rest.number ?? 0,
    target: rest.target,
    checkId: rest.checkId,
    checkTitle: checks.get(rest.checkId)?.title ?? rest.checkId,
    title: words.title,
    path: rest.path,
    condition: rest.condition,
    state: rest.state,
    version: rest.version,
    severity: rest.severity,
    firing: rest.firing,
    unconfirmedSince: rest.unconfirmedSince,
    flapping: rest.flapping,
    openedAt: rest.openedAt,
    firedAt: rest.firedAt,
    normalSince: rest.normalSince,
    assignee: rest.assignee,
    acknowledged: acknowledged && { by: acknowledged.by, at: acknowledged.at, until: acknowledged.until },
    snoozed: rest.snoozed,
    closed: rest.closed,
    hushed: hushes.get(rest.id) ?? (rest.flapping ? flappingHush : null),
  };
}
