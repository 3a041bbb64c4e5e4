import { expect, test } from "vitest";
import { cronWords } from "./cron-words.ts";

test.each([
  ["* * * * *", "every minute"],
  ["*/15 * * * *", "every 15 minutes"],
  ["0 * * * *", "every hour"],
  ["7 * * * *", "every hour at minute 7"],
  ["5 */6 * * *", "every 6 hours at minute 5"],
  ["15 3 * * *", "every day at 03:15"],
  ["0 3,15 * * *", "every day at 03:00 and 15:00"],
  ["30 2 * * 0", "every Sunday at 02:30"],
  ["30 2 * * 7", "every Sunday at 02:30"],
  ["0 6 * * 1-5", "Monday to Friday at 06:00"],
  ["0 6 * * mon,THU", "every Monday and Thursday at 06:00"],
  ["0 4 1 * *", "on day 1 of every month at 04:00"],
  ["0 4 1 1 *", "on 1 January at 04:00"],
])("%s is %s", (cron, words) => {
  expect(cronWords(cron)).toBe(words);
});

test.each([
  // Uneven at the end of the hour or day, both days of the month and of the week, ranges, seconds, nonsense.
  "*/7 * * * *",
  "0 */5 * * *",
  "0 3 1 * 1",
  "0 3-5 * * *",
  "0 3 L * *",
  "0 0 3 * * *",
  "61 3 * * *",
  "0 3 * * 8",
  "",
])("%s is left as it is written", (cron) => {
  expect(cronWords(cron)).toBeNull();
});
