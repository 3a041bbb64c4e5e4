import type { Alert, AlertSeverity } from "../alerting/alert.ts";
import type { Hush } from "../alerting/hush.ts";
import type { IncidentEventKind, IncidentState } from "../alerting/incident.ts";
import type { Labels } from "../alerting/labels.ts";
import type { Mend } from "../check.ts";

export type { Hush };

/** An incident as a line of the inbox. */
export interface IncidentLine {
  id: string;
  number: number;
  target: string;
  checkId: string;
  /** The check's name, e.g. "Idle in transaction". */
  checkTitle: string;
  /** What its worst alert says, with the figures in it. */
  title: string;
  path: string;
  condition: "firing" | "normal";
  state: IncidentState;
  version: number;
  severity: AlertSeverity;
  /** How many of its objects fire. */
  firing: number;
  /** Set while no look confirms it. */
  unconfirmedSince: Date | null;
  flapping: boolean;
  openedAt: Date;
  firedAt: Date;
  normalSince: Date | null;
  assignee: { id: string; name: string } | null;
  acknowledged: { by: string; at: Date; until: Date | null } | null;
  snoozed: { by: string; until: Date } | null;
  closed: { by: string | null; at: Date; reason: string | null } | null;
  /** What keeps it from being told. */
  hushed: Hush | null;
}

/** A page of the inbox. */
export interface IncidentList {
  incidents: IncidentLine[];
  /** How many match. */
  total: number;
  /** How many match in each state, whatever states were asked for. */
  counts: Record<IncidentState, number>;
}

export interface IncidentEvent {
  id: string;
  at: Date;
  kind: IncidentEventKind;
  /** Null: the machine. */
  actor: { kind: "user" | "token" | "system"; name: string } | null;
  facts: Record<string, unknown>;
  text: string | null;
}

/** An incident's own page. */
export interface IncidentPage extends IncidentLine {
  detail: string;
  mends: Mend | null;
  /** What to do about it: the check's. */
  runbook: string;
  needs: string;
  alerts: (Alert & { labels: Labels; spans: { from: Date; to: Date | null; severity: AlertSeverity }[] })[];
  /** Oldest first. */
  timeline: IncidentEvent[];
  /** How many older events are left out. */
  eventsBefore: number;
  /** Of the same group on this target, newest first, 10 at most. */
  earlier: {
    id: string;
    number: number;
    openedAt: Date;
    closedAt: Date | null;
    severity: AlertSeverity;
    title: string;
  }[];
  /** Silences that ended and would match it now. */
  expiredSilences: { id: string; reason: string; endedAt: Date; by: string }[];
}

/** What the bell counts: incidents that are not closed and fire, of every target the caller may see. */
export interface OpenCount {
  critical: number;
  warning: number;
  notice: number;
  /** Of them those nobody has acknowledged or snoozed. */
  unattended: number;
  byTarget: { target: string; count: number }[];
}
