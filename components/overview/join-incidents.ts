import type { IncidentLine } from "@/lib/alerts/types.ts";
import type { Finding } from "@/lib/evaluation/finding.ts";

export interface JoinedFinding {
  finding: Finding;
  /** What it is told as; null while it has not held for long enough. */
  incident: IncidentLine | null;
  /** The first of its incident's findings: what is done with that incident is offered there, once. */
  leads: boolean;
}

/**
 * Findings with their incidents: those that have one first, in the order they came. What is told as an incident but is
 * no finding any more (it recovers, or no look confirms it) stands by itself, so that no sentence is said twice.
 */
export function joinIncidents(
  findings: readonly Finding[],
  incidents: readonly IncidentLine[],
): { joined: JoinedFinding[]; alone: IncidentLine[] } {
  const byCheck = new Map(incidents.map((incident) => [incident.checkId, incident]));
  const led = new Set<string>();
  const joined = findings.map((finding) => {
    const incident = finding.unavailable ? null : (byCheck.get(finding.check) ?? null);
    const leads = incident !== null && !led.has(incident.id);
    if (incident) led.add(incident.id);
    return { finding, incident, leads };
  });
  const told = new Set(joined.flatMap(({ incident }) => (incident ? [incident.id] : [])));
  return {
    joined: joined.toSorted((a, b) => Number(b.incident !== null) - Number(a.incident !== null)),
    alone: incidents.filter(({ id }) => !told.has(id)),
  };
}
