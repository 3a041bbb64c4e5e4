import type { Sql } from "postgres";
import { type Alert, type AlertSeverity, fires, severityRank } from "../alerting/alert.ts";
import { type AlertRow, alertOf } from "../alerting/alert-rows.ts";
import type { Hush } from "../alerting/hush.ts";
import { type IncidentRow, incidentOf } from "../alerting/incident-rows.ts";
import { labelsOf } from "../alerting/labels.ts";
import type { JudgedAlert } from "../alerting/overlay.ts";
import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";
import { toLine } from "./to-line.ts";
import type { IncidentEvent, IncidentPage } from "./types.ts";

const mostAlerts = 200;
const mostSpans = 50;
const mostEvents = 500;
const mostEarlier = 10;

/** One incident with its alerts, timeline and what came before. @throws AppError NOT_FOUND, also for one of another target */
export async function getIncident(
  sql: Sql,
  checks: ReadonlyMap<string, Check>,
  asked: { targets: readonly string[] } & ({ id: string } | { number: number }),
  overlay: {
    hushes: ReadonlyMap<string, Hush>;
    /** Silences that are over and would mean one of these alerts. */
    expired(target: string, alerts: readonly JudgedAlert[]): Promise<IncidentPage["expiredSilences"]>;
  },
): Promise<IncidentPage> {
  const [found] = await sql<{ row: IncidentRow }[]>`
    select to_jsonb(incident) as row from incident
    where target = any(${[...asked.targets]}::text[])
      and ${"id" in asked ? sql`id = ${asked.id}` : sql`number = ${asked.number}`}`;
  if (!found)
    throw new AppError("NOT_FOUND", "There is no such incident.", {
      hint: "Closed incidents are kept for 400 days.",
    });
  const incident = incidentOf(found.row);
  const [alerts, timeline, earlier] = await Promise.all([
    readAlerts(sql, incident.id),
    readTimeline(sql, incident.id),
    sql<IncidentPage["earlier"]>`
      select id, number::float8 as number, opened_at as "openedAt", closed_at as "closedAt", severity,
             words->>'title' as title
      from incident
      where target = ${incident.target} and group_key = ${incident.groupKey} and number < ${incident.number}
      order by number desc limit ${mostEarlier}`,
  ]);
  const check = checks.get(incident.checkId);
  return {
    ...toLine(incident, checks, overlay.hushes),
    detail: incident.words.detail,
    mends: incident.words.mends ?? null,
    runbook: check?.runbook ?? "This version of the console has no such check any more.",
    needs: check?.needs ?? "",
    alerts,
    ...timeline,
    earlier: [...earlier],
    expiredSilences: await overlay.expired(
      incident.target,
      alerts.filter(fires).map((alert) => ({ ...alert, severity: alert.severity ?? "notice" })),
    ),
  };
}

interface SpanRow {
  row: AlertRow;
  severity: AlertSeverity;
  spans: { from: string; to: string | null; severity: AlertSeverity }[];
}

/** What fired in it, the gravest first, each with when it did. */
async function readAlerts(sql: Sql, incidentId: string): Promise<IncidentPage["alerts"]> {
  const rows = await sql<SpanRow[]>`
    select to_jsonb(alert) as row, spans.severity, spans.spans
    from (
      select alert_id, max(fired_at) as newest,
             (array['notice', 'warning', 'critical'])[
               max(array_position(array['notice', 'warning', 'critical'], severity))] as severity,
             jsonb_agg(jsonb_build_object('from', fired_at, 'to', ended_at, 'severity', severity) order by fired_at)
               filter (where place <= ${mostSpans}) as spans
      from (select *, row_number() over (partition by alert_id order by fired_at desc) as place
            from alert_span where incident_id = ${incidentId}) as numbered
      group by alert_id
    ) as spans
    join alert on alert.id = spans.alert_id
    order by alert.condition in ('firing', 'recovering') desc, spans.newest desc limit ${mostAlerts}`;
  return rows
    .map(({ row, severity, spans }) => {
      const alert = ofIncident(alertOf(row), incidentId);
      return {
        ...alert,
        severity: alert.severity ?? severity,
        labels: labelsOf({ ...alert, severity: alert.severity ?? severity }),
        spans: spans.map(({ from, to, ...span }) => ({
          from: new Date(from),
          to: to === null ? null : new Date(to),
          severity: span.severity,
        })),
      };
    })
    .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity));
}

/** An alert that fires in a later incident by now is over in this one. */
const ofIncident = (alert: Alert, incidentId: string): Alert =>
  alert.incidentId === incidentId
    ? alert
    : { ...alert, condition: "normal", unconfirmed: null, fineSince: null };

async function readTimeline(
  sql: Sql,
  incidentId: string,
): Promise<Pick<IncidentPage, "timeline" | "eventsBefore">> {
  const rows = await sql<
    (Omit<IncidentEvent, "actor"> & {
      actorKind: "user" | "token" | "system";
      actorName: string | null;
      all: number;
    })[]
  >`
    select id, at, kind, actor_kind as "actorKind", actor_name as "actorName", facts, text,
           (count(*) over ())::int as all
    from incident_event where incident_id = ${incidentId} order by seq desc limit ${mostEvents}`;
  return {
    timeline: rows.toReversed().map(({ actorKind, actorName, all: _, ...event }) => ({
      ...event,
      actor: actorName === null ? null : { kind: actorKind, name: actorName },
    })),
    eventsBefore: (rows[0]?.all ?? 0) - rows.length,
  };
}
