import {
  type AlertCondition,
  type AlertSeverity,
  alertConditions,
  alertSeverities,
} from "../../drizzle/console/schema/alerts.ts";
import type { CheckObject, Limits, ObjectState } from "../check.ts";

export { type AlertCondition, type AlertSeverity, alertConditions, alertSeverities };

/** Graver has the higher rank. */
export const severityRank = (severity: AlertSeverity): number => alertSeverities.indexOf(severity);

/** One fingerprint (target, check, object) and how it stands. */
export interface Alert {
  id: string;
  target: string;
  checkId: string;
  objectKey: string;
  object: CheckObject;
  condition: AlertCondition;
  severity: AlertSeverity | null;
  value: number | null;
  unit: string | null;
  threshold: Limits | null;
  words: ObjectState["words"];
  path: string;
  since: Date;
  firedAt: Date | null;
  /** Since when the check says that it is fine, while it recovers. */
  fineSince: Date | null;
  /** Set while no look confirms it; it fires on. */
  unconfirmed: { since: Date; state: "no_data" | "error" | "unavailable"; reason: string } | null;
  incidentId: string | null;
}

/** Whether it counts: what recovers has not ended yet. */
export const fires = ({ condition }: Pick<Alert, "condition">): boolean =>
  condition === "firing" || condition === "recovering";

/** It fires and is in no incident, because it begins just now or because somebody deleted the row of its incident. */
export const isOrphan = (alert: Alert): boolean => fires(alert) && alert.incidentId === null;
