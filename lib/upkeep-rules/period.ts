import { nextRuns } from "../jobs/define-schedule.ts";

const slotsCompared = 12;

/** The longest that two runs of an expression lie apart, in milliseconds: over a weekend, for one of workdays. */
export function periodOf(clock: { cron: string; timeZone: string }, now: Date): number {
  const slots = nextRuns(clock, now, slotsCompared).map((slot) => slot.getTime());
  return Math.max(...slots.slice(1).map((slot, at) => slot - (slots[at] ?? slot)));
}
