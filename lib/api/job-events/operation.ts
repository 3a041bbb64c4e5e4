import { z } from "zod";
import { eventStream, problemContent } from "../parts.ts";

export const jobIdParameter = z.uuid("is not a job's id").meta({ description: "The job's id" });

export const eventsQuery = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({
    description: "Lines behind this number; the newest 200 without it. `Last-Event-ID` wins over it",
  }),
});

/** `GET /api/v1/jobs/{id}/events` as OpenAPI has it. */
export const jobEventsOperation = {
  operationId: "jobEvents",
  summary: "A job as it goes on: its lines, its progress and its end, as server-sent events",
  description:
    "Events: `log` (a line; its number is the event's id), `job` (the job, whenever it changed), `away` (the console " +
    "database does not answer just now; the stream goes on), `refused` (the token or session no longer holds) and " +
    "`end`. The stream ends with the job. `beat` comes every 15 s. Sent again with `Last-Event-ID` it goes on " +
    "behind that line.",
  tags: ["read"],
  requestParams: {
    path: z.object({ id: jobIdParameter }),
    query: eventsQuery,
    header: z.object({
      "last-event-id": z.string().optional().meta({ description: "Number of the last line that came" }),
    }),
  },
  responses: {
    200: eventStream,
    400: { description: "A parameter is malformed", content: problemContent },
    401: { description: "Neither a valid token nor a session", content: problemContent },
    403: { description: "The role does not reach", content: problemContent },
    404: { description: "There is no such job, or not for this token's targets", content: problemContent },
    429: { description: "This person or token follows as many jobs as it may", content: problemContent },
    503: {
      description: "The console database cannot be reached, or too many streams are open",
      content: problemContent,
    },
  },
};
