import { z } from "zod";
import { holdFilters } from "../../privacy/holds/get-holds.ts";
import { holdAnswer, holdCountsAnswer, holdsAnswer } from "../answers/holds.ts";
import { defineEndpoint } from "../endpoint.ts";
import { belowNumber, limitQuery } from "../parts.ts";

/** Resources about legal holds. */
export const holdsEndpoints = {
  holds: defineEndpoint({
    path: "/api/v1/holds",
    summary: "Legal holds, newest first; for privacy officers and administrators",
    read: "holds",
    query: z.object({
      state: z.enum(holdFilters).default("standing"),
      limit: limitQuery(500, 100),
      before: belowNumber,
    }),
    toInput: (query) => query,
    answer: holdsAnswer,
  }),
  hold: defineEndpoint({
    path: "/api/v1/holds/{id}",
    summary: "One legal hold; for privacy officers and administrators",
    read: "hold",
    parameters: { id: z.string().meta({ description: "The hold's number, or its id" }) },
    query: z.object({}),
    toInput: (_query, { id = "" }) => ({ hold: /^\d{1,15}$/.test(id) ? Number(id) : id }),
    answer: holdAnswer,
  }),
  holdCounts: defineEndpoint({
    path: "/api/v1/holds/counts",
    summary: "How many legal holds there are in each state",
    read: "holdCounts",
    query: z.object({}),
    toInput: () => ({}),
    answer: holdCountsAnswer,
  }),
};
