import { localHour } from "../events/silence-baseline.ts";

/** When events come, as a rate an hour by local time; made up, and the same for the same seed. */
export interface Rhythm {
  name: string;
  zone: string;
  /** Events an hour. @param weekday 0 is Sunday */
  rate(hour: number, weekday: number): number;
  /** Events come together so many at a time; 1: each by itself. */
  batch?: number;
}

const working = (weekday: number) => weekday >= 1 && weekday <= 5;
const daytime = (hour: number) => Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI));

/** Healthy logs of several kinds: none of them stops. */
export const healthyRhythms: readonly Rhythm[] = [
  { name: "a busy service", zone: "UTC", rate: (hour) => 2_000 + 8_000 * daytime(hour) },
  { name: "60 events an hour, day and night", zone: "UTC", rate: () => 60 },
  { name: "6 events an hour", zone: "UTC", rate: () => 6 },
  {
    name: "office hours, nights at zero",
    zone: "Europe/Berlin",
    rate: (hour) => (hour >= 7 && hour < 19 ? 300 * daytime(hour) : 0),
  },
  {
    name: "office hours, nights and weekends at zero",
    zone: "America/New_York",
    rate: (hour, weekday) => (working(weekday) && hour >= 8 && hour < 18 ? 200 : 0),
  },
  {
    name: "days loud, nights and weekends quiet",
    zone: "Europe/Berlin",
    rate: (hour, weekday) => (working(weekday) ? 30 + 900 * daytime(hour) : 12),
  },
  { name: "batches of 500", zone: "UTC", rate: (hour) => 1_500 + 6_000 * daytime(hour), batch: 500 },
  {
    name: "a nightly load, else nothing",
    zone: "Europe/London",
    rate: (hour) => (hour === 2 ? 5_000 : 0),
    batch: 100,
  },
];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const minuteMs = 60_000;
const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/**
 * The age in seconds of the newest event at the end of each minute from `from` on. In each minute a Poisson number of
 * batches comes, the rate of each day wandering by a third.
 */
export function simulateAges(
  rhythm: Rhythm,
  { from, days, seed }: { from: number; days: number; seed: number },
) {
  const random = seeded(seed);
  const hourOf = localHour(rhythm.zone);
  const dayOf = new Intl.DateTimeFormat("en-US", { timeZone: rhythm.zone, weekday: "short" });
  const ages = new Float64Array(days * 1_440);
  let newest = from - minuteMs;
  let perMinute = 0;
  let mood = 1;
  for (let minute = 0; minute < ages.length; minute++) {
    const at = from + minute * minuteMs;
    if (minute % 1_440 === 0) mood = 2 / 3 + random() * (2 / 3);
    if (minute % 60 === 0)
      perMinute =
        (mood * rhythm.rate(hourOf(at), weekday.indexOf(dayOf.format(at)))) / 60 / (rhythm.batch ?? 1);
    // Whether any batch came in this minute, and when the last of them did.
    if (perMinute > 0 && random() < 1 - Math.exp(-perMinute))
      newest = at + minuteMs + (Math.log(1 - random() * (1 - Math.exp(-perMinute))) / perMinute) * minuteMs;
    ages[minute] = (at + minuteMs - newest) / 1_000;
  }
  return ages;
}
