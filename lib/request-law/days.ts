/** A day of the calendar, `YYYY-MM-DD`. */
export type Day = string;

const dayMs = 86_400_000;

/** Days since 1970, free of any time zone. */
const numberOf = (day: Day) => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
const dayOf = (number: number): Day => new Date(number * dayMs).toISOString().slice(0, 10);

export function addDays(day: Day, days: number): Day {
  return dayOf(numberOf(day) + days);
}

/** The day of the same number so many months later, or the last of a month that has none (Reg. 1182/71 Art. 3(2)(c)). */
export function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const lastOf = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  return new Date(
    Date.UTC(lastOf.getUTCFullYear(), lastOf.getUTCMonth(), Math.min(date, lastOf.getUTCDate())),
  )
    .toISOString()
    .slice(0, 10);
}

/** How many days `to` lies after `from`. */
export function daysBetween(from: Day, to: Day): number {
  return numberOf(to) - numberOf(from);
}

export function isWeekend(day: Day): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}
