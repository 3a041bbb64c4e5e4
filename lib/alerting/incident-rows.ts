import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { storableJson } from "../db/storable-json.ts";
import type { AlertSeverity } from "./alert.ts";
import { dateOf } from "./alert-rows.ts";
import type { Incident, IncidentState, NewIncidentEvent } from "./incident.ts";
import type { Concern } from "./move-incidents.ts";
import { changed, withoutNulls } from "./moved-columns.ts";
import type { Ask } from "./statement.ts";

/** The console database's channel that says that an incident has a new event. */
export const incidentChannel = "audit_db_incidents";

/** An incident as `row_to_json` gives its row. */
export interface IncidentRow {
  id: string;
  number: number;
  target: string;
  group_key: string;
  check_id: string;
  condition: "firing" | "normal";
  state: IncidentState;
  version: number;
  severity: AlertSeverity;
  words: Incident["words"];
  path: string;
  firing: number;
  telling: number;
  fires: number;
  flapping: boolean;
  opened_at: string;
  fired_at: string;
  normal_since: string | null;
  unconfirmed_since: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  acknowledged_by_id: string | null;
  acknowledged_by_name: string | null;
  acknowledged_at: string | null;
  acknowledged_until: string | null;
  covered: Incident["covered"];
  snoozed_until: string | null;
  snoozed_by_name: string | null;
  closed_at: string | null;
  closed_by_name: string | null;
  close_reason: string | null;
  changed_at: string;
}

export function incidentOf(row: IncidentRow): Incident {
  const [acknowledgedAt, acknowledgedUntil] = [dateOf(row.acknowledged_at), dateOf(row.acknowledged_until)];
  const [snoozedUntil, closedAt] = [dateOf(row.snoozed_until), dateOf(row.closed_at)];
  return {
    id: row.id,
    number: row.number,
    target: row.target,
    groupKey: row.group_key,
    checkId: row.check_id,
    condition: row.condition,
    state: row.state,
    version: row.version,
    severity: row.severity,
    words: row.words,
    path: row.path,
    firing: row.firing,
    telling: row.telling,
    fires: row.fires,
    flapping: row.flapping,
    openedAt: new Date(row.opened_at),
    firedAt: new Date(row.fired_at),
    normalSince: dateOf(row.normal_since),
    unconfirmedSince: dateOf(row.unconfirmed_since),
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? "" },
    acknowledged:
      acknowledgedAt && acknowledgedUntil
        ? {
            byId: row.acknowledged_by_id,
            by: row.acknowledged_by_name ?? "",
            at: acknowledgedAt,
            until: acknowledgedUntil,
          }
        : null,
    snoozed: snoozedUntil && { by: row.snoozed_by_name ?? "", until: snoozedUntil },
    covered: row.covered,
    closed: closedAt && { by: row.closed_by_name, at: closedAt, reason: row.close_reason },
    changedAt: new Date(row.changed_at),
  };
}

function rowOf(incident: Incident) {
  const { assignee, acknowledged, snoozed, closed } = incident;
  return {
    id: incident.id,
    target: incident.target,
    group_key: incident.groupKey,
    check_id: incident.checkId,
    condition: incident.condition,
    state: incident.state,
    version: incident.version,
    severity: incident.severity,
    words: incident.words,
    path: incident.path,
    firing: incident.firing,
    telling: incident.telling,
    fires: incident.fires,
    flapping: incident.flapping,
    opened_at: incident.openedAt,
    fired_at: incident.firedAt,
    normal_since: incident.normalSince,
    unconfirmed_since: incident.unconfirmedSince,
    assignee_id: assignee?.id ?? null,
    assignee_name: assignee?.name ?? null,
    acknowledged_by_id: acknowledged?.byId ?? null,
    acknowledged_by_name: acknowledged?.by ?? null,
    acknowledged_at: acknowledged?.at ?? null,
    acknowledged_until: acknowledged?.until ?? null,
    covered: incident.covered,
    snoozed_until: snoozed?.until ?? null,
    snoozed_by_name: snoozed?.by ?? null,
    closed_at: closed?.at ?? null,
    closed_by_name: closed?.by ?? null,
    close_reason: closed?.reason ?? null,
    changed_at: incident.changedAt,
  };
}

/** New incidents, in one statement. @throws what the unique index does where the group has an open one */
export async function insertIncidents(ask: Ask, incidents: readonly Incident[]): Promise<void> {
  if (incidents.length === 0) return;
  await ask`
    insert into incident
      (id, target, group_key, check_id, condition, state, version, severity, words, path, firing, telling, fires, flapping,
       opened_at, fired_at, normal_since, unconfirmed_since, changed_at)
    select id, target, group_key, check_id, condition, state, version, severity, words, path, firing, telling, fires,
           flapping, opened_at, fired_at, normal_since, unconfirmed_since, changed_at
    from jsonb_populate_recordset(null::incident, ${storableJson(incidents.map(rowOf))}::text::jsonb)`;
}

