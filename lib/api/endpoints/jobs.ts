import { z } from "zod";
import { jobStates } from "../../../drizzle/console/schema/jobs.ts";
import { targetInput, textInput } from "../../inputs.ts";
import { dutiesAnswer, jobAnswer, jobLogAnswer, jobsAnswer, schedulesAnswer } from "../answers/jobs.ts";
import { defineEndpoint } from "../endpoint.ts";
import { eventsQuery, jobIdParameter } from "../job-events/operation.ts";
import { limitQuery } from "../parts.ts";

const listed = (text: string) => text.split(",").map((each) => each.trim());

/** Resources about jobs. */
export const jobsEndpoints = {
  jobs: defineEndpoint({
    path: "/api/v1/jobs",
    summary: "Long work that runs, waits or has ended, newest first, a page at a time",
    read: "jobs",
    query: z.object({
      state: textInput(100)
        .optional()
        .meta({ description: `Separated by commas, of ${jobStates.join(", ")}` }),
      name: textInput(100).optional().meta({ description: "`topic.verb`" }),
      target: targetInput.optional().meta({ description: "Only those that work on this target" }),
      schedule: textInput(100).optional().meta({ description: "Only those this schedule began" }),
      person: textInput(200).optional().meta({ description: "Part of the name of whoever asked for it" }),
      before: z.uuid().optional().meta({ description: "`next` of the page before" }),
      limit: limitQuery(500, 50),
    }),
    toInput: ({ state, ...query }) => ({
      ...query,
      ...(state && { states: listed(state) }),
    }),
    answer: jobsAnswer,
  }),
  job: defineEndpoint({
    path: "/api/v1/jobs/{id}",
    summary: "One job: input, who and why, attempts, progress, result or error, and what may be done with it",
    read: "job",
    parameters: { id: jobIdParameter },
    query: z.object({}),
    toInput: (_, { id }) => ({ id }),
    answer: jobAnswer,
  }),
  jobLog: defineEndpoint({
    path: "/api/v1/jobs/{id}/log",
    summary: "What a job said, oldest first: the newest lines, or those behind or ahead of one",
    read: "jobLog",
    parameters: { id: jobIdParameter },
    query: z.object({
      after: eventsQuery.shape.after.meta({ description: "Lines behind this number" }),
      before: eventsQuery.shape.after.meta({ description: "Lines ahead of this number" }),
      limit: limitQuery(1_000, 200),
    }),
    toInput: (query, { id }) => ({ id, ...query }),
    answer: jobLogAnswer,
  }),
  schedules: defineEndpoint({
    path: "/api/v1/schedules",
    summary: "Work that begins by the clock: expression, time zone, last and next runs",
    read: "schedules",
    query: z.object({}),
    toInput: () => ({}),
    answer: schedulesAnswer,
  }),
  duties: defineEndpoint({
    path: "/api/v1/duties",
    summary: "What workers do over and over: who leads it, when it was last done, and whether it fails",
    read: "duties",
    query: z.object({}),
    toInput: () => ({}),
    answer: dutiesAnswer,
  }),
};
