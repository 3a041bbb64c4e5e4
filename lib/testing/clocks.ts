import type { ClockFacts, ClockInterval } from "../request-law/clock.ts";
import { readClock } from "../request-law/read-clock.ts";

export const berlin = { timeZone: "Europe/Berlin", country: "DE", region: null };
export const london = { timeZone: "Europe/London", country: "GB", region: "ENG" };
export const losAngeles = { timeZone: "America/Los_Angeles", country: "US", region: "CA" };

/** A day's noon in UTC, or the moment itself. */
export const at = (text: string) => new Date(text.includes("T") ? text : `${text}T12:00:00Z`);

/** What a clock stood for, and when. */
export function stood(kind: ClockInterval["kind"], from: string, to: string | null): ClockInterval {
  return { kind, beganAt: at(from), endedAt: to === null ? null : at(to) };
}

export type Given = Partial<Omit<ClockFacts, "receivedAt" | "extendedAt">> & { extended?: string };

function factsOf(received: string, { extended, ...given }: Given = {}): ClockFacts {
  return {
    ...{ regime: "eu", ...berlin, intervals: [] },
    ...given,
    receivedAt: at(received),
    extendedAt: extended === undefined ? null : at(extended),
  };
}

/** A clock as it is read then; by Berlin's calendar under the GDPR unless said otherwise. */
export const read = (received: string, given: Given = {}, now = "2030-01-01") =>
  readClock(factsOf(received, given), at(now));
export const due = (received: string, given: Given = {}) => read(received, given).dueOn;
export const atPlace = (country: string, region: string | null = null) => ({ country, region });
