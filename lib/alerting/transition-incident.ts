import { type Alert, fires, isOrphan, severityRank } from "./alert.ts";
import {
  closeAfterMs,
  type Incident,
  type IncidentEventKind,
  type IncidentStep,
  machineEvent,
  type NewIncidentEvent,
} from "./incident.ts";
import { labelsOf } from "./labels.ts";
import type { AlertChange } from "./transition-alert.ts";

/** An alert of the incident's group, as it is after a look, and what that changed; `alert.incidentId` as before. */
export interface Member {
  alert: Alert;
  changes: readonly AlertChange[];
}

/**
 * A group without an open incident gets one when an alert begins to fire or grows graver, or fires in no incident, and
 * not before: those that fire on after somebody closed their incident all the same stay with it until then.
 * @param members every alert of the group that fires
 * @returns null where there is nothing to open
 */
export function openIncident(
  of: { id: string; target: string; groupKey: string },
  members: readonly Member[],
  now: Date,
): IncidentStep | null {
  const firing = members.filter(({ alert }) => fires(alert));
  const begun = firing.filter(
    ({ alert, changes }) => isOrphan(alert) || changes.includes("fired") || changes.includes("rose"),
  );
  const worst = worstOf(firing);
  if (begun.length === 0 || !worst) return null;
  return {
    incident: {
      ...of,
      number: null,
      condition: "firing",
      state: "open",
      version: 1,
      ...figuresOf(worst),
      firing: firing.length,
      telling: 1,
      fires: 1,
      flapping: false,
      openedAt: now,
      firedAt: now,
      normalSince: null,
      unconfirmedSince: unconfirmedSince(firing),
      assignee: null,
      acknowledged: null,
      snoozed: null,
      covered: null,
      closed: null,
      changedAt: now,
    },
    events: [machineEvent("opened", { severity: worst.severity, ...naming(firing) })],
  };
}

/**
 * How a look moves an incident that is not closed. Objects that nobody acknowledged, and those graver than they were
 * then, re-open it; when it fires anew within the time it stays open, its acknowledgement has ended, and a snooze holds
 * for what it covers. `telling` is counted up at most once.
 * @param members every alert of the group that fires or changed
 */
export function observeIncident(incident: Incident, members: readonly Member[], now: Date): IncidentStep {
  const firing = members.filter(({ alert }) => fires(alert));
  const worst = worstOf(firing);
  if (!worst) return resolve(incident, members, now);

  const with_ = (change: AlertChange, of = firing) => of.filter(({ changes }) => changes.includes(change));
  const joined = firing.filter(({ alert }) => alert.incidentId !== incident.id);
  const rose = with_("rose");
  const refired = incident.condition === "normal";
  const begun = firing.filter((member) => joined.includes(member) || with_("fired").includes(member));
  const events: NewIncidentEvent[] = [];
  const tell = (kind: IncidentEventKind, which: readonly Member[]) => {
    if (which.length > 0) events.push(machineEvent(kind, naming(which)));
  };
  if (refired) tell("refired", firing);
  else {
    tell("object_joined", joined);
    tell(
      "fired",
      begun.filter((member) => !joined.includes(member)),
    );
    tell("object_left", with_("ended", [...members]));
  }
  tell("severity_rose", rose);
  const figures = figuresOf(worst);
  if (severityRank(figures.severity) < severityRank(incident.severity) && !refired)
    events.push(machineEvent("severity_fell", { from: incident.severity, to: figures.severity }));

  const next: Incident = {
    ...incident,
    ...figures,
    condition: "firing",
    firing: firing.length,
    normalSince: null,
    unconfirmedSince: unconfirmedSince(firing),
    ...(refired && { fires: incident.fires + 1, firedAt: now }),
  };
  const uncovered = [...new Set([...begun, ...rose])].filter(({ alert }) => !isCovered(incident, alert));
  const attended = incident.state !== "open";
  const reopens =
    attended &&
    (uncovered.length > 0 || (refired && !incident.flapping && incident.state === "acknowledged"));
  if (reopens) {
    Object.assign(next, unattended);
    events.push(
      machineEvent("reopened", {
        from: incident.state,
        ...naming(uncovered.length > 0 ? uncovered : firing),
      }),
    );
  }
  if (reopens || (!attended && ((refired && !incident.flapping) || joined.length > 0 || rose.length > 0)))
    next.telling += 1;
  noteConfirmation(incident, next, events);
  return settle(incident, next, events, now);
}

