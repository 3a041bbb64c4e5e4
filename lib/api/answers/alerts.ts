import { z } from "zod";
import { alertConditions, alertSeverities } from "../../alerting/alert.ts";
import { incidentEventKinds, incidentStates } from "../../alerting/incident.ts";
import { labelNames } from "../../alerting/labels.ts";
import { count, instant, mend, nullableNumber, nullableText } from "../parts.ts";

const moment = instant.nullable();
const severity = z.enum(alertSeverities).meta({ id: "AlertSeverity" });
const state = z.enum(incidentStates).meta({ id: "IncidentState" });
const condition = z.enum(["firing", "normal"]).meta({ id: "IncidentCondition" });

const hush = z
  .object({
    by: z.enum(["silence", "maintenance", "inhibition", "flapping"]),
    id: nullableText.meta({ description: "The silence, window or incident that does it" }),
    words: z.string(),
    until: moment.meta({ description: "Null: until it resolves, or until the other incident does" }),
  })
  .meta({ id: "Hush", description: "Why nobody is told of it just now, though it fires" });

const line = z.object({
  id: z.uuid(),
  number: count.meta({ description: "What people call it: #12" }),
  target: z.string(),
  checkId: z.string(),
  checkTitle: z.string(),
  title: z.string().meta({ description: "What its worst alert says, with the figures in it" }),
  path: z.string().meta({ description: "Page of the target that shows it" }),
  condition,
  state,
  version: count.meta({ description: "Send it with an action, so that it acts on what was seen" }),
  severity,
  firing: count.meta({ description: "How many of its objects fire" }),
  unconfirmedSince: moment.meta({ description: "Set while no look confirms it" }),
  flapping: z.boolean(),
  openedAt: instant,
  firedAt: instant,
  normalSince: moment,
  assignee: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  acknowledged: z.object({ by: z.string(), at: instant, until: moment }).nullable(),
  snoozed: z.object({ by: z.string(), until: instant }).nullable(),
  closed: z
    .object({
      by: nullableText.meta({ description: "Null: the console itself, once it was normal for 30 minutes" }),
      at: instant,
      reason: nullableText,
    })
    .nullable(),
  hushed: hush.nullable(),
});

export const incidentsAnswer = z.object({
  incidents: z.array(line.meta({ id: "IncidentLine" })),
  total: count.meta({ description: "How many match" }),
  counts: z.record(state, count).meta({ description: "Of each state, whatever `state` says" }),
});

const alert = z
  .object({
    id: z.uuid(),
    target: z.string(),
    checkId: z.string(),
    objectKey: z.string(),
    object: z.looseObject({ kind: z.string() }),
    condition: z.enum(alertConditions),
    severity,
    value: nullableNumber,
    unit: nullableText,
    threshold: z.object({ warning: nullableNumber, critical: nullableNumber }).nullable(),
    words: z.object({ title: z.string(), detail: z.string(), mends: mend.optional() }),
    path: z.string(),
    since: instant,
    firedAt: moment,
    fineSince: moment.meta({ description: "Since when the check says that it is fine, while it recovers" }),
    unconfirmed: z
      .object({ since: instant, state: z.enum(["no_data", "error", "unavailable"]), reason: z.string() })
      .nullable(),
    incidentId: z.uuid().nullable(),
    labels: z.record(z.enum(labelNames), z.string()),
    spans: z.array(z.object({ from: instant, to: moment, severity })),
  })
  .meta({ id: "Alert" });

const event = z
  .object({
    id: z.uuid(),
    at: instant,
    kind: z.enum(incidentEventKinds),
    actor: z
      .object({ kind: z.enum(["user", "token", "system"]), name: z.string() })
      .nullable()
      .meta({ description: "Null: the console itself" }),
    facts: z.record(z.string(), z.unknown()),
    text: nullableText,
  })
  .meta({ id: "IncidentEvent" });

export const incidentAnswer = line
  .extend({
    detail: z.string(),
    mends: mend.nullable(),
    runbook: z.string(),
    needs: z.string(),
    alerts: z.array(alert),
    timeline: z.array(event).meta({ description: "Oldest first" }),
    eventsBefore: count.meta({ description: "Older events that are left out" }),
    earlier: z.array(
      z
        .object({
          id: z.uuid(),
          number: count,
          openedAt: instant,
          closedAt: moment,
          severity,
          title: z.string(),
        })
        .meta({ id: "EarlierIncident" }),
    ),
    expiredSilences: z.array(
      z.object({ id: z.uuid(), reason: z.string(), endedAt: instant, by: z.string() }),
    ),
  })
  .meta({ id: "Incident" });

export const openIncidentsAnswer = z.object({
  critical: count,
  warning: count,
  notice: count,
  unattended: count.meta({ description: "Of them those that nobody has acknowledged or snoozed" }),
  byTarget: z.array(z.object({ target: z.string(), count })),
});

export const assigneesAnswer = z.array(z.object({ id: z.uuid(), name: z.string() }));
