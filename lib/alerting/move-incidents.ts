import { isDeepStrictEqual } from "node:util";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import { type Alert, fires } from "./alert.ts";
import type { Incident, NewIncidentEvent } from "./incident.ts";
import type { SeenAlert } from "./see-alerts.ts";
import { observeIncident, openIncident, tickIncident } from "./transition-incident.ts";

export interface Moves {
  opened: Incident[];
  updated: { before: Incident; after: Incident }[];
  events: (NewIncidentEvent & { incidentId: string })[];
  /** Alert → the incident it belongs to from now on. */
  joined: Map<string, string>;
}

/** Which open incidents a round has to know. */
export interface Concern {
  /** Groups in which an alert differs. */
  groups: ReadonlySet<string>;
  /** Incidents that the alerts of these groups belong to so far. */
  incidents: ReadonlySet<string>;
}

export function concernOf({ looks }: AcceptedRound, seen: readonly SeenAlert[]): Concern {
  const causes = causesOf(looks);
  const groupOf = ({ checkId }: Alert) => causes.get(checkId) ?? checkId;
  const groups = new Set(seen.flatMap(({ alert, differs }) => (differs ? [groupOf(alert)] : [])));
  const incidents = seen.flatMap(({ alert }) =>
    alert.incidentId !== null && groups.has(groupOf(alert)) ? [alert.incidentId] : [],
  );
  return { groups, incidents: new Set(incidents) };
}

const causesOf = (looks: AcceptedRound["looks"]) =>
  new Map(looks.map(({ check }) => [check.id, check.cause ?? check.id]));

/**
 * What becomes of the incidents of the groups in which an alert differs.
 * @param open those of the target that `concernOf` names, at least
 */
export function moveIncidents(
  round: AcceptedRound,
  seen: readonly SeenAlert[],
  open: readonly Incident[],
): Moves {
  const { now, target, looks } = round;
  const moves: Moves = { opened: [], updated: [], events: [], joined: new Map() };
  const causes = causesOf(looks);
  const byId = new Map(open.map((incident) => [incident.id, incident]));
  const groupOf = ({ checkId, incidentId }: Alert) =>
    byId.get(incidentId ?? "")?.groupKey ?? causes.get(checkId) ?? checkId;

  for (const [groupKey, members] of Map.groupBy(seen, ({ alert }) => groupOf(alert))) {
    if (!members.some(({ differs }) => differs)) continue;
    let incident = open.find((one) => one.groupKey === groupKey) ?? null;
    if (incident) {
      const { id } = incident;
      const ticked = tickIncident(incident, now);
      const closed = ticked.incident.state === "closed";
      const observed = closed
        ? { incident: ticked.incident, events: [] }
        : observeIncident(ticked.incident, members, now);
      // What the clock and a look change together is one change, and told once.
      const { version, telling } = observed.incident;
      const after = {
        ...observed.incident,
        version: Math.min(version, incident.version + 1),
        telling: Math.min(telling, incident.telling + 1),
      };
      if (!isDeepStrictEqual(incident, after)) moves.updated.push({ before: incident, after });
      moves.events.push(
        ...[...ticked.events, ...observed.events].map((event) => ({ ...event, incidentId: id })),
      );
      incident = closed ? null : after;
    }
    if (!incident) {
      const begun = openIncident({ id: uuidV7(now.getTime()), target, groupKey }, members, now);
      if (!begun) continue;
      incident = begun.incident;
      moves.opened.push(begun.incident);
      moves.events.push(...begun.events.map((event) => ({ ...event, incidentId: begun.incident.id })));
    }
    for (const { alert } of members)
      if (fires(alert) && alert.incidentId !== incident.id) moves.joined.set(alert.id, incident.id);
  }
  return moves;
}
