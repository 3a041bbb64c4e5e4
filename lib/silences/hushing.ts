import type { FiringAlert } from "../alerting/read-firing.ts";
import type { Hushing } from "./types.ts";

const mostListed = 20;

export const hushesNothing: Hushing = { alerts: 0, incidents: 0, list: [] };

/** The same alerts as people read them. */
export function hushingOf(alerts: readonly FiringAlert[], most = mostListed): Hushing {
  return {
    alerts: alerts.length,
    incidents: new Set(alerts.map(({ incident }) => incident.id)).size,
    list: alerts.slice(0, most).map(({ incident, labels, severity, title }) => ({
      ...{ incident, severity, title },
      target: labels.target,
      check: labels.check,
    })),
  };
}
