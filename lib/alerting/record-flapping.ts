import { machineEvent } from "./incident.ts";
import { insertIncidentEvents } from "./incident-rows.ts";
import { flappingChanges, flappingWithinMs, judgeFlapping, steadyAfterMs } from "./judge-flapping.ts";
import type { Ask } from "./statement.ts";

interface Row {
  id: string;
  flapping: boolean;
  /** When it fired or resolved within the hour. */
  changes: string[];
}

/**
 * Writes down which open incidents of a target flap from now on, and which are steady again. That one began to flap is
 * told once, to nobody where somebody attends to it; while it flaps neither its fires nor its ends are.
 * @param now of the round that has moved its incidents: one that it left as it was does not begin to flap
 */
export async function recordFlapping(ask: Ask, target: string, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString();
  const rows = await ask<Row>`
    select incident.id, flapping, coalesce(to_jsonb(array_agg(event.at) filter (where event.at is not null)), '[]') as changes
    from incident
    left join incident_event as event on event.incident_id = incident.id
      and event.kind in ('opened', 'refired', 'resolved') and event.at > ${before(flappingWithinMs)}::timestamptz
    where target = ${target} and state <> 'closed'
      and (flapping or (fires > 1 and changed_at = ${now.toISOString()}::timestamptz))
    group by incident.id
    having case when flapping then coalesce(max(event.at) <= ${before(steadyAfterMs)}::timestamptz, true)
                else count(event.at) >= ${flappingChanges}::integer end`;
  const judged = rows.flatMap(({ id, flapping, changes }) => {
    const verdict = judgeFlapping({ flapping, changes: changes.map((at) => new Date(at)) }, now);
    return verdict ? [{ id, flapping: verdict === "begins", changes: changes.length }] : [];
  });
  if (judged.length === 0) return;
  await ask`
    update incident
    set flapping = judged.flapping, changed_at = ${now.toISOString()}::timestamptz,
        telling = telling + case when judged.flapping and state = 'open' then 1 else 0 end
    from jsonb_to_recordset(${JSON.stringify(judged)}::text::jsonb) as judged (id uuid, flapping boolean)
    where incident.id = judged.id`;
  await insertIncidentEvents(
    ask,
    judged.map(({ id, flapping, changes }) => ({
      ...machineEvent(flapping ? "flapping" : "steadied", { changes }),
      incidentId: id,
    })),
    now,
  );
}
