import { z } from "zod";
import { statesByRank } from "../../check-board/worst-state.ts";
import { textInput } from "../../inputs.ts";
import { checkAnswer, checksAnswer } from "../answers/checks.ts";
import { defineEndpoint } from "../endpoint.ts";
import { ofTarget } from "../of-target.ts";
import { limitQuery } from "../parts.ts";

/** Resources about checks. */
export const checksEndpoints = {
  checks: defineEndpoint({
    path: ofTarget("checks"),
    summary: "Every check with its state, worst object, limits in force and runbook, green ones too",
    read: "checks",
    query: z.object({
      state: z.enum(statesByRank).optional().meta({ description: "Only those that stand so" }),
      topic: textInput(40).optional().meta({ description: "Only those of this topic, e.g. connections" }),
    }),
    toInput: (query, { target }) => ({ target, ...query }),
    answer: checksAnswer,
  }),
  check: defineEndpoint({
    path: ofTarget("checks/{id}"),
    summary: "One check with every object it judged, worst first",
    read: "check",
    parameters: { id: z.string().meta({ description: "The check's id, e.g. connections.used" }) },
    query: z.object({
      limit: limitQuery(1_000, 100),
      offset: z.coerce.number().int().min(0).default(0),
    }),
    toInput: (query, { target, id }) => ({ target, check: id, ...query }),
    answer: checkAnswer,
  }),
};
