import { nextRuns } from "../jobs/define-schedule.ts";

/** The time of the day in which a rule may work, by the clock of its zone. */
export interface WorkWindow {
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`, of the next day where it is the earlier one. */
  to: string;
}

/**
 * When the window that holds `at` ends; null when none holds it. An end that summer time leaves out is an hour later, one
 * that comes twice is the first.
 */
export function endOfWindow({ from, to }: WorkWindow, timeZone: string, at: Date): Date | null {
  const [end] = nextRuns({ cron: daily(to), timeZone }, at, 1);
  const [begin] = nextRuns({ cron: daily(from), timeZone }, at, 1);
  return end && begin && end <= begin ? end : null;
}

function daily(time: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * *`;
}
