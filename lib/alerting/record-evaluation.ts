import type { Sql } from "postgres";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import type { Alert } from "./alert.ts";
import { type AlertRow, alertOf, removeAlerts, writeAlerts } from "./alert-rows.ts";
import {
  insertIncidentEvents,
  insertIncidents,
  lockOpenIncidents,
  updateIncidents,
} from "./incident-rows.ts";
import { moveIncidents } from "./move-incidents.ts";
import { badObjects, seeAlerts } from "./see-alerts.ts";
import { writeSpans } from "./spans.ts";
import { type Ask, askRaw } from "./statement.ts";

/**
 * Moves alerts and incidents by what a round found, in the transaction that writes the states: a leader that was deposed
 * and wakes up has none of its looks accepted, and changes nothing. Where nothing is bad it asks one statement.
 */
export async function recordEvaluation(tx: Sql, round: AcceptedRound): Promise<void> {
  if (round.looks.length === 0) return;
  const ask = askRaw(tx);
  const known = await readKnown(ask, round);
  const seen = seeAlerts(round, known);
  if (!seen.some(({ differs }) => differs)) return;
  const open = await lockOpenIncidents(ask, round.target);
  const moves = moveIncidents(round, seen, open);
  const moved = await updateIncidents(ask, moves.updated);
  if (moved.length < moves.updated.length) throw new Error("an incident that was locked has changed");
  await insertIncidents(ask, moves.opened);
  const alerts = seen.filter(({ alert, differs }) => differs || moves.joined.has(alert.id));
  const withIncident = alerts.map((each) => {
    const incidentId = moves.joined.get(each.alert.id);
    return incidentId === undefined ? each : { ...each, alert: { ...each.alert, incidentId } };
  });
  // Nobody ever heard of an alert without an incident.
  const heard = ({ condition, incidentId }: Alert) => condition !== "normal" || incidentId !== null;
  await writeAlerts(ask, withIncident.map(({ alert }) => alert).filter(heard), round.now);
  await removeAlerts(
    ask,
    withIncident.flatMap(({ before, alert }) => (before && !heard(alert) ? [alert.id] : [])),
  );
  await writeSpans(ask, withIncident, round);
  await insertIncidentEvents(ask, moves.events, round.now);
}

/** Alerts that are not normal, and those of objects that are bad again. */
async function readKnown(ask: Ask, round: AcceptedRound): Promise<Alert[]> {
  const rows = await ask<{ row: AlertRow }>`
    select to_jsonb(alert) as row from alert where target = ${round.target} and condition <> 'normal'`;
  const known = rows.map(({ row }) => alertOf(row));
  const keyOf = (checkId: string, key: string) => `${checkId} ${key}`;
  const held = new Set(known.map(({ checkId, objectKey }) => keyOf(checkId, objectKey)));
  const others = badObjects(round).filter(({ checkId, key }) => !held.has(keyOf(checkId, key)));
  if (others.length === 0) return known;
  const named = JSON.stringify(others.map(({ checkId, key }) => ({ check_id: checkId, object_key: key })));
  const again = await ask<{ row: AlertRow }>`
    select to_jsonb(alert) as row
    from jsonb_to_recordset(${named}::text::jsonb) as named (check_id text, object_key text)
    join alert on alert.target = ${round.target} and alert.check_id = named.check_id
      and alert.object_key = named.object_key`;
  return [...known, ...again.map(({ row }) => alertOf(row))];
}
