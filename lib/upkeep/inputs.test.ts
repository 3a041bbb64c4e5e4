import { expect, test } from "vitest";
import { z } from "zod";
import { checkTimes, ruleFields } from "./inputs.ts";

const input = z.strictObject(ruleFields).superRefine(checkTimes);
const problems = (given: object) =>
  input
    .safeParse({ ahead: 3, cron: "17 3 * * *", ...given })
    .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

test("what says when, is taken; what was left out is UTC, always, 200 ms", () => {
  expect(input.parse({ ahead: 3, cron: "17 3 * * *" })).toEqual({
    ahead: 3,
    cron: "17 3 * * *",
    timeZone: "UTC",
    lockTimeoutMs: 200,
  });
  expect(problems({ timeZone: "Europe/Berlin", window: { from: "23:00", to: "05:00" } })).toEqual([]);
});

test.each([
  [{ cron: "61 3 * * *" }, "cron: names no time; every day at 03:17 is: 17 3 * * *"],
  [{ cron: "0 0 31 2 *" }, "cron: names no time; every day at 03:17 is: 17 3 * * *"],
  [{ cron: "daily" }, "cron: must be five fields: minute, hour, day of month, month, day of week"],
  [{ cron: "* * * * * *" }, "cron: must be five fields: minute, hour, day of month, month, day of week"],
  [{ timeZone: "Mars/Olympus" }, "timeZone: is no time zone; give an IANA name such as Europe/Berlin"],
  [{ window: { from: "2:00", to: "04:00" } }, "window.from: must be a time of the day, such as 02:30"],
  [{ window: { from: "02:00", to: "02:00" } }, "window: ends when it begins; leave it out for always"],
])("%j is refused with what to do", (given, problem) => {
  expect(problems(given)).toEqual([problem]);
});

test("a run outside of the window is refused by its moment", () => {
  const [problem] = problems({ cron: "17 3,12 * * *", window: { from: "02:00", to: "04:00" } });
  expect(problem).toMatch(
    /^window: does not hold the run of \d+ \w{3,4} \d{4} 12:17 UTC: let every run begin within it$/,
  );
});
