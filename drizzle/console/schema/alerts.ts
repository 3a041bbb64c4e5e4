import { sql } from "drizzle-orm";
import {
  bigserial,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const alertConditions = ["normal", "pending", "firing", "recovering"] as const;
export type AlertCondition = (typeof alertConditions)[number];

export const alertSeverities = ["notice", "warning", "critical"] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const incidentStates = ["open", "acknowledged", "snoozed", "closed"] as const;
export type IncidentState = (typeof incidentStates)[number];

/** Problems of one check (or one cause) on a target, with one person's state. */
export const incident = pgTable(
  "incident",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** What people call it: `#123`. */
    number: bigserial("number", { mode: "number" }).notNull(),
    target: text("target").notNull(),
    /** The check's id, or the cause several checks share. Of those that are not closed one a group and target. */
    groupKey: text("group_key").notNull(),
    /** The check of its worst alert. */
    checkId: text("check_id").notNull(),
    /** `normal` once none of its alerts fires. */
    condition: text("condition", { enum: ["firing", "normal"] }).notNull(),
    state: text("state", { enum: incidentStates }).notNull(),
    /** Counted up by each change of what a person decides on (no figures, no comments): they act on the one they saw. */
    version: integer("version").notNull(),
    /** The worst of its alerts now; of the last ones where none fires. */
    severity: text("severity", { enum: alertSeverities }).notNull(),
    /** Of its worst alert: `{title, detail, mends?}`. */
    words: jsonb("words").notNull(),
    path: text("path").notNull(),
    /** How many of its alerts fire. */
    firing: integer("firing").notNull(),
    /** Counted up whenever there is something to tell anew: it fired, again, by a new object or more gravely. */
    telling: integer("telling").notNull(),
    /** How many times it went from normal to firing. */
    fires: integer("fires").notNull(),
    flapping: boolean("flapping").notNull().default(false),
    openedAt: at("opened_at").notNull(),
    /** When it last began to fire. */
    firedAt: at("fired_at").notNull(),
    /** Since when none of its alerts fires. */
    normalSince: at("normal_since"),
    /** Since when no look confirms any alert of it that fires. */
    unconfirmedSince: at("unconfirmed_since"),
    assigneeId: uuid("assignee_id"),
    assigneeName: text("assignee_name"),
    acknowledgedById: text("acknowledged_by_id"),
    acknowledgedByName: text("acknowledged_by_name"),
    acknowledgedAt: at("acknowledged_at"),
    /** The acknowledgement ends by itself then. */
    acknowledgedUntil: at("acknowledged_until"),
    /** What an acknowledgement or a snooze covers, as `alert.id` with its severity then: others re-open it. */
    covered: jsonb("covered").$type<Record<string, AlertSeverity>>(),
    snoozedUntil: at("snoozed_until"),
    snoozedByName: text("snoozed_by_name"),
    closedAt: at("closed_at"),
    /** Null: by the machine, after 30 minutes of normal. */
    closedByName: text("closed_by_name"),
    closeReason: text("close_reason"),
    /** Of its last event. */
    changedAt: at("changed_at").notNull(),
  },
  (t) => [
    unique("incident_number").on(t.number),
    uniqueIndex("incident_open").on(t.target, t.groupKey).where(sql`${t.state} <> 'closed'`),
    index("incident_history").on(t.target, t.openedAt),
    check("incident_condition", sql`${t.condition} in ('firing', 'normal')`),
    check("incident_state", sql`${t.state} in ('open', 'acknowledged', 'snoozed', 'closed')`),
    check("incident_severity", sql`${t.severity} in ('notice', 'warning', 'critical')`),
    check("incident_acknowledged", sql`(${t.state} = 'acknowledged') = (${t.acknowledgedAt} is not null)`),
    check("incident_snoozed", sql`(${t.state} = 'snoozed') = (${t.snoozedUntil} is not null)`),
    check("incident_closed", sql`(${t.state} = 'closed') = (${t.closedAt} is not null)`),
  ],
);

/** One object that a check found bad: a fingerprint of target, check and object. Only those that ever left normal. */
export const alert = pgTable(
  "alert",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    target: text("target").notNull(),
    checkId: text("check_id").notNull(),
    objectKey: text("object_key").notNull(),
    object: jsonb("object").notNull(),
    condition: text("condition", { enum: alertConditions }).notNull(),
    /** While pending, firing or recovering. */
    severity: text("severity", { enum: alertSeverities }),
    value: doublePrecision("value"),
    unit: text("unit"),
    threshold: jsonb("threshold"),
    /** `{title, detail, mends?}` */
    words: jsonb("words").notNull(),
    path: text("path").notNull(),
    /** When the condition was first seen bad, or began by the server's own word. */
    since: at("since").notNull(),
    firedAt: at("fired_at"),
    /** Since when the check says that it is fine, while it recovers. */
    fineSince: at("fine_since"),
    /** Since when no look confirms it, and why: `{state, reason}`. It fires on. */
    unconfirmedSince: at("unconfirmed_since"),
    unconfirmed: jsonb("unconfirmed").$type<{ state: "no_data" | "error" | "unavailable"; reason: string }>(),
    incidentId: uuid("incident_id").references(() => incident.id, { onDelete: "set null" }),
    /** When this row last changed. */
    seenAt: at("seen_at").notNull(),
  },
  (t) => [
    unique("alert_fingerprint").on(t.target, t.checkId, t.objectKey),
    index("alert_bad").on(t.target).where(sql`${t.condition} <> 'normal'`),
    index("alert_incident").on(t.incidentId),
    check("alert_condition", sql`${t.condition} in ('normal', 'pending', 'firing', 'recovering')`),
  ],
);

/** What happened to an incident, by the machine and by people: its timeline. */
export const incidentEvent = pgTable(
  "incident_event",
  {
    /** UUID v7 */
    id: uuid("id").primaryKey(),
    /** The order in which they were written, whatever the clock did. */
    seq: bigserial("seq", { mode: "number" }).notNull(),
    incidentId: uuid("incident_id")
      .notNull()
      .references(() => incident.id, { onDelete: "cascade" }),
    at: at("at").notNull(),
    /** As `incidentEventKinds` of lib/alerting/incident.ts has them. */
    kind: text("kind").notNull(),
    actorKind: text("actor_kind", { enum: ["user", "token", "system"] }).notNull(),
    actorId: text("actor_id"),
    actorName: text("actor_name"),
    /** What it is about; a comment's text stands in `text`. */
    facts: jsonb("facts").notNull(),
    text: text("text"),
  },
  (t) => [index("incident_event_of").on(t.incidentId, t.seq), uniqueIndex("incident_event_seq").on(t.seq)],
);

/** Spans in which an alert fired, for the charts of its check. */
export const alertSpan = pgTable(
  "alert_span",
  {
    id: uuid("id").primaryKey(),
    alertId: uuid("alert_id")
      .notNull()
      .references(() => alert.id, { onDelete: "cascade" }),
    incidentId: uuid("incident_id").references(() => incident.id, { onDelete: "set null" }),
    severity: text("severity", { enum: alertSeverities }).notNull(),
    firedAt: at("fired_at").notNull(),
    /** Null while it fires. */
    endedAt: at("ended_at"),
    /** The worst value within it. */
    peak: doublePrecision("peak"),
  },
  (t) => [
    index("alert_span_of").on(t.alertId, t.firedAt),
    index("alert_span_incident").on(t.incidentId),
    uniqueIndex("alert_span_open").on(t.alertId).where(sql`${t.endedAt} is null`),
  ],
);