/** What the clock alone does to an incident: nothing returned is late, whoever looks at whatever. */
export function tickIncident(incident: Incident, now: Date): IncidentStep {
  const { state, condition, normalSince, acknowledged, snoozed } = incident;
  const still = { incident, events: [] };
  if (state === "closed") return still;
  if (condition === "normal" && normalSince) {
    // The clock was put back: half an hour begins anew.
    if (normalSince > now) return { incident: { ...incident, normalSince: now }, events: [] };
    if (now.getTime() - normalSince.getTime() >= closeAfterMs) {
      const closed = { by: null, at: now, reason: null };
      return settle(
        incident,
        { ...incident, ...unattended, state: "closed", closed },
        [machineEvent("closed", {})],
        now,
      );
    }
  }
  const tell = condition === "firing" ? 1 : 0;
  const next = { ...incident, ...unattended, telling: incident.telling + tell };
  if (acknowledged && acknowledged.until <= now)
    return settle(incident, next, [machineEvent("acknowledgement_ended", { by: acknowledged.by })], now);
  if (snoozed && snoozed.until <= now)
    return settle(incident, next, [machineEvent("snooze_ended", { by: snoozed.by })], now);
  return still;
}

/** Open, with nobody's acknowledgement or snooze. */
export const unattended = { state: "open", acknowledged: null, snoozed: null, covered: null } as const;

/** The objects that fire and how gravely: what somebody who attends to it now has seen. */
export function coverOf(alerts: readonly Alert[]): NonNullable<Incident["covered"]> {
  return Object.fromEntries(
    alerts.flatMap((alert) => (fires(alert) && alert.severity ? [[alert.id, alert.severity]] : [])),
  );
}

function resolve(incident: Incident, members: readonly Member[], now: Date): IncidentStep {
  if (incident.condition === "normal") return { incident, events: [] };
  const next = {
    ...incident,
    condition: "normal" as const,
    firing: 0,
    normalSince: now,
    unconfirmedSince: null,
  };
  const ended = members.filter(({ changes }) => changes.includes("ended"));
  return settle(incident, next, [machineEvent("resolved", naming(ended))], now);
}

/** What a person decides on has changed with every event but these. */
const beside: ReadonlySet<IncidentEventKind> = new Set(["confirmed", "unconfirmed", "commented"]);

export function settle(
  before: Incident,
  next: Incident,
  events: NewIncidentEvent[],
  now: Date,
): IncidentStep {
  if (events.length === 0) return { incident: next, events };
  const counts = events.some(({ kind }) => !beside.has(kind));
  return { incident: { ...next, version: before.version + (counts ? 1 : 0), changedAt: now }, events };
}

function isCovered({ covered }: Incident, { id, severity }: Alert): boolean {
  const then = covered?.[id];
  return then !== undefined && severity !== null && severityRank(severity) <= severityRank(then);
}

function noteConfirmation(before: Incident, next: Incident, events: NewIncidentEvent[]): void {
  if (!before.unconfirmedSince && next.unconfirmedSince)
    events.push(machineEvent("unconfirmed", { since: next.unconfirmedSince }));
  if (before.unconfirmedSince && !next.unconfirmedSince && before.condition === "firing")
    events.push(machineEvent("confirmed", { since: before.unconfirmedSince }));
}

/** Set while none of them is confirmed: since the last one was. */
function unconfirmedSince(firing: readonly Member[]): Date | null {
  const since = firing.map(({ alert }) => alert.unconfirmed?.since ?? null);
  if (since.length === 0 || since.includes(null)) return null;
  return new Date(Math.max(...since.map((at) => at?.getTime() ?? 0)));
}

/** The gravest, of these the one that fires longest. */
function worstOf(
  firing: readonly Member[],
): (Alert & { severity: NonNullable<Alert["severity"]> }) | undefined {
  const [worst] = firing
    .map(({ alert }) => alert)
    .toSorted(
      (a, b) =>
        severityRank(b.severity ?? "notice") - severityRank(a.severity ?? "notice") ||
        (a.firedAt?.getTime() ?? 0) - (b.firedAt?.getTime() ?? 0) ||
        (a.id < b.id ? -1 : 1),
    );
  return worst && { ...worst, severity: worst.severity ?? "notice" };
}

const figuresOf = ({ checkId, severity, words, path }: NonNullable<ReturnType<typeof worstOf>>) => ({
  checkId,
  severity,
  words,
  path,
});

const mostNamed = 10;

/** What an event is about; the first of many. */
function naming(members: readonly Member[]): { objects: unknown[]; count: number } {
  const objects = members.slice(0, mostNamed).map(({ alert }) => ({
    name: labelsOf({ ...alert, severity: alert.severity ?? "notice" }).object,
    ...(alert.severity && { severity: alert.severity }),
    ...(alert.value !== null && { value: alert.value, unit: alert.unit }),
    title: alert.words.title,
  }));
  return { objects, count: members.length };
}
