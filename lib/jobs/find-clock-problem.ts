import { nextRuns } from "./define-schedule.ts";

/** Why these say no time, as an input's field and words for it; null where they do. */
export function findClockProblem({
  cron,
  timeZone,
}: {
  cron: string;
  timeZone: string;
}): { path: ["cron" | "timeZone"]; message: string } | null {
  if (cron.trim().split(/\s+/).length !== 5)
    return { path: ["cron"], message: "must be five fields: minute, hour, day of month, month, day of week" };
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch {
    return { path: ["timeZone"], message: "is no time zone; give an IANA name such as Europe/Berlin" };
  }
  try {
    nextRuns({ cron, timeZone }, new Date(), 1);
  } catch {
    return { path: ["cron"], message: "names no time; every day at 03:17 is: 17 3 * * *" };
  }
  return null;
}
