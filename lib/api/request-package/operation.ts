import { z } from "zod";
import { problemContent } from "../parts.ts";
import { packageQuery } from "./answer-package.ts";

/** `GET /api/v1/privacy/requests/{number}/package` as OpenAPI has it. */
export const packageOperation = {
  operationId: "downloadPackage",
  summary: "The encrypted package of a request of access or portability, once, by a link",
  description:
    "A ZIP archive (AES-256). It counts as downloaded, and is deleted, when its last byte was handed out; until then the link may " +
    "be used again within its time. Each download is an activity entry and stands on the request's timeline.",
  tags: ["read"],
  requestParams: {
    path: z.object({
      number: z.coerce.number().int().positive().meta({ description: "The request's number" }),
    }),
    query: packageQuery,
  },
  responses: {
    200: {
      description: "The archive; whole when as many bytes came as content-length says",
      content: { "application/zip": { schema: z.string().meta({ description: "ZIP, AES-256" }) } },
    },
    400: { description: "A parameter is malformed", content: problemContent },
    401: { description: "Neither a valid token nor a session", content: problemContent },
    403: {
      description: "The role does not reach, or the token is for some targets alone",
      content: problemContent,
    },
    404: {
      description: "The link leads nowhere: unknown, used, or its time is over",
      content: problemContent,
    },
    503: { description: "The console's database cannot be reached", content: problemContent },
  },
};
