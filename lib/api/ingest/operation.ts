import { z } from "zod";
import { eventInput } from "../../audit-db/append/event-schema.ts";
import { count, instant, problem } from "../parts.ts";

const event = eventInput.meta({
  id: "Event",
  description:
    "Only `actor` and `targetPerson` may hold personal data; they are stored encrypted, under a token. A `targetId` " +
    "that repeats the id or the e-mail address of one of them is stored as that person's token",
});

const appended = z
  .object({
    id: z.uuid(),
    occurredAt: instant,
    outcome: z.enum(["stored", "duplicate", "conflict", "quarantined"]),
    leaf: z.string().meta({ description: "The stored row's leaf, SHA-256 in hex (docs/leaf.md)" }),
    reason: z.enum(["unknown_policy", "no_partition", "too_far_ahead", "fenced"]).optional(),
  })
  .meta({ id: "Appended", description: "What became of one event" });

const counts = z.object({
  stored: count,
  duplicate: count,
  quarantined: count,
  conflict: count,
  rejected: count,
});

const bytes = count.meta({ description: "Bytes of the body that were read, as they came over the wire" });
const batch = z.object({ bytes, counts, events: z.array(appended) }).meta({ id: "AppendedBatch" });
const ingested = z
  .object({
    lastLine: count.meta({ description: "What became of every line up to this one is known" }),
    unknownThrough: count.optional().meta({
      description: "What became of the lines behind lastLine up to this one is not known",
    }),
    counts,
    refused: z
      .array(
        z.object({
          line: count,
          outcome: z.enum(["rejected", "conflict"]),
          errors: z.record(z.string(), z.string()).optional(),
        }),
      )
      .meta({ description: "Lines that were rejected or in conflict, the first thousand" }),
  })
  .meta({ id: "Ingested", description: "How far an NDJSON request came before it ended early" });
const stopped = problem.extend({ ingested: ingested.optional() }).meta({ id: "IngestProblem" });
const problemContent = { "application/problem+json": { schema: stopped } };
const lines = z.string().meta({
  description: "One JSON object a line; of an answer the last is `summary`: lines, bytes and counts",
});
const bodies = (json: z.ZodType) => ({
  "application/json": { schema: json },
  "application/x-ndjson": { schema: lines },
});

/** `POST /api/v1/targets/{target}/events` as OpenAPI has it. */
export const appendOperation = {
  operationId: "appendEvents",
  summary: "Append events: one JSON batch (all or nothing), or NDJSON with an event a line",
  description:
    "Needs a token with the scope append. Bodies may be packed (Content-Encoding gzip or zstd). Acknowledged only " +
    "after COMMIT; a body that is cut short is refused, never read as whole; sent again with the same ids, or under the same Idempotency-Key, nothing is stored twice.",
  tags: ["append"],
  requestParams: {
    path: z.object({ target: z.string().meta({ description: "The target's name" }) }),
    header: z.object({
      "idempotency-key": z.string().min(1).max(200).optional().meta({
        description: "Belongs to one request and its repeats; kept seven days",
      }),
    }),
  },
  requestBody: {
    required: true,
    content: bodies(z.union([z.object({ events: z.array(event) }), z.array(event), event])),
  },
  responses: {
    200: { description: "What became of each event, in the order sent", content: bodies(batch) },
    207: {
      description: "Some events are in conflict with what is stored under their id, or lines were rejected",
      content: bodies(batch),
    },
    400: { description: "The body is malformed; `errors` names index and path", content: problemContent },
    401: { description: "No valid token", content: problemContent },
    403: { description: "The token may not append here", content: problemContent },
    404: { description: "There is no such target", content: problemContent },
    409: { description: "The Idempotency-Key was used for another request", content: problemContent },
    413: { description: "More than one request holds", content: problemContent },
    422: {
      description: "No writer connection, no audit schema, or no key store for people",
      content: problemContent,
    },
    429: { description: "More events than the token's allowance; see Retry-After", content: problemContent },
    503: {
      description: "The audit database cannot be reached, or too many requests wait",
      content: problemContent,
    },
    504: { description: "The audit database did not answer in time", content: problemContent },
  },
};
