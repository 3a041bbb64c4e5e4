import type { State } from "@/components/ui/state-badge.tsx";
import type { IncidentLine } from "@/lib/alerts/types.ts";
import { formatMoment, type TimeZone } from "@/lib/client/format-time.ts";

/** How it stands as one word and colour: its severity while it fires. */
export function standing({
  state,
  condition,
  severity,
}: Pick<IncidentLine, "state" | "condition" | "severity">): { state: State; word: string } {
  if (state === "closed") return { state: "unknown", word: "closed" };
  if (condition === "normal") return { state: "ok", word: "resolved" };
  return { state: severity, word: severity };
}

/** The moment that counts now: since when it fires, is normal again or is closed. */
export function sinceOf(
  incident: Pick<IncidentLine, "closed" | "condition" | "normalSince" | "firedAt">,
): Date {
  if (incident.closed) return incident.closed.at;
  return (incident.condition === "normal" && incident.normalSince) || incident.firedAt;
}

/** Who has it, in the fewest words that are true. */
export function whoHasIt(
  { state, assignee, acknowledged, snoozed, closed }: WhoseIncident,
  nowMs: number,
  zone: TimeZone,
): string {
  const other = (name: string) =>
    assignee && assignee.name !== name ? ` · assigned to ${assignee.name}` : "";
  if (state === "closed") return closed?.by ? `Closed by ${closed.by}` : "Closed by itself";
  if (state === "snoozed" && snoozed)
    return `Snoozed until ${formatMoment(snoozed.until, nowMs, zone)} by ${snoozed.by}${other(snoozed.by)}`;
  if (state === "acknowledged" && acknowledged)
    return `Acknowledged by ${acknowledged.by}${other(acknowledged.by)}`;
  return assignee ? `Assigned to ${assignee.name}` : "Nobody has it";
}
export type WhoseIncident = Pick<IncidentLine, "state" | "assignee" | "acknowledged" | "snoozed" | "closed">;

/** Whether it still waits for somebody to say that they have it. */
export function isUnattended({ state, condition }: Pick<IncidentLine, "state" | "condition">): boolean {
  return state === "open" && condition === "firing";
}

export function objectsWords(firing: number): string {
  return firing === 1 ? "1 object" : `${firing.toLocaleString("en-GB")} objects`;
}

/** Where it is read of in full. */
export function incidentHref({ target, number }: Pick<IncidentLine, "target" | "number">): string {
  return `/${encodeURIComponent(target)}/alerts/${number}`;
}
