import type { Sql } from "postgres";
import type { AlertSeverity } from "../alerting/alert.ts";
import type { IncidentState } from "../alerting/incident.ts";

/** Incidents of a target that stand alike. */
export interface IncidentCount {
  target: string;
  state: IncidentState;
  severity: AlertSeverity;
  condition: "firing" | "normal";
  count: number;
}

/** How many incidents are not closed, by how they stand. */
export async function countIncidents(sql: Sql, targets: readonly string[]): Promise<IncidentCount[]> {
  return [
    ...(await sql<IncidentCount[]>`
      select target, state, severity, condition, count(*)::int as count from incident
      where state <> 'closed' and target = any(${[...targets]}::text[]) group by target, state, severity, condition`),
  ];
}
