import { newestSlot, slotsAfter } from "../jobs/schedule-slots.ts";

/** When a maintenance window is: once, or from each moment a cron expression names for so many minutes. */
export type WindowTimes =
  | { startsAt: Date; endsAt: Date }
  | {
      cron: string;
      /** IANA name */
      timeZone: string;
      minutes: number;
    };

export interface Occurrence {
  from: Date;
  to: Date;
}

/**
 * The occurrence that holds now, or null; of several the newest. It lasts its minutes by elapsed time, also over a night
 * in which the clocks change.
 */
export function occurrenceAt(times: WindowTimes, now: Date): Occurrence | null {
  if ("startsAt" in times)
    return times.startsAt <= now && now < times.endsAt ? { from: times.startsAt, to: times.endsAt } : null;
  const slot = newestSlot(times, new Date(now.getTime() - lengthMs(times)), now);
  return slot && spanFrom(slot, times);
}

/** The occurrences that begin after `now`, `count` at most. */
export function nextOccurrences(times: WindowTimes, now: Date, count: number): Occurrence[] {
  if ("startsAt" in times)
    return times.startsAt > now && count > 0 ? [{ from: times.startsAt, to: times.endsAt }] : [];
  const slots = slotsAfter(times, now);
  return Array.from({ length: count }, () => spanFrom(slots.next().value, times));
}

const lengthMs = ({ minutes }: { minutes: number }): number => minutes * 60_000;

const spanFrom = (from: Date, times: { minutes: number }): Occurrence => ({
  from,
  to: new Date(from.getTime() + lengthMs(times)),
});
