import type { RequestSummary } from "@/lib/requests/types.ts";
import { counted } from "@/lib/words.ts";

export interface CalendarDay {
  /** `YYYY-MM-DD` */
  day: string;
  /** Of the shown month, not of the one before or after. */
  inMonth: boolean;
}

/** A month `YYYY-MM` with what is due on its days, by day. */
export interface MonthProps {
  month: string;
  due: ReadonlyMap<string, RequestSummary[]>;
}

const dayMs = 86_400_000;

export const weekDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Weeks of a month, Monday first, six at most; days of the months around it fill the first and the last. @param month `YYYY-MM` */
export function weeksOf(month: string): CalendarDay[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const lead = (new Date(first).getUTCDay() + 6) % 7;
  const weeks: CalendarDay[][] = [];
  for (let at = first - lead * dayMs; ; at += 7 * dayMs) {
    const week = Array.from({ length: 7 }, (_, index) => {
      const day = new Date(at + index * dayMs).toISOString().slice(0, 10);
      return { day, inMonth: day.startsWith(month) };
    });
    if (!week.some(({ inMonth }) => inMonth)) return weeks;
    weeks.push(week);
  }
}

/** The month before or after. @param month `YYYY-MM` */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, of = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, of - 1 + by, 1)).toISOString().slice(0, 7);
}

const monthName = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

/** "November 2026" */
export function monthWords(month: string): string {
  return monthName.format(new Date(`${month}-01T00:00:00Z`));
}

/** What the calendar says of open requests that stand on none of its days; null where each has one. */
export function undatedWords(open: readonly Pick<RequestSummary, "dueOn">[]): string | null {
  const undated = open.filter(({ dueOn }) => dueOn === null).length;
  if (undated === 0) return null;
  return `${counted(undated, "open request")} on no day, since the clock is paused: see the board.`;
}