/**
 * Writes what became of incidents that still are what was read of them, in one statement. `flapping` is not among it.
 * @returns how many were written
 */
export async function updateIncidents(
  ask: Ask,
  moved: readonly { before: Incident; after: Incident }[],
): Promise<number> {
  if (moved.length === 0) return 0;
  const rows = moved.map(({ before, after }) => {
    const {
      id,
      target: _,
      group_key: __,
      number: ___,
      opened_at: ____,
      ...row
    } = { ...rowOf(after), number: 0 };
    return {
      id,
      was: before.version,
      ...withoutNulls({ ...row, words: changed(before.words, after.words) }),
    };
  });
  const [written] = await ask<{ count: number }>`
    with written as (
      update incident as stored
      set check_id = moved.check_id, condition = moved.condition, state = moved.state, version = moved.version,
          severity = moved.severity, words = coalesce(moved.words, stored.words), path = moved.path, firing = moved.firing,
          telling = moved.telling, fires = moved.fires, fired_at = moved.fired_at, normal_since = moved.normal_since,
          unconfirmed_since = moved.unconfirmed_since, assignee_id = moved.assignee_id, assignee_name = moved.assignee_name,
          acknowledged_by_id = moved.acknowledged_by_id, acknowledged_by_name = moved.acknowledged_by_name,
          acknowledged_at = moved.acknowledged_at, acknowledged_until = moved.acknowledged_until, covered = moved.covered,
          snoozed_until = moved.snoozed_until, snoozed_by_name = moved.snoozed_by_name, closed_at = moved.closed_at,
          closed_by_name = moved.closed_by_name, close_reason = moved.close_reason, changed_at = moved.changed_at
      from jsonb_to_recordset(${storableJson(rows)}::text::jsonb) as moved
        (id uuid, was integer, check_id text, condition text, state text, version integer, severity text, words jsonb,
         path text, firing integer, telling integer, fires integer, fired_at timestamptz, normal_since timestamptz,
         unconfirmed_since timestamptz, assignee_id uuid, assignee_name text, acknowledged_by_id text,
         acknowledged_by_name text, acknowledged_at timestamptz, acknowledged_until timestamptz, covered jsonb,
         snoozed_until timestamptz, snoozed_by_name text, closed_at timestamptz, closed_by_name text, close_reason text,
         changed_at timestamptz)
      where stored.id = moved.id and stored.version = moved.was
      returning 1)
    select count(*)::int from written`;
  return written?.count ?? 0;
}

/** What happened to incidents, in the order given, told to whoever follows when the transaction commits. */
export async function insertIncidentEvents(
  ask: Ask,
  events: readonly (NewIncidentEvent & { incidentId: string })[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ incidentId, kind, actor, facts, text }) =>
    withoutNulls({
      id: uuidV7(now.getTime()),
      incident_id: incidentId,
      at: now,
      kind,
      actor_kind: actor?.kind ?? "system",
      actor_id: actor?.id ?? null,
      // The machine has no name.
      actor_name: actor?.name ?? null,
      facts,
      text,
    }),
  );
  await ask`
    with written as (
      insert into incident_event (id, incident_id, at, kind, actor_kind, actor_id, actor_name, facts, text)
      select id, incident_id, at, kind, actor_kind, actor_id, actor_name, facts, text
      from jsonb_populate_recordset(null::incident_event, ${storableJson(rows)}::text::jsonb) with ordinality
      order by ordinality)
    select pg_notify(${incidentChannel}, '')`;
}

/**
 * Incidents that are not closed, locked in the order of their ids until the transaction ends: of these groups and with
 * these ids; all of the target where one of them is of another group, because the cause that checks share was renamed.
 */
export async function lockOpenIncidents(ask: Ask, target: string, concern: Concern): Promise<Incident[]> {
  const [groups, ids] = [concern.groups, concern.incidents].map((of) => JSON.stringify([...of]));
  const rows = await ask<{ row: IncidentRow }>`
    select row_to_json(incident) as row from incident
    where target = ${target} and state <> 'closed'
      and (group_key in (select jsonb_array_elements_text(${groups ?? "[]"}::text::jsonb))
        or id in (select value::uuid from jsonb_array_elements_text(${ids ?? "[]"}::text::jsonb)))
    order by id for update`;
  if (rows.every(({ row }) => concern.groups.has(row.group_key)))
    return rows.map(({ row }) => incidentOf(row));
  const all = await ask<{ row: IncidentRow }>`
    select row_to_json(incident) as row from incident
    where target = ${target} and state <> 'closed' order by id for update`;
  return all.map(({ row }) => incidentOf(row));
}

/** Incidents of a target by id, locked in the order of their ids. */
export async function lockIncidents(ask: Ask, target: string, ids: readonly string[]): Promise<Incident[]> {
  const rows = await ask<{ row: IncidentRow }>`
    select row_to_json(incident) as row from incident
    where target = ${target}
      and id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))
    order by id for update`;
  return rows.map(({ row }) => incidentOf(row));
}
