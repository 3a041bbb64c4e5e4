import type { RangeValue } from "@/lib/client/url-state.ts";

/** Days of the events chart, as the URL's `days` names them; the first is the default. */
export const daysChoices = ["395", "90", "30"] as const;
export type DaysChoice = (typeof daysChoices)[number];

/** Series of the charts under the timeline. */
const activitySeries = ["database.commits", "database.rollbacks", "connections.total", "connections.waiting"];

/** What the collector notes of itself. */
const costSeries = [
  "collector.execMs",
  "collector.everybodyExecMs",
  "collector.wallMs",
  "collector.failures",
];

/** Inputs of the page's reads, one for prefetching and panels, so that both mean the same answer. */
export const overviewInputs = {
  overview: (range: RangeValue) => ({ range }),
  timeline: (range: RangeValue) => ({ range }),
  activity: (range: RangeValue) => ({ series: activitySeries, range, points: 300 }),
  cost: (range: RangeValue) => ({ series: costSeries, range, points: 300 }),
  growth: (range: RangeValue) => ({ range }),
  eventsPerDay: (days: DaysChoice) => ({ days: Number(days) }),
  replication: () => ({}),
};

/** The choice of days that a page's search asks for. */
export function daysOfSearch(search: Record<string, string | string[] | undefined>): DaysChoice {
  return daysChoices.find((choice) => choice === search.days) ?? daysChoices[0];
}
