import { createRequire } from "node:module";
import { addDays, type Day, isWeekend } from "./days.ts";

/** Where public holidays are those of: ISO 3166-1, and the part of the country where they differ. */
export interface HolidayPlace {
  country: string;
  region: string | null;
}

type Holidays = InstanceType<typeof import("date-holidays").default>;

/**
 * The calendars of all countries take half a second and 15 MB to load: whoever reads no clock does without. They are
 * loaded from node_modules on the server (next.config.mjs), so that no bundle has them.
 */
function openCalendar({ country, region }: HolidayPlace): Holidays {
  const load = createRequire(import.meta.url)("date-holidays");
  const Calendar = (load.default ?? load) as new (country: string, ...more: unknown[]) => Holidays;
  const options = { types: ["public"] };
  return region === null ? new Calendar(country, options) : new Calendar(country, region, options);
}

const known = new Map<string, ReadonlySet<Day>>();

/** Whether it is a public holiday there. A country that no calendar is known of has none. */
export function isPublicHoliday(place: HolidayPlace, day: Day): boolean {
  const year = day.slice(0, 4);
  const key = `${place.country}/${place.region ?? ""}/${year}`;
  let days = known.get(key);
  if (!days) {
    days = new Set(listDays(openCalendar(place), Number(year)));
    known.set(key, days);
  }
  return days.has(day);
}

function listDays(calendar: Holidays, year: number): Day[] {
  return (calendar.getHolidays(year) ?? []).flatMap(({ date, start, end }) => {
    const first = date.slice(0, 10);
    const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
    return Array.from({ length }, (_, n) => addDays(first, n));
  });
}

/** Whether offices are open: neither Saturday nor Sunday nor a public holiday. */
export function isWorkingDay(place: HolidayPlace, day: Day): boolean {
  return !isWeekend(day) && !isPublicHoliday(place, day);
}

/** The day itself, or the next one that is a working day. */
export function rollForward(place: HolidayPlace, day: Day): Day {
  let rolled = day;
  while (!isWorkingDay(place, rolled)) rolled = addDays(rolled, 1);
  return rolled;
}

/** The last of so many working days after a day. */
export function addWorkingDays(place: HolidayPlace, day: Day, count: number): Day {
  let last = day;
  for (let left = count; left > 0; left -= 1) last = rollForward(place, addDays(last, 1));
  return last;
}

/** Whether calendars are known of a place: what a controller may be set to. */
export function isKnownPlace({ country, region }: HolidayPlace): boolean {
  const calendar = openCalendar({ country: "DE", region: null });
  if (!Object.hasOwn(calendar.getCountries(), country)) return false;
  return region === null || Object.hasOwn(calendar.getStates(country) ?? {}, region);
}
