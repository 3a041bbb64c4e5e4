import { z } from "zod";
import { approvalAnswer, approvalsAnswer } from "../answers/approvals.ts";
import { defineEndpoint } from "../endpoint.ts";
import { limitQuery } from "../parts.ts";

/** Resources about approvals. */
export const approvalsEndpoints = {
  approvals: defineEndpoint({
    path: "/api/v1/approvals",
    summary: "What waits for a second person, newest first, or what ever did",
    read: "approvals",
    query: z.object({
      state: z.enum(["open", "all"]).default("open"),
      limit: limitQuery(500, 100),
      before: z.uuid().optional().meta({ description: "Only what was asked for before this one" }),
    }),
    toInput: (query) => query,
    answer: approvalsAnswer,
  }),
  approval: defineEndpoint({
    path: "/api/v1/approvals/{id}",
    summary: "One request for a second person, with its input and digest",
    read: "approval",
    parameters: { id: z.uuid().meta({ description: "The request's id" }) },
    query: z.object({}),
    toInput: (_query, { id }) => ({ id }),
    answer: approvalAnswer,
  }),
};
