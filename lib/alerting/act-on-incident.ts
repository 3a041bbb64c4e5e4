import { AppError } from "../errors.ts";
import { momentInWords } from "../words.ts";
import type { Alert } from "./alert.ts";
import type { Incident, IncidentActor, IncidentStep, NewIncidentEvent } from "./incident.ts";
import { coverOf, settle, unattended } from "./transition-incident.ts";

/** What a person does to an incident. */
export type IncidentAct =
  | { act: "acknowledge"; until: Date }
  | { act: "unacknowledge" }
  | { act: "assign"; to: { id: string; name: string } | null }
  | { act: "comment"; text: string }
  | { act: "snooze"; until: Date }
  /** While it fires only with a reason. */
  | { act: "close"; reason: string | null };

const done: Record<IncidentAct["act"], string> = {
  acknowledge: "acknowledged",
  unacknowledge: "taken back",
  assign: "assigned",
  comment: "commented on",
  snooze: "snoozed",
  close: "closed",
};

/**
 * What a person's act makes of an incident.
 * @param alerts those of the incident as they are now: acknowledging and snoozing cover what fires of them
 * @throws AppError CONFLICT where the act leads nowhere from its state, with who brought it there and when;
 *   BAD_INPUT for a time that has passed, and for closing what fires without a reason
 */
export function actOnIncident(
  incident: Incident,
  act: IncidentAct,
  { by, now, alerts }: { by: IncidentActor; now: Date; alerts: readonly Alert[] },
): IncidentStep {
  const { state, condition } = incident;
  const event = (
    kind: NewIncidentEvent["kind"],
    facts: Record<string, unknown> = {},
    text: string | null = null,
  ) => [{ kind, actor: by, facts, text }];
  if (act.act === "comment") return settle(incident, { ...incident }, event("commented", {}, act.text), now);
  if (state === "closed") throw illegal(incident, act);
  switch (act.act) {
    case "assign":
      return settle(
        incident,
        { ...incident, assignee: act.to },
        event("assigned", { to: act.to?.name ?? null }),
        now,
      );
    case "acknowledge": {
      if (state === "acknowledged" || condition === "normal") throw illegal(incident, act);
      assertAhead(act.until, now);
      const acknowledged = { byId: by.id, by: by.name, at: now, until: act.until };
      const next = { ...incident, ...unattended, state: "acknowledged" as const, acknowledged };
      return settle(
        incident,
        { ...next, covered: coverOf(alerts) },
        event("acknowledged", { until: act.until }),
        now,
      );
    }
    case "snooze": {
      if (condition === "normal") throw illegal(incident, act);
      assertAhead(act.until, now);
      const snoozed = { by: by.name, until: act.until };
      const next = { ...incident, ...unattended, state: "snoozed" as const, snoozed };
      return settle(
        incident,
        { ...next, covered: coverOf(alerts) },
        event("snoozed", { until: act.until }),
        now,
      );
    }
    case "unacknowledge": {
      if (state === "open") throw illegal(incident, act);
      const kind = state === "snoozed" ? "snooze_ended" : "unacknowledged";
      return settle(incident, { ...incident, ...unattended }, event(kind), now);
    }
    case "close": {
      if (condition === "firing" && !act.reason)
        throw new AppError(
          "BAD_INPUT",
          `${nameOf(incident)} still fires: say why it is closed all the same.`,
          {
            fields: { reason: "is needed while it fires" },
          },
        );
      const closed = { by: by.name, at: now, reason: act.reason };
      const next = { ...incident, ...unattended, state: "closed" as const, closed };
      return settle(incident, next, event("closed", { forced: condition === "firing" }, act.reason), now);
    }
  }
}

/** `#12` */
export const nameOf = ({ number }: Pick<Incident, "number">): string => `#${number ?? "?"}`;

/** How it came to be as it is: "acknowledged by Ada since 27 Nov 2026 09:12 UTC". */
export function stateInWords(incident: Incident): string {
  const { state, acknowledged, snoozed, closed, normalSince } = incident;
  if (state === "acknowledged" && acknowledged)
    return `acknowledged by ${acknowledged.by} since ${moment(acknowledged.at)}`;
  if (state === "snoozed" && snoozed) return `snoozed by ${snoozed.by} until ${moment(snoozed.until)}`;
  if (state === "closed" && closed)
    return `closed by ${closed.by ?? "the console"} since ${moment(closed.at)}`;
  return normalSince ? `open, and normal since ${moment(normalSince)}` : "open";
}

const moment = (at: Date): string => `${momentInWords(at.toISOString())} UTC`;

function illegal(incident: Incident, { act }: IncidentAct): AppError {
  return new AppError(
    "CONFLICT",
    `${nameOf(incident)} cannot be ${done[act]}: it is ${stateInWords(incident)}.`,
    { current: currentOf(incident) },
  );
}

/** What a CONFLICT says of an incident as it stands. */
export const currentOf = (incident: Incident) => ({
  id: incident.id,
  number: incident.number,
  version: incident.version,
  state: incident.state,
  condition: incident.condition,
  acknowledged: incident.acknowledged && {
    by: incident.acknowledged.by,
    at: incident.acknowledged.at.toISOString(),
  },
  changedAt: incident.changedAt.toISOString(),
});

function assertAhead(until: Date, now: Date): void {
  if (until > now) return;
  throw new AppError("BAD_INPUT", "That time has passed.", { fields: { until: "must lie ahead" } });
}
