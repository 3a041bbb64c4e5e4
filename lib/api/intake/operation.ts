import { z } from "zod";
import { openRequestInput } from "../../requests/intake/request-input.ts";
import { count, problem } from "../parts.ts";

const taken = z.object({
  data: z.object({
    number: count,
    repeated: z.boolean().meta({ description: "Whether it was in already" }),
  }),
});

const problems = {
  400: "The message is no JSON, or lacks something; `errors` names each field",
  401: "No source of this name signed the message within five minutes",
  403: "The source is switched off",
  413: "More than 64 KiB",
  422: "The console has no master key",
  429: "More messages within a minute than are taken; see Retry-After",
  503: "The console database cannot be reached; see Retry-After",
} as const;

/** `POST /api/v1/privacy/intake/{source}` as OpenAPI has it. */
export const intakeOperation = {
  operationId: "intake",
  summary:
    "A request that a ticketing system hands in, signed by Standard Webhooks; taken in once however often it comes",
  security: [],
  tags: ["act"],
  requestParams: {
    path: z.object({ source: z.string().meta({ description: "The source's name" }) }),
    header: z.object({
      "webhook-id": z.string(),
      "webhook-timestamp": z.string().meta({ description: "Seconds since 1970" }),
      "webhook-signature": z.string().meta({ description: "v1,… over id.timestamp.body" }),
    }),
  },
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: z
          .object({ type: z.string().optional(), data: openRequestInput.omit({ channel: true }) })
          .meta({
            description: "Or the system's own form, where the source says where in it things stand",
          }),
      },
    },
  },
  responses: {
    200: { description: "It was in already", content: { "application/json": { schema: taken } } },
    201: { description: "It is in", content: { "application/json": { schema: taken } } },
    ...Object.fromEntries(
      Object.entries(problems).map(([status, description]) => [
        status,
        { description, content: { "application/problem+json": { schema: problem } } },
      ]),
    ),
  },
};
