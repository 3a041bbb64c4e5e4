import { z } from "zod";
import { textInput } from "../../inputs.ts";
import { historyAnswer, overviewAnswer } from "../answers/overview.ts";
import { capabilitiesAnswer, targetsAnswer } from "../answers/targets.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { limitQuery, rangeQuery } from "../parts.ts";
import { toRangeInput } from "../range.ts";

/** Resources about targets: how they are, what can be done there, and figures over time. */
export const targetsEndpoints = {
  targets: defineEndpoint({
    path: "/api/v1/targets",
    summary: "The audit databases the caller may see, and whether each answers",
    read: "targetStatus",
    query: z.object({}),
    toInput: () => ({}),
    answer: targetsAnswer,
  }),
  overview: defineEndpoint({
    path: ofTarget("overview"),
    summary: "The state in words, findings worst first, and the key figures with their trends",
    read: "overview",
    query: z.object(rangeQuery),
    toInput: (query) => ({ range: toRangeInput(query) }),
    answer: overviewAnswer,
  }),
  capabilities: defineEndpoint({
    path: ofTarget("capabilities"),
    summary: "Every feature: what it is for, needs, whether it is there, and what would enable it",
    read: "capabilities",
    query: z.object({}),
    toInput: () => ({}),
    answer: capabilitiesAnswer,
  }),
  history: defineEndpoint({
    path: ofTarget("history"),
    summary: "Collected series over time, on common steps; counters as rates per second",
    read: "seriesHistory",
    query: z.object({
      series: textInput(2_500)
        .min(1)
        .meta({ description: "Names separated by commas, e.g. connections.active,database.commits" }),
      ...rangeQuery,
      limit: limitQuery(1_000, 300).meta({ description: "Points of each series at most" }),
    }),
    toInput: ({ series, limit, ...query }) => ({
      series: series.split(",").map((name) => name.trim()),
      range: toRangeInput(query),
      points: limit,
    }),
    answer: historyAnswer,
  }),
};
