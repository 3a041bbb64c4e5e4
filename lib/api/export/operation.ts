import { z } from "zod";
import { problemContent } from "../parts.ts";
import { exportQuery } from "./export-query.ts";

const stream = (description: string) => ({ schema: z.string().meta({ description }) });

/** `GET /api/v1/targets/{target}/events/export` as OpenAPI has it. */
export const exportOperation = {
  operationId: "exportEvents",
  summary: "Events of a range as a stream of any length, oldest first; personal data as ciphertext",
  description:
    "Whole when the transfer ends in good order; an error on the way breaks it off. Go on with `after`, the time and id " +
    "of the last whole line. Each export is an activity entry.",
  tags: ["read"],
  requestParams: {
    path: z.object({ target: z.string().meta({ description: "The target's name" }) }),
    query: exportQuery,
  },
  responses: {
    200: {
      description: "The events",
      content: {
        "application/x-ndjson": stream("One JSON object a line"),
        "text/csv": stream("RFC 4180, with a header"),
      },
    },
    400: { description: "A parameter is malformed", content: problemContent },
    401: { description: "Neither a valid token nor a session", content: problemContent },
    403: { description: "The role or the token's targets do not reach", content: problemContent },
    404: { description: "There is no such target", content: problemContent },
    422: {
      description: "The reading role may not read events, or there are none of ours",
      content: problemContent,
    },
    429: { description: "This person or token runs as many exports as it may", content: problemContent },
    503: {
      description: "The audit database cannot be reached, or too many requests wait",
      content: problemContent,
    },
    504: { description: "The audit database did not answer in time", content: problemContent },
  },
};
