import { z } from "zod";
import { targetInput } from "../../inputs.ts";
import { eventStream, problemContent } from "../parts.ts";

export const incidentEventsQuery = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().meta({
    description: "What happened behind this place; from now on without it. `Last-Event-ID` wins over it",
  }),
  target: targetInput.optional().meta({ description: "Only incidents of this target" }),
});

/** `GET /api/v1/alerts/events` as OpenAPI has it. */
export const incidentEventsOperation = {
  operationId: "incidentEvents",
  summary: "What happens to incidents, by the machine and by people, as server-sent events",
  description:
    "Events: `incident` (what happened, who did it, and how the incident stands now; its place is the event's id), " +
    "`away` (the console database does not answer just now; the stream goes on) and `refused` (the token or session no " +
    "longer holds). `beat` comes at once, with the place the stream begins at, and every 15 s. Sent again with " +
    "`Last-Event-ID` it goes on behind that place: nothing is lost, and some of it may be told again.",
  tags: ["read"],
  requestParams: {
    query: incidentEventsQuery,
    header: z.object({
      "last-event-id": z.string().optional().meta({ description: "Place of the last event that came" }),
    }),
  },
  responses: {
    200: eventStream,
    400: { description: "A parameter is malformed", content: problemContent },
    401: { description: "Neither a valid token nor a session", content: problemContent },
    403: { description: "The role or the token's targets do not reach", content: problemContent },
    404: { description: "There is no such target", content: problemContent },
    429: { description: "This person or token follows as much as it may", content: problemContent },
    503: {
      description: "The console database cannot be reached, or too many streams are open",
      content: problemContent,
    },
  },
};
