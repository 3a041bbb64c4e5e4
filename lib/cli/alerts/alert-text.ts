import type { IncidentEvent, IncidentLine, IncidentPage } from "../../alerts/types.ts";
import { oneLine, timeText } from "../output/format.ts";
import type { Output } from "../output/output.ts";

export function writeIncidents(out: Output, incidents: readonly IncidentLine[]): void {
  out.table(
    ["#", "severity", "target", "what", "condition", "state", "since", "who has it"],
    incidents.map((one) => [
      one.number,
      one.severity,
      one.target,
      oneLine(one.title, 60),
      conditionText(one),
      one.state,
      timeText(one.firedAt),
      whoText(one),
    ]),
  );
}

export function writeIncident(out: Output, incident: IncidentPage): void {
  const { closed, hushed } = incident;
  const facts: [string, string | null][] = [
    ["incident", `#${incident.number} (${incident.id})`],
    ["target", incident.target],
    ["check", `${incident.checkTitle} (${incident.checkId})`],
    ["severity", incident.severity],
    ["condition", conditionText(incident)],
    ["state", stateText(incident)],
    ["assigned to", incident.assignee?.name ?? "nobody"],
    ["opened", timeText(incident.openedAt)],
    [
      "closed",
      closed &&
        `${timeText(closed.at)} by ${closed.by ?? "the console"}${closed.reason ? `: ${closed.reason}` : ""}`,
    ],
    ["not told", hushed?.words ?? null],
  ];
  out.line(`${incident.title}\n`);
  for (const [name, value] of facts) if (value) out.line(`${name.padEnd(12)} ${value}`);
  out.line(`\n${incident.detail}\n\nWhat to do: ${incident.runbook}\n`);
  out.table(
    ["object", "condition", "severity", "since", "what"],
    incident.alerts.map((alert) => [
      alert.labels.object,
      alert.unconfirmed ? `${alert.condition}, not confirmed` : alert.condition,
      alert.severity ?? "–",
      timeText(alert.since),
      oneLine(alert.words.title, 60),
    ]),
  );
  out.line();
  for (const event of incident.timeline) out.line(eventText(event));
}

const conditionText = ({ condition, firing, normalSince, unconfirmedSince }: IncidentLine): string =>
  condition === "normal"
    ? `normal since ${timeText(normalSince)}`
    : `${firing} firing${unconfirmedSince ? `, not confirmed since ${timeText(unconfirmedSince)}` : ""}`;

function stateText({ state, acknowledged, snoozed }: IncidentLine): string {
  if (acknowledged) return `acknowledged by ${acknowledged.by} until ${timeText(acknowledged.until)}`;
  if (snoozed) return `snoozed by ${snoozed.by} until ${timeText(snoozed.until)}`;
  return state;
}

const whoText = ({ assignee, acknowledged, snoozed }: IncidentLine): string =>
  oneLine(assignee?.name ?? acknowledged?.by ?? snoozed?.by ?? "nobody", 30);

function eventText({ at, kind, actor, text }: IncidentEvent): string {
  const what = kind.replaceAll("_", " ");
  return `${timeText(at)}  ${actor ? `${what} by ${actor.name}` : what}${text ? `: ${text}` : ""}`;
}
