import type { Sql } from "postgres";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import type { Alert } from "./alert.ts";
import { AlertMemory } from "./alert-memory.ts";
import { type AlertRow, alertOf, insertAlerts, removeAlerts, updateAlerts } from "./alert-rows.ts";
import {
  insertIncidentEvents,
  insertIncidents,
  lockOpenIncidents,
  updateIncidents,
} from "./incident-rows.ts";
import { concernOf, moveIncidents } from "./move-incidents.ts";
import { badObjects, seeAlerts } from "./see-alerts.ts";
import { writeSpans } from "./spans.ts";
import { type Ask, askRaw } from "./statement.ts";

/**
 * Moves alerts and incidents by what a round found, in the transaction that writes the states: a leader that was deposed
 * and wakes up has none of its looks accepted, and changes nothing. Where nothing is bad it asks one statement.
 * @returns whether anything moved
 */
export function recordEvaluation(
  tx: Sql,
  target: string,
  memory = new AlertMemory(),
): (round: AcceptedRound) => Promise<boolean> {
  const ask = askRaw(tx);
  const standing = memory.read(ask, target);
  // Whoever writes the states fails too.
  standing.catch(() => {});
  return async (round) => {
    return round.looks.length > 0 && moveAlerts(ask, round, await standing);
  };
}

async function moveAlerts(ask: Ask, round: AcceptedRound, standing: readonly Alert[]): Promise<boolean> {
  const bad = badObjects(round);
  const seen = seeAlerts(round, [...standing, ...(await readNormal(ask, round.target, bad, standing))]);
  if (!seen.some(({ differs }) => differs)) return false;
  const open = await lockOpenIncidents(ask, round.target, concernOf(round, seen));
  const moves = moveIncidents(round, seen, open);
  const alerts = seen.filter(({ alert, differs }) => differs || moves.joined.has(alert.id));
  const withIncident = alerts.map((each) => {
    const incidentId = moves.joined.get(each.alert.id);
    return incidentId === undefined ? each : { ...each, alert: { ...each.alert, incidentId } };
  });
  // Nobody ever heard of an alert without an incident.
  const heard = ({ condition, incidentId }: Alert) => condition !== "normal" || incidentId !== null;
  const kept = withIncident.filter(({ alert }) => heard(alert));
  const begun = kept.flatMap(({ before, alert }) => (before ? [] : [alert]));
  const known = kept.flatMap(({ before, alert }) => (before ? [{ before, after: alert }] : []));
  const forgotten = withIncident.flatMap(({ before, alert }) => (before && !heard(alert) ? [alert.id] : []));
  // Sent together, and carried out in this order.
  const [moved, , , written] = await Promise.all([
    updateIncidents(ask, moves.updated),
    insertIncidents(ask, moves.opened),
    insertAlerts(ask, begun, round.now),
    updateAlerts(ask, round.target, known, round.now),
    removeAlerts(ask, forgotten),
    writeSpans(ask, withIncident, round),
    insertIncidentEvents(ask, moves.events, round.now),
  ]);
  if (moved < moves.updated.length) throw new Error("an incident that was locked has changed");
  if (written < known.length) throw new Error("an alert was removed meanwhile");
  return true;
}

/** Those of objects that are bad again. */
async function readNormal(
  ask: Ask,
  target: string,
  bad: ReturnType<typeof badObjects>,
  standing: readonly Alert[],
): Promise<Alert[]> {
  const held = new Set(standing.map(({ checkId, objectKey }) => `${checkId} ${objectKey}`));
  const others = bad.filter(({ checkId, key }) => !held.has(`${checkId} ${key}`));
  if (others.length === 0) return [];
  const named = JSON.stringify(others.map(({ checkId, key }) => ({ check_id: checkId, object_key: key })));
  const rows = await ask<{ row: AlertRow }>`
    select row_to_json(alert) as row
    from jsonb_to_recordset(${named}::text::jsonb) as named (check_id text, object_key text)
    join alert on alert.target = ${target} and alert.check_id = named.check_id
      and alert.object_key = named.object_key`;
  return rows.map(({ row }) => alertOf(row));
}
