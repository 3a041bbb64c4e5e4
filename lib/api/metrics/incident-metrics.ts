import { Gauge, type Registry } from "prom-client";
import { alertSeverities } from "../../alerting/alert.ts";
import { incidentStates } from "../../alerting/incident.ts";
import type { IncidentCount } from "../../alerts/count-incidents.ts";

const attended = incidentStates.filter((state) => state !== "closed");

/** Incidents that are not closed, by how they stand. Zeros too: an alert on a count that vanishes would never end. */
export function addIncidentMetrics(
  registry: Registry,
  counts: readonly IncidentCount[],
  targets: readonly string[],
): void {
  const incidents = new Gauge({
    name: "audit_db_incidents",
    help: "Incidents that are not closed, by state, severity and whether they fire",
    labelNames: ["target", "state", "severity", "condition"],
    registers: [registry],
  });
  for (const target of targets)
    for (const state of attended)
      for (const severity of alertSeverities)
        for (const condition of ["firing", "normal"])
          incidents.set({ target, state, severity, condition }, 0);
  for (const { count, ...labels } of counts) incidents.set(labels, count);
}
