/** Hours whose longest pause counts; four weeks hold every weekday four times. */
export const baselineDays = 28;
/** Before so many days were collected nobody knows what a weekend looks like. */
export const learningDays = 8;
/** A shorter pause is none: events come in batches, and are sampled once a minute. */
const leastPauseSeconds = 60;
/** A single day so much worse than any other was a stop, and no rhythm of its users. */
const outlier = 6;

const hourMs = 3_600_000;

/** Longest age of the newest event in each whole hour: its beginning in epoch milliseconds, and seconds. */
export type HourlyPeaks = readonly (readonly [at: number, peakSeconds: number])[];

/**
 * How long events may pause at this hour: the longest that they did at this hour of the day or the ones beside it, on
 * any day of the four weeks before. The hour is that of the users' clock, which a change to summer time moves. The pause
 * under way is no measure of itself, and a day that stands alone by six times is left out.
 * @param newestAt when the newest event came: only hours that ended before count
 * @returns seconds, `leastPauseSeconds` at least
 */
export function longestPause(
  peaks: HourlyPeaks,
  { now, newestAt, zone }: { now: Date; newestAt: Date; zone: string },
): number {
  const hourOf = localHour(zone);
  const here = hourOf(now.getTime());
  const [from, until] = [now.getTime() - baselineDays * 24 * hourMs, newestAt.getTime() - hourMs];
  const byDay = new Map<number, number>();
  for (const [at, peak] of peaks) {
    if (at < from || at > until || peak <= leastPauseSeconds) continue;
    const apart = Math.abs(hourOf(at) - here);
    if (apart > 1 && apart !== 23) continue;
    // Days of 24 hours that end now: the hours around this one lie in the same.
    const day = Math.floor((now.getTime() - at + 12 * hourMs) / (24 * hourMs));
    byDay.set(day, Math.max(byDay.get(day) ?? 0, peak));
  }
  const [first = leastPauseSeconds, second = leastPauseSeconds] = [...byDay.values()].sort((a, b) => b - a);
  return first > outlier * second ? second : first;
}

const clocks = new Map<string, (at: number) => number>();

/** The hour of the day in a zone, 0–23, of a moment in epoch milliseconds. */
export function localHour(zone: string): (at: number) => number {
  const known = clocks.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit" });
  // Formatting takes a microsecond, and four weeks have 672 hours that hardly change. No zone shifts within a quarter.
  const hours = new Map<number, number>();
  const clock = (at: number) => {
    const quarter = Math.floor(at / (hourMs / 4));
    const told = hours.get(quarter);
    if (told !== undefined) return told;
    if (hours.size >= 100_000) hours.clear();
    const hour = Number(format.format(at).slice(0, 2)) % 24;
    hours.set(quarter, hour);
    return hour;
  };
  clocks.set(zone, clock);
  return clock;
}
