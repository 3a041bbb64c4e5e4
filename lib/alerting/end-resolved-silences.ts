import type { Ask } from "./statement.ts";

/**
 * Writes down that silences *until resolved* of a target ended with their incidents. They hold no longer in any case
 * (`silenceState`); this keeps when.
 */
export async function endResolvedSilences(ask: Ask, target: string, now: Date): Promise<void> {
  await ask`
    update silence set ended_at = coalesce(incident.closed_at, incident.normal_since, ${now.toISOString()}::timestamptz)
    from incident
    where incident.id = silence.incident_id and incident.target = ${target}
      and silence.incident_fires is not null and silence.ended_at is null
      and (incident.condition = 'normal' or incident.state = 'closed' or incident.fires <> silence.incident_fires)`;
}
