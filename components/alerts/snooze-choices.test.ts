import { expect, test } from "vitest";
import { snoozeChoices } from "./snooze-choices.ts";

test("what can wait waits for half an hour to eight, or until nine the next morning of the zone shown", () => {
  const choices = snoozeChoices(Date.parse("2026-12-31T22:40:00Z"), "utc");
  expect(choices.map(({ label, until }) => `${label}: ${until.toISOString()}`)).toEqual([
    "30 minutes: 2026-12-31T23:10:00.000Z",
    "2 hours: 2027-01-01T00:40:00.000Z",
    "8 hours: 2027-01-01T06:40:00.000Z",
    "Tomorrow morning: 2027-01-01T09:00:00.000Z",
  ]);
});
