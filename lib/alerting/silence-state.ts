import type { schema } from "../db/schema.ts";
import type { Matcher } from "./matcher.ts";

export type SilenceRow = typeof schema.silence.$inferSelect;

/** Of the incident that a silence lasts as long as. */
export interface SilencedIncident {
  condition: "firing" | "normal";
  state: string;
  fires: number;
  normalSince: Date | null;
  closedAt: Date | null;
}

export const silenceStates = ["active", "pending", "expired"] as const;
export type SilenceState = (typeof silenceStates)[number];

/** When a silence ends or did; null while that is unknown: until its incident resolves. */
export function endOf(row: SilenceRow, incident: SilencedIncident | null): Date | null {
  if (row.endedAt) return row.endedAt;
  if (row.endsAt) return row.endsAt;
  return incident ? (incident.closedAt ?? incident.normalSince) : null;
}

/** One until its incident resolves has ended with that: the next fire is not the one it was made for. */
export function silenceState(row: SilenceRow, incident: SilencedIncident | null, now: Date): SilenceState {
  if (row.endedAt) return "expired";
  if (row.endsAt === null && !lastsFor(row, incident)) return "expired";
  if (row.endsAt && row.endsAt <= now) return "expired";
  return row.startsAt > now ? "pending" : "active";
}

function lastsFor({ incidentFires }: SilenceRow, incident: SilencedIncident | null): boolean {
  return (
    incident !== null &&
    incident.condition === "firing" &&
    incident.state !== "closed" &&
    incident.fires === incidentFires
  );
}

/** A row's matchers: written by a verb that checked them. */
export const matchersOf = ({ matchers }: { matchers: unknown }): Matcher[] => matchers as Matcher[];
