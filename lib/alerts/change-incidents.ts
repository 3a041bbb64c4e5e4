import {
  actOnIncident,
  currentOf,
  type IncidentAct,
  nameOf,
  stateInWords,
} from "../alerting/act-on-incident.ts";
import { readAlertsOf } from "../alerting/alert-rows.ts";
import type { Incident, IncidentActor, IncidentStep } from "../alerting/incident.ts";
import { insertIncidentEvents, lockIncidents, updateIncidents } from "../alerting/incident-rows.ts";
import { askDrizzle } from "../alerting/statement.ts";
import { AppError } from "../errors.ts";
import type { VerbContext, VerbResult } from "../verbs/admin-action.ts";
import { momentInWords } from "../words.ts";
import type { Changed, Chosen } from "./inputs.ts";

/**
 * Does one act to one incident or to several, in the verb's transaction: each that can be is changed, and of several
 * those that cannot are answered with why.
 * @param assertMay throws for an incident to which this may not be done
 * @throws AppError NOT_FOUND; what `actOnIncident` throws; CONFLICT when it is not the version that was seen, naming who
 *   changed it and when; of several only where none could be changed
 */
export async function changeIncidents(
  { tx, actor, now }: Pick<VerbContext, "tx" | "actor" | "now">,
  chosen: Chosen,
  act: IncidentAct,
  assertMay: (incident: Incident) => void = () => {},
): Promise<VerbResult<Changed>> {
  const ask = askDrizzle(tx);
  const wanted = chosen.incidents ?? [{ id: chosen.incident ?? "", version: chosen.version }];
  const ids = wanted.map(({ id }) => id);
  const found = new Map((await lockIncidents(ask, chosen.target, ids)).map((one) => [one.id, one]));
  const alerts = Map.groupBy(await readAlertsOf(ask, ids), ({ incidentId }) => incidentId);
  const by: IncidentActor = { kind: actor.kind, id: actor.person?.id ?? actor.id, name: actor.name };
  const done: { before: Incident; step: IncidentStep }[] = [];
  const refused: { id: string; error: AppError }[] = [];
  for (const { id, version } of wanted)
    try {
      const before = found.get(id);
      if (!before) throw noSuchIncident(chosen.target);
      if (version !== undefined && version !== before.version) throw await changedMeanwhile(ask, before);
      assertMay(before);
      done.push({ before, step: actOnIncident(before, act, { by, now, alerts: alerts.get(id) ?? [] }) });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      refused.push({ id, error: thrown });
    }
  const [first] = refused;
  if (done.length === 0 && first) throw first.error;
  await updateIncidents(
    ask,
    done.map(({ before, step }) => ({ before, after: step.incident })),
  );
  await insertIncidentEvents(
    ask,
    done.flatMap(({ step }) => step.events.map((event) => ({ ...event, incidentId: step.incident.id }))),
    now,
  );
  const changed = done.map(({ step: { incident } }) => ({
    id: incident.id,
    number: incident.number ?? 0,
    version: incident.version,
    state: incident.state,
  }));
  return {
    data: {
      changed,
      refused: refused.map(({ id, error }) => ({
        id,
        number: found.get(id)?.number ?? null,
        code: error.code,
        message: error.message,
      })),
    },
    ...(changed[0] && {
      object: {
        type: "incident",
        id: changed[0].id,
        name: done.map(({ before }) => nameOf(before)).join(" "),
      },
    }),
    facts: { incidents: changed.map(({ number }) => number), check: done[0]?.before.checkId },
  };
}

const noSuchIncident = (target: string): AppError =>
  new AppError("NOT_FOUND", `There is no such incident of ${target}.`, {
    hint: "Closed incidents are kept for 400 days.",
  });

/** Who changed it last, and when. */
async function changedMeanwhile(ask: ReturnType<typeof askDrizzle>, incident: Incident): Promise<AppError> {
  const [last] = await ask<{ name: string | null; at: string }>`
    select actor_name as name, to_json(at)#>>'{}' as at from incident_event
    where incident_id = ${incident.id} and kind not in ('commented', 'confirmed', 'unconfirmed', 'told', 'telling_failed')
    order by seq desc limit 1`;
  const at = new Date(last?.at ?? incident.changedAt);
  const who = last?.name ?? "the console itself";
  return new AppError(
    "CONFLICT",
    `${nameOf(incident)} was changed by ${who} at ${momentInWords(at.toISOString())} UTC: it is ${stateInWords(incident)}.`,
    {
      current: { ...currentOf(incident), by: who, at: at.toISOString() },
      hint: "Look at it again, then decide.",
    },
  );
}
