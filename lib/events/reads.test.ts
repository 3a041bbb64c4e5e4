import { expect, test } from "vitest";
import { daysChoices } from "../../components/overview/overview-inputs.ts";
import { daysCounted, eventsReads } from "./reads.ts";

test("events are counted over the days that the chart offers and no others", () => {
  expect(daysChoices.map(Number).sort((a, b) => a - b)).toEqual([...daysCounted]);
  const { input } = eventsReads.eventsPerDay;
  expect(input.parse({ days: "90" })).toEqual({ days: 90 });
  expect(input.parse({})).toEqual({ days: 30 });
  for (const days of [1, 31, 400, "x"]) expect(input.safeParse({ days }).success, String(days)).toBe(false);
});
