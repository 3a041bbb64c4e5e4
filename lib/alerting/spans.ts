import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { storableJson } from "../db/storable-json.ts";
import type { AcceptedRound } from "../evaluation/recorded.ts";
import { fires } from "./alert.ts";
import type { SeenAlert } from "./see-alerts.ts";
import type { Ask } from "./statement.ts";

/** The spans in which alerts fire: begun or made worse in one statement, ended in another. */
export async function writeSpans(
  ask: Ask,
  seen: readonly SeenAlert[],
  { looks, now }: AcceptedRound,
): Promise<void> {
  const falling = new Set(
    looks.flatMap(({ check }) => (check.thresholds?.direction === "falling" ? [check.id] : [])),
  );
  const firing = seen.map(({ alert }) => alert).filter(fires);
  const opening = openSpans(
    ask,
    firing.map((alert) => ({
      id: uuidV7(now.getTime()),
      alert_id: alert.id,
      incident_id: alert.incidentId,
      severity: alert.severity,
      fired_at: alert.firedAt ?? now,
      peak: alert.value,
    })),
    firing.flatMap(({ id, checkId }) => (falling.has(checkId) ? [id] : [])),
  );
  const ended = seen.flatMap(({ alert, changes }) => (changes.includes("ended") ? [alert.id] : []));
  await Promise.all([opening, endSpans(ask, ended, now)]);
}

async function endSpans(ask: Ask, alertIds: readonly string[], now: Date): Promise<void> {
  if (alertIds.length === 0) return;
  await ask`
    update alert_span set ended_at = ${now.toISOString()}::timestamptz
    where ended_at is null
      and alert_id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(alertIds)}::text::jsonb))`;
}

/** @param falling alerts whose lower figures are worse */
async function openSpans(ask: Ask, rows: readonly object[], falling: readonly string[]): Promise<void> {
  if (rows.length === 0) return;
  await ask`
    insert into alert_span as stored
    select * from jsonb_populate_recordset(null::alert_span, ${storableJson(rows)}::text::jsonb)
    on conflict (alert_id) where ended_at is null do update
      set incident_id = excluded.incident_id,
          severity = (array['notice', 'warning', 'critical'])[greatest(
            array_position(array['notice', 'warning', 'critical'], stored.severity),
            array_position(array['notice', 'warning', 'critical'], excluded.severity))],
          peak = case when stored.alert_id::text in (
              select jsonb_array_elements_text(${JSON.stringify(falling)}::text::jsonb))
            then least(stored.peak, excluded.peak) else greatest(stored.peak, excluded.peak) end`;
}
