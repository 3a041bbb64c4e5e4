import { type IncidentState, incidentStates } from "../../drizzle/console/schema/alerts.ts";
import type { ObjectState } from "../check.ts";
import type { AlertSeverity } from "./alert.ts";

export { type IncidentState, incidentStates };

/** Normal for so long: the machine closes it. A re-fire within it is the same incident. */
export const closeAfterMs = 30 * 60_000;

/** What a timeline tells. */
export const incidentEventKinds = [
  "opened",
  "fired",
  "object_joined",
  "object_left",
  "severity_rose",
  "severity_fell",
  "unconfirmed",
  "confirmed",
  "resolved",
  "refired",
  "flapping",
  "steadied",
  "acknowledged",
  "unacknowledged",
  "acknowledgement_ended",
  "reopened",
  "assigned",
  "commented",
  "snoozed",
  "snooze_ended",
  "silenced",
  "unsilenced",
  "told",
  "telling_failed",
  "action",
  "closed",
] as const;
export type IncidentEventKind = (typeof incidentEventKinds)[number];

/** The alerts of one group on a target, with one person's state. */
export interface Incident {
  id: string;
  /** What people call it: `#12`; null until it is written. */
  number: number | null;
  target: string;
  groupKey: string;
  /** The check of its worst alert. */
  checkId: string;
  condition: "firing" | "normal";
  state: IncidentState;
  version: number;
  severity: AlertSeverity;
  words: ObjectState["words"];
  path: string;
  firing: number;
  telling: number;
  fires: number;
  flapping: boolean;
  openedAt: Date;
  firedAt: Date;
  normalSince: Date | null;
  unconfirmedSince: Date | null;
  assignee: { id: string; name: string } | null;
  acknowledged: { byId: string | null; by: string; at: Date; until: Date } | null;
  snoozed: { by: string; until: Date } | null;
  /** Alert id → severity that an acknowledgement or a snooze covers. */
  covered: Readonly<Record<string, AlertSeverity>> | null;
  /** `by` null: the machine. */
  closed: { by: string | null; at: Date; reason: string | null } | null;
  changedAt: Date;
}

/** Somebody who acts on an incident. */
export interface IncidentActor {
  kind: "user" | "token" | "system";
  id: string | null;
  name: string;
}

/** One line of a timeline; `actor` null: the machine. */
export interface NewIncidentEvent {
  kind: IncidentEventKind;
  actor: IncidentActor | null;
  facts: Record<string, unknown>;
  text: string | null;
}

/** What a transition answers: the incident as it is then, and what its timeline tells of it. */
export interface IncidentStep {
  incident: Incident;
  events: NewIncidentEvent[];
}

/** An event of the machine's. */
export const machineEvent = (
  kind: IncidentEventKind,
  facts: Record<string, unknown> = {},
): NewIncidentEvent => ({ kind, actor: null, facts, text: null });
