import type { CheckObject } from "../check.ts";
import { storableJson } from "../db/storable-json.ts";
import type { Alert, AlertCondition, AlertSeverity } from "./alert.ts";
import { changed, withoutNulls } from "./moved-columns.ts";
import type { Ask } from "./statement.ts";

/** An alert as `row_to_json` gives its row. */
export interface AlertRow {
  id: string;
  target: string;
  check_id: string;
  object_key: string;
  object: CheckObject;
  condition: AlertCondition;
  severity: AlertSeverity | null;
  value: number | null;
  unit: string | null;
  threshold: Alert["threshold"];
  words: Alert["words"];
  path: string;
  since: string;
  fired_at: string | null;
  fine_since: string | null;
  unconfirmed_since: string | null;
  unconfirmed: { state: "no_data" | "error" | "unavailable"; reason: string } | null;
  incident_id: string | null;
  seen_at: string;
}

export const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function alertOf(row: AlertRow): Alert {
  const { object, unconfirmed } = row;
  const unconfirmedSince = dateOf(row.unconfirmed_since);
  return {
    id: row.id,
    target: row.target,
    checkId: row.check_id,
    objectKey: row.object_key,
    object: object.kind === "session" ? { ...object, backendStart: new Date(object.backendStart) } : object,
    condition: row.condition,
    severity: row.severity,
    value: row.value,
    unit: row.unit,
    threshold: row.threshold,
    words: row.words,
    path: row.path,
    since: new Date(row.since),
    firedAt: dateOf(row.fired_at),
    fineSince: dateOf(row.fine_since),
    unconfirmed: unconfirmed && unconfirmedSince ? { since: unconfirmedSince, ...unconfirmed } : null,
    incidentId: row.incident_id,
  };
}

function rowOf(alert: Alert) {
  const { unconfirmed } = alert;
  return {
    id: alert.id,
    target: alert.target,
    check_id: alert.checkId,
    object_key: alert.objectKey,
    object: alert.object,
    condition: alert.condition,
    severity: alert.severity,
    value: alert.value,
    unit: alert.unit,
    threshold: alert.threshold,
    words: alert.words,
    path: alert.path,
    since: alert.since,
    fired_at: alert.firedAt,
    fine_since: alert.fineSince,
    unconfirmed_since: unconfirmed?.since ?? null,
    unconfirmed: unconfirmed && { state: unconfirmed.state, reason: unconfirmed.reason },
    incident_id: alert.incidentId,
  };
}

/** Alerts of objects that were never bad, in one statement. */
export async function insertAlerts(ask: Ask, alerts: readonly Alert[], now: Date): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map((alert) => withoutNulls({ ...rowOf(alert), seen_at: now }));
  await ask`
    insert into alert select * from jsonb_populate_recordset(null::alert, ${storableJson(rows)}::text::jsonb)`;
}

/**
 * What became of alerts of a target that are locked with its evaluations, in one statement.
 * @returns how many were written
 */
export async function updateAlerts(
  ask: Ask,
  target: string,
  moved: readonly { before: Alert; after: Alert }[],
  now: Date,
): Promise<number> {
  if (moved.length === 0) return 0;
  const rows = moved.map(({ before, after }) => {
    const { target: _, check_id: __, object_key: ___, ...row } = rowOf(after);
    return withoutNulls({
      ...row,
      object: changed(before.object, after.object),
      words: changed(before.words, after.words),
      incident_id: changed(before.incidentId, after.incidentId),
    });
  });
  const [written] = await ask<{ count: number }>`
    with written as (
      update alert as stored
      set object = coalesce(moved.object, stored.object), condition = moved.condition, severity = moved.severity,
          value = moved.value, unit = moved.unit, threshold = moved.threshold, words = coalesce(moved.words, stored.words),
          path = moved.path, since = moved.since, fired_at = moved.fired_at, fine_since = moved.fine_since,
          unconfirmed_since = moved.unconfirmed_since, unconfirmed = moved.unconfirmed,
          incident_id = coalesce(moved.incident_id, stored.incident_id), seen_at = ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${storableJson(rows)}::text::jsonb) as moved
        (id uuid, object jsonb, condition text, severity text, value float8, unit text, threshold jsonb, words jsonb,
         path text, since timestamptz, fired_at timestamptz, fine_since timestamptz, unconfirmed_since timestamptz,
         unconfirmed jsonb, incident_id uuid)
      where stored.target = ${target} and stored.id = moved.id
      returning 1)
    select count(*)::int from written`;
  return written?.count ?? 0;
}

/** Removes those that nobody ever heard of. */
export async function removeAlerts(ask: Ask, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await ask`
    delete from alert where id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`;
}

/** The alerts of an incident. */
export async function readAlertsOf(ask: Ask, incidentIds: readonly string[]): Promise<Alert[]> {
  const rows = await ask<{ row: AlertRow }>`
    select row_to_json(alert) as row from alert
    where incident_id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(incidentIds)}::text::jsonb))`;
  return rows.map(({ row }) => alertOf(row));
}
